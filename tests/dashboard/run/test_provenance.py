"""What was computed from what is told in full, and as text."""

from __future__ import annotations

from types import SimpleNamespace

from dashboard.run.data import RunData
from dashboard.run.provenance import StageRow, _used, stage_rows, stage_table
from tests.planted import planted_run


def rows_of(store):
    """Describe the stages of a run."""
    data = RunData(store, "planted")
    return {row.stage: row for row in stage_rows(data, data.own_predictions)}


def test_every_stage_tells_how_it_came_about(store):
    """Inputs, seed, seconds, versions and key of each stage come from its manifest."""
    run = planted_run(store)
    rows = rows_of(store)
    assert list(rows) == list(run.stages)
    assert rows["classifier"].inputs == "dataset, features"
    for stage, row in rows.items():
        assert row.key == run.stages[stage][:12]
        assert "numpy" in row.versions
        assert row.seconds.endswith(" s")
    features = rows["features"]
    assert [pair for pair in (*features.parameters, *features.facts) if pair[0] == "seed"] == [("seed", "0")]


def test_the_model_is_among_the_facts(store):
    """The features say which model file made them."""
    planted_run(store)
    assert ("model", "planted.bin") in rows_of(store)["features"].facts


def test_a_damaged_stage_does_not_hide_the_others(store):
    """One broken artefact is listed as such."""
    run = planted_run(store)
    (store.root / "artefacts" / "neighbours" / run.stages["neighbours"] / "manifest.json").write_text("{}")
    rows = rows_of(store)
    assert rows["neighbours"].facts[0][0] == "trouble"
    assert rows["projection"].plugin == "pca"


def test_texts_are_escaped():
    """A manifest from anywhere cannot put markup on the page."""
    evil = "<img src=x onerror=alert(1)>"
    html = stage_table([StageRow(evil, evil, evil, ((evil, evil),), ((evil, evil),), evil, evil, evil, evil)])
    assert "<img" not in html
    assert "&lt;img" in html


def test_what_was_used_stands_before_what_was_asked_for():
    """A perplexity of 30 is too high for 20 images; what was used as asked is said once."""
    manifest = SimpleNamespace(
        identity={"perplexity": 30.0, "seed": 0}, facts={"perplexity": 19 / 3, "seed": 0}
    )
    assert _used(manifest) == {"perplexity": "6.33333 (30 was asked for)", "seed": 0}

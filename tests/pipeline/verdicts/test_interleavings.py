"""Two people at once, in every order: what is there is what a dictionary would have, and nobody loses anything."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.verdicts import connection
from pipeline.verdicts.database import State
from pipeline.verdicts.images import LabelledImages
from pipeline.verdicts.records import Conflict, Edit, Judgement

KEYS = tuple(f"{number:040x}" for number in range(4))
IMAGES = LabelledImages("d" * 40, ("cat", "dog"), KEYS, KEYS, ("cat",) * 4, ("test",) * 4, np.arange(4))
PEOPLE = ("ann", "bob")

judgements = st.builds(
    lambda verdict, judged, tags, note: Judgement(
        verdict, judged if verdict == "wrong" else None, tags, note
    ),
    st.sampled_from([None, "keep", "wrong", "unsure", "excluded"]),
    st.sampled_from([None, "dog", "a new class"]),
    st.sampled_from([(), ("a",), ("a", "b")]),
    st.sampled_from(["", "note"]),
)
steps = st.tuples(
    st.sampled_from(PEOPLE),
    st.one_of(
        st.dictionaries(st.sampled_from(KEYS), judgements, min_size=1, max_size=3),
        st.sampled_from(["look", "undo", "redo"]),
    ),
)


@dataclass
class Done:
    """An action of a person: each image's number of records before it, and what was said before and by it."""

    at: dict[str, int]
    before: dict[str, Judgement]
    after: dict[str, Judgement]


@dataclass
class Model:
    """What must be there, and what each person has seen."""

    histories: dict[str, list[tuple[str, Judgement]]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, dict[str, int]] = field(default_factory=lambda: {who: {} for who in PEOPLE})
    done: dict[str, list[Done]] = field(default_factory=lambda: {who: [] for who in PEOPLE})
    undone: dict[str, list[Done]] = field(default_factory=lambda: {who: [] for who in PEOPLE})

    def now(self, key):
        """Give what is said of an image."""
        return self.histories[key][-1][1] if self.histories[key] else Judgement()

    def write(self, who, new):
        """Add a record an image."""
        for key, said in new.items():
            self.histories[key].append((who, said))
            self.seen[who][key] = len(self.histories[key])

    def look(self, who):
        """See everything."""
        self.seen[who] = {key: len(history) for key, history in self.histories.items() if history}

    def touched(self, who, action, expected):
        """Tell whether an image of an action was changed by somebody else since, or otherwise by its author."""
        later = [by for key, at in action.at.items() for by, _ in self.histories[key][at + 1 :]]
        return set(later) - {who} or any(self.now(key) != said for key, said in expected.items())


def judge(kept, model, who, new):
    """Record, on top of what the person has seen."""
    seen = model.seen[who]
    edits = [Edit(key, said, seen.get(key, 0)) for key, said in new.items()]
    if any(len(model.histories[key]) != seen.get(key, 0) for key in new):
        with pytest.raises(Conflict):
            kept.record(IMAGES, edits, who)
        return
    kept.record(IMAGES, edits, who)
    at = {key: len(model.histories[key]) for key in new}
    model.done[who].append(Done(at, {key: model.now(key) for key in new}, dict(new)))
    model.undone[who].clear()
    model.write(who, new)


def turn(kept, model, who, kind):
    """Undo or redo."""
    source, target = (model.done, model.undone) if kind == "undo" else (model.undone, model.done)
    call = kept.undo if kind == "undo" else kept.redo
    if not source[who]:
        assert call(IMAGES, who) == {}
        return
    action = source[who][-1]
    old, new = (action.after, action.before) if kind == "undo" else (action.before, action.after)
    if model.touched(who, action, old):
        with pytest.raises(Conflict):
            call(IMAGES, who)
        return
    assert {key: record.judgement for key, record in call(IMAGES, who).items()} == new
    target[who].append(source[who].pop())
    model.write(who, new)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(steps, max_size=25))
def test_any_order_of_two_writers_gives_what_a_dictionary_has(verdicts, order):
    """Whoever has not seen the last record is refused, and all else is there, by looking and by following changes."""
    with connection.writing(verdicts._url) as opened:
        for statement in ("DELETE FROM lazybones_edits", "DELETE FROM lazybones_actions"):
            opened.exec_driver_sql(statement)
        opened.exec_driver_sql("UPDATE lazybones_clock SET number = 0")
    model, followed = Model(), State(0, {})
    for who, step in order:
        if step == "look":
            model.look(who)
        elif isinstance(step, dict):
            judge(verdicts, model, who, step)
        else:
            turn(verdicts, model, who, step)
        news = verdicts.state(IMAGES, followed.change)
        followed = State(news.change, followed.records | news.records)
        assert followed == verdicts.state(IMAGES)
    for key in KEYS:
        records = verdicts.history(key)
        assert [(record.who, record.judgement) for record in records] == model.histories[key]
        assert [record.revision for record in records] == list(range(1, len(records) + 1))
        assert followed.records.get(key) == (records[-1] if records else None)

"""Each place of a store names the command that helps there."""

from __future__ import annotations

from cache.remedies import DEMO, REBUILD, REPAIR, making_command, repair_command


def test_a_damaged_demo_is_built_again():
    """Nothing else may change the committed demo, so no other command is named."""
    assert repair_command(DEMO / "artefacts" / "features" / "x") == REBUILD
    assert repair_command(DEMO / "runs" / "digits-hog.json") == REBUILD


def test_elsewhere_damage_is_cleared_away(tmp_path):
    """A store of the user's is cleaned."""
    assert repair_command(tmp_path / "artefacts" / "features" / "x") == REPAIR
    assert repair_command(DEMO.parent / "artefacts") == REPAIR


def test_a_run_is_made_by_its_command_unless_it_is_the_demos(tmp_path):
    """The first root that has the run decides."""
    command = "python -m pipeline run --name mine"
    assert making_command((tmp_path, DEMO), "digits-hog", command) == REBUILD
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "digits-hog.json").touch()
    assert making_command((tmp_path, DEMO), "digits-hog", command) == command
    assert making_command((tmp_path, DEMO), "none-such", command) == command

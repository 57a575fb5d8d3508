"""Each place of a store names the command that helps there."""

from __future__ import annotations

from cache.disk import temporary_of
from cache.remedies import DEMO, REBUILD, REPAIR, making_command, repair_command
from cache.roots import unpacked

UNPACKED = temporary_of(DEMO) / "0123456789abcdef"


def test_a_damaged_demo_is_built_again():
    """Nothing else may change the committed demo, so no other command is named."""
    assert repair_command(UNPACKED / "artefacts" / "features" / "x") == REBUILD
    assert repair_command(UNPACKED / "runs" / "clipart-hog.json") == REBUILD


def test_elsewhere_damage_is_cleared_away(tmp_path):
    """A store of the user's is cleaned."""
    assert repair_command(tmp_path / "artefacts" / "features" / "x") == REPAIR
    assert repair_command(DEMO.parent / "artefacts") == REPAIR


def test_a_run_is_made_by_its_command_unless_it_is_the_demos(tmp_path):
    """The first root that has the run decides."""
    command = "python -m pipeline run --name mine"
    demo = unpacked(DEMO)
    assert making_command((tmp_path, demo), "clipart-hog", command) == REBUILD
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "clipart-hog.json").touch()
    assert making_command((tmp_path, demo), "clipart-hog", command) == command
    assert making_command((tmp_path, demo), "none-such", command) == command

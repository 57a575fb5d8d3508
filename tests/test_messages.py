"""Every message of an error says what must be, what was got, and what to do."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

import pipeline.errors  # noqa: F401  # these three make the list of errors below complete
from cache import LazybonesError
from pipeline.cli import main
from pipeline.errors import InvalidParameter, SourceError
from pipeline.inputs.cifar_batches import read_class_names, read_split
from pipeline.stages.kinds import KINDS
from pipeline.stages.pair_axis import measure_pair
from tests.pipeline.inputs.hostile import python2_pickle
from tests.planted import Plan, planted_run
from tests.test_rooms import PROJECT, sources

SENTENCE = re.compile(r".+ must .+\. Got:? .+\.( .+|{.+)?", re.DOTALL)
VAGUE = re.compile(r"something else|other values|other content|lambda|<class|object at 0x")
PASSED_ON = {
    ("cache/artefact.py", "{self.folder}: {error}"),
    ("cache/draft.py", "{str(error)}"),
    ("cache/maintenance.py", "{error.message}"),
    ("pipeline/cli/main.py", "{message}"),
    ("cache/consistency.py", "{message}"),
    ("pipeline/labels/pool.py", "{why}"),
    ("dashboard/jobs/permission.py", "{READ_ONLY}"),
    ("dashboard/jobs/permission.py", "{words}"),
    ("dashboard/server/routes/guests.py", "{without_folders(error.message)}"),
    ("dashboard/server/routes/verdicts.py", "{error.message}"),
    ("dashboard/server/routes/verdicts.py", "{message}"),
    ("pipeline/verdicts/database.py", "{stale}"),
    ("pipeline/verdicts/database.py", "{changed}"),
}
"""What another message of the list becomes; the last is put together in the line before."""
FILLED_IN = {"what": "C must be"}
"""What a parameter holds where it is called."""


def family(kind: type) -> set[str]:
    """Name an error and all its kinds."""
    return {kind.__name__}.union(*(family(child) for child in kind.__subclasses__()))


def template(node: ast.expr) -> str:
    """Give a text as it is written, with what is filled in between braces."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.BinOp):
        return template(node.left) + template(node.right)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(template, node.values))
    written = ast.unparse(node.value if isinstance(node, ast.FormattedValue) else node)
    return FILLED_IN.get(written, f"{{{written}}}")


def messages() -> list[tuple[str, str]]:
    """List the file and the text of every error that the product makes."""
    found, errors = [], family(LazybonesError) | {"LayoutError", "HTTPException", "error"}
    for path in sources(".py", tests=False):
        for node in ast.walk(ast.parse(path.read_text())):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if name in errors and node.args:
                found.append(
                    (
                        str(path.relative_to(PROJECT)),
                        template(node.args[-1 if name == "HTTPException" else 0]),
                    )
                )
    return found


def test_every_message_says_what_must_be_and_what_was_got():
    """One sentence for every mistake, wherever it is made."""
    assert len(messages()) > 100
    strange = [pair for pair in messages() if pair not in PASSED_ON and not SENTENCE.fullmatch(pair[1])]
    assert strange == []
    assert [pair for pair in messages() if VAGUE.search(pair[1])] == []


def test_every_message_of_a_script_says_so_too():
    """The map's own."""
    texts = [
        text
        for path in sources(".js", tests=False)
        for text in re.findall(r"new Error\([`\"](.+?)[`\"]\)", path.read_text())
    ]
    assert len(texts) > 5
    assert [
        text for text in texts if not re.fullmatch(r".+ must .+\. Got .+\.", text) or VAGUE.search(text)
    ] == []


OPTIONS = sorted(
    {
        (plugin.KIND, plugin.NAME, option.flag)
        for kind in KINDS
        for plugin in map(kind.find, kind.names())
        for option in plugin.options()
        if option.reader is not str and option.type is not Path
    }
)


def refused(capsys, *words):
    """Type something wrong; give what is said of it."""
    with suppress(SystemExit):
        assert main.main(list(words)) == 1
    told = capsys.readouterr().err
    sentence, _, remedy = told.removeprefix("Error: ").partition("\nTry: ")
    assert SENTENCE.fullmatch(sentence), told
    assert not VAGUE.search(sentence)
    assert remedy
    return sentence


@pytest.mark.parametrize(("kind", "name", "flag"), OPTIONS)
def test_a_value_that_is_no_number_is_refused_by_its_plugin(capsys, tmp_path, kind, name, flag):
    """In the plug-in's words: the parameter, what it must be, and what was typed."""
    told = refused(capsys, "run", f"--{kind}", name, flag, "0.1;1", "--cache", str(tmp_path))
    assert re.match(rf"\w+ of {name} must be ", told) or flag == "--seed"
    assert told.endswith("Got '0.1;1'.")


@pytest.mark.parametrize(
    ("words", "begin"),
    [
        (["run", "--seed", "x"], "seed of "),
        (["run", "--source", "nothing"], "--source must be one of "),
        (["run", "--kernel", "poly"], "--kernel must be one of "),
        (
            ["run", "--kernel", "rbf", "--classifier", "linear-svm"],
            "--classifier must not come with --kernel",
        ),
        (["run", "--limit"], "--limit must have one argument. Got none."),
        (["run", "--nothing", "1"], "Options must be those that --help lists. Got --nothing 1."),
        (["map"], "RUN must be given. Got nothing."),
        (["nothing"], "COMMAND must be one of "),
        (["verify", "--json=1"], "--json must stand alone. Got '1'."),
    ],
)
def test_a_wrong_word_is_refused_in_our_words(capsys, tmp_path, words, begin):
    """What argparse would say in its own."""
    assert refused(capsys, *words, *(["--cache", str(tmp_path)] if words[0] == "run" else [])).startswith(
        begin
    )


@pytest.mark.parametrize(
    ("labels", "got"),
    [
        ([0, -1, 2], "-1 for image 1"),
        ([0, 1], "2 labels for 3 images"),
        ([0, 1, b"x"], "for image 2"),
        ([0, 1000, 2], "1000 for image 1"),
        (7, "the type int"),
    ],
)
def test_wrong_labels_are_told_apart(labels, got):
    """The first that is wrong, and where; or how many there are."""
    content = python2_pickle({b"data": np.zeros((3, 3072), np.uint8), b"labels": labels})
    with pytest.raises(
        SourceError, match=r"labels in test_batch must be an integer from 0 to 999 an image\. Got"
    ) as caught:
        read_split(content, "test_batch", None)
    assert got in caught.value.message


def test_wrong_class_names_say_what_they_are():
    """A list of texts, or what else."""
    with pytest.raises(SourceError, match=r"must be a list of texts\. Got an empty list"):
        read_class_names(python2_pickle({b"label_names": []}))
    with pytest.raises(SourceError, match="Got the type int"):
        read_class_names(python2_pickle({b"label_names": 3}))


def test_a_pair_without_training_images_is_called_by_its_names(store):
    """Not by labels, and with which of them lacks images."""
    run = planted_run(store, plan=Plan(("cat", "dog", "owl"), n_train=60))
    dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
    with pytest.raises(InvalidParameter, match="Got owl and owl"):
        measure_pair(dataset, features, 1.0, 2, 2)
    with pytest.raises(InvalidParameter, match=r"Got owl and label 7 \(without any\)"):
        measure_pair(dataset, features, 1.0, 2, 7)

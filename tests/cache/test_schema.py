"""Forms: which arrays a stage has, and how their shapes hang together."""

from __future__ import annotations

import numpy as np
import pytest

from cache.errors import LayoutError
from cache.facts import FACTS, check_facts
from cache.limits import DIMENSIONS, ID, ID_CHARACTERS
from cache.schema import STAGES, check_fit, check_layout

SIZES = {
    "n_train": 12,
    "n_test": 9,
    "h": 8,
    "w": 8,
    "c": 1,
    "d": 5,
    "m": 3,
    "p": 6,
    "n_fitted": 5,
    "pictures": 15,
    "folds": 5,
    "neighbours": 4,
    "sizes": 3,
    "seeds": 2,
    "judges": 3,
    "s": 40,
    "k": 4,
    "n_pooled": 21,
    "plantings": 4,
    "planted": 6,
    "members": 17,
    "slices": 2,
    "machines": 6,
    "present": 4,
    "others": 3,
    "axes": 2,
}
SHEETS = {"cell": 8, "columns": 3, "rows": 3, "per_sheet": 9, "sheets": 2}


def _arrays(stage):
    return {
        name: (np.dtype(form.dtype), tuple(SIZES.get(dim, dim) for dim in form.dims))
        for name, form in STAGES[stage].items()
    }


@pytest.mark.parametrize("stage", STAGES)
def test_matching_arrays_give_their_dimensions(stage):
    """Every stage accepts what the contract describes, and tells the sizes by name."""
    dims = check_layout(stage, _arrays(stage))
    assert dims.items() <= SIZES.items()
    assert len(dims) >= (0 if stage == "thumbnails" else 1)


@pytest.mark.parametrize(("stage", "name"), [(stage, name) for stage in STAGES for name in STAGES[stage]])
def test_an_array_that_is_absent_or_of_another_form_is_named(stage, name):
    """Missing, another dtype, another byte order, a dimension more: each error names the file."""
    arrays = _arrays(stage)
    dtype, shape = arrays.pop(name)
    others = [(np.dtype("complex64"), shape), (dtype, (*shape, 1)), (dtype, ())]
    others += [(dtype.newbyteorder(), shape)] if dtype.itemsize > 1 and dtype.kind != "U" else []
    wrongs = [{**arrays, name: other} for other in others]
    wrongs += [] if STAGES[stage][name].optional else [arrays]
    for wrong in wrongs:
        with pytest.raises(LayoutError, match=rf"{name}\.npy.*Got"):
            check_layout(stage, wrong)


def test_arrays_of_one_stage_must_agree():
    """As many labels as images, as many rows as values of C."""
    for stage, name, shape in [("dataset", "test_labels", (8,)), ("classifier", "margin", (2, 9))]:
        arrays = _arrays(stage)
        with pytest.raises(LayoutError, match=name):
            check_layout(stage, {**arrays, name: (arrays[name][0], shape)})


def test_a_table_of_class_pairs_is_square():
    """One row and one column a class."""
    arrays = _arrays("separability")
    with pytest.raises(LayoutError, match=r"error\.npy must have shape \(k, k\)"):
        check_layout("separability", {**arrays, "error": (arrays["error"][0], (4, 5))})


def test_a_map_has_two_axes():
    """Three would be another component's business."""
    with pytest.raises(LayoutError, match=r"shape \(n_test, 2\). Got \(9, 3\)"):
        check_layout("projection", {"test": (np.dtype("float32"), (9, 3))})


def test_files_beside_the_arrays_are_welcome():
    """A plug-in may keep more than the contract asks for."""
    more = {**_arrays("projection"), "anything": (np.dtype("O"), (1,))}
    assert check_layout("projection", more) == {"n_test": 9}


def test_an_unknown_stage_is_refused():
    """The message lists those there are."""
    with pytest.raises(LayoutError, match=r"dataset, features.*Got 'dreams'"):
        check_layout("dreams", {})


@pytest.mark.parametrize("names", [None, [], "cat", [1, 2], [["cat"]], {"cat": 1}])
def test_a_dataset_must_name_its_classes(names):
    """Every label is shown by name."""
    with pytest.raises(LayoutError, match=r"class_names must be a list of .*names.*\. Got"):
        check_facts("dataset", {"class_names": names}, ())


def test_a_dataset_without_classes_says_why():
    """In a sentence."""
    check_facts("dataset", {"class_names": [], "no_classifier": "There are no classes."}, ())
    with pytest.raises(LayoutError, match=r"no_classifier must be a text\. Got 1"):
        check_facts("dataset", {"class_names": [], "no_classifier": 1}, ())


@pytest.mark.parametrize("fact", SHEETS)
@pytest.mark.parametrize("value", [None, 0, -1, 2.0, True, "3"])
def test_thumbnails_must_say_how_they_are_laid_out(fact, value):
    """Counts of pixels and cells are integers above 0."""
    with pytest.raises(LayoutError, match=f"{fact} must be a whole number from 1"):
        check_facts("thumbnails", {**SHEETS, fact: value}, ("sheet_0.webp", "sheet_1.webp"))


def test_every_sheet_must_be_there():
    """Also when their number is absurd."""
    check_facts("thumbnails", SHEETS, ("sheet_0.webp", "sheet_1.webp"))
    for sheets, wanted in (
        (3, r"must have sheet_2.webp"),
        (10**12, "sheets must be a whole number from 1 to 9,999"),
    ):
        with pytest.raises(LayoutError, match=wanted):
            check_facts("thumbnails", {**SHEETS, "sheets": sheets}, ("sheet_0.webp", "sheet_1.webp"))


def test_results_from_before_weights_were_left_out_are_still_read():
    """Their dimensions include the features'."""
    arrays = _arrays("classifier")
    assert "d" in check_layout("classifier", arrays)
    del arrays["weights"]
    assert "d" not in check_layout("classifier", arrays)


@pytest.mark.parametrize("stage", STAGES)
def test_every_dimension_has_a_limit(stage):
    """From the table of limits, for whatever is written and read."""
    arrays = _arrays(stage)
    for name, form in STAGES[stage].items():
        for axis, dim in enumerate(form.dims):
            if isinstance(dim, str):
                shape = [SIZES.get(size, size) for size in form.dims]
                shape[axis] = DIMENSIONS[dim][1] + 1
                with pytest.raises(LayoutError, match=r"must have .*\. Got"):
                    check_layout(stage, {**arrays, name: (arrays[name][0], tuple(shape))})


@pytest.mark.parametrize(("letters", "n"), [(ID + 1, 12), (ID, ID_CHARACTERS // ID + 1)])
def test_names_of_images_are_no_longer_than_paths(letters, n):
    """Also all together, as one long name makes room for as long a one in each row."""
    arrays = _arrays("dataset")
    rows = {
        name: (dtype, (n, *shape[1:])) for name, (dtype, shape) in arrays.items() if name.startswith("train_")
    }
    with pytest.raises(LayoutError, match=r"train_ids.npy must have texts of at most .* characters\. Got"):
        check_layout("dataset", {**arrays, **rows, "train_ids": (np.dtype(f"U{letters}"), (n,))})


def test_an_image_has_no_more_pixels_than_can_be_decoded():
    """Each side may be long, but not both."""
    arrays = _arrays("dataset")
    for name in ("train_images", "test_images"):
        arrays[name] = (np.dtype("uint8"), (arrays[name][1][0], 16_000, 16_000, 1))
    with pytest.raises(LayoutError, match=r"at most 89,478,485 pixels\. Got 16,000 x 16,000"):
        check_layout("dataset", arrays)


@pytest.mark.parametrize(
    ("k", "p", "good"), [(4, 6, True), (4, 4, True), (4, 5, False), (1_000, 499_500, True)]
)
def test_there_is_a_machine_a_pair_or_a_class(k, p, good):
    """What a page takes for the machine of a pair must be that."""
    if good:
        check_fit("classifier", {"p": p}, {"k": k})
        return
    with pytest.raises(LayoutError, match=r"must have 4 or 6 in p\. Got 5"):
        check_fit("classifier", {"p": p}, {"k": k})


def test_a_fact_that_is_absurd_is_told():
    """Of every stage that has facts which readers rely on."""
    for stage, facts in FACTS.items():
        for name in facts:
            for value in ([[]], -1e300, {"a": 0}):
                with pytest.raises(LayoutError, match=r"must be .*\. Got"):
                    check_facts(stage, {name: value}, ())

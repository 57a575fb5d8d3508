"""What the viewer looks at: kept as one value, written into links, read from links that anyone may have typed."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cache.columns import Column
from dashboard.components.embedding_map import FILTERS
from dashboard.page.filter import COLUMN, FLIPS, Images
from dashboard.page.packed import pack_rows

pytestmark = pytest.mark.browser
N, CLASSES = 83, 12
LIMITS = {
    "n": N,
    "classes": CLASSES,
    "colours": ["true", "predicted", "correct", "margin", "flip: a/b & c"],
    "further": {
        "column.a:b,c=d": "category",
        "column.price": "number",
        "column.<b>day</b>": "date",
        "column.note": "text",
    },
}
DEFAULTS = {
    "colourBy": "true", "layout": "scatter", "images": True, "shapes": False, "trueLabels": [],
    "predictedLabels": [], "outcome": "all", "margin": [None, None], "text": "", "pinned": [],
    "selection": None, "camera": None, "flips": "", "where": {},
    "listed": ["id", "true", "predicted", "runnerUp", "ahead"],
    "tab": "", "listing": "gallery", "order": None, "ranking": None,
}  # fmt: skip
ROUND_TRIP = """async (hash, { views, limits }) => {
  const { DEFAULTS } = await import("/state/view_store.js");
  const back = [];
  for (const view of views) {
    const { selection } = view;
    if (selection?.kind === "rows") view.selection = { kind: "rows", bits: Uint8Array.from(selection.bits) };
    const read = { ...DEFAULTS, ...(await hash.readHash("#" + (await hash.writeHash(view)), limits)) };
    const rows = read.selection?.kind === "rows";
    back.push({ ...read, selection: rows ? { kind: "rows", bits: Array.from(read.selection.bits) } : read.selection });
  }
  return back;
}"""
READ = """async (hash, { texts, limits }) => {
  const found = [];
  for (const text of texts) {
    const view = await hash.readHash(text, limits);
    const { selection } = view;
    found.push(selection?.kind === "rows" ? { ...view, selection: Array.from(selection.bits) } : view);
  }
  return found;
}"""

places = st.integers(-100_000, 200_000)
ends = st.one_of(st.none(), st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.6g}")))
labels = st.lists(st.integers(0, CLASSES - 1), unique=True, max_size=4).map(sorted)
polygons = st.builds(
    lambda layout, points: {"kind": "polygon", "layout": layout, "points": [*np.ravel(points).tolist()]},
    st.sampled_from(["scatter", "grid"]),
    st.lists(st.tuples(places, places), min_size=3, max_size=40),
)
rows = st.lists(st.booleans(), min_size=N, max_size=N).map(
    lambda chosen: {"kind": "rows", "bits": np.packbits(chosen, bitorder="little").tolist()}
)
cameras = st.builds(
    lambda x, y, zoom: {"x": x / 10, "y": y / 10, "zoom": zoom},
    st.integers(0, 655_350),
    st.integers(0, 655_350),
    st.floats(0.5, 200).map(lambda value: float(f"{value:.4g}")),
)
bounds = (
    st.tuples(ends, ends)
    .map(lambda pair: list(pair) if None in pair else sorted(pair))
    .filter(lambda pair: pair != [None, None])
)
wheres = st.fixed_dictionaries(
    {},
    optional={
        "column.a:b,c=d": st.lists(st.integers(0, 4), unique=True, min_size=1).map(
            lambda found: {"labels": sorted(found)}
        ),
        "column.price": bounds.map(lambda pair: {"range": pair}),
        "column.<b>day</b>": bounds.map(lambda pair: {"range": pair}),
    },
)
orders = st.fixed_dictionaries(
    {"by": st.sampled_from(["margin", "ahead", "id", *LIMITS["further"]]), "down": st.booleans()}
)
views = st.fixed_dictionaries(
    {
        "colourBy": st.sampled_from(LIMITS["colours"]),
        "layout": st.sampled_from(["scatter", "grid"]),
        "images": st.booleans(),
        "shapes": st.booleans(),
        "trueLabels": labels,
        "predictedLabels": labels,
        "outcome": st.sampled_from(["all", "correct", "wrong"]),
        "margin": st.tuples(ends, ends).map(
            lambda pair: sorted(pair) if None not in pair else list(pair),
        ),
        "text": st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        "pinned": st.lists(st.integers(0, N - 1), unique=True, max_size=2),
        "selection": st.one_of(st.none(), polygons, rows),
        "camera": st.one_of(st.none(), cameras),
        "flips": st.sampled_from(["", *FLIPS]),
        "where": wheres,
        "listed": st.lists(st.sampled_from(["id", "true", "ahead", *LIMITS["further"]]), unique=True),
        "tab": st.sampled_from(["", "selection", "pin"]),
        "listing": st.sampled_from(["gallery", "table"]),
        "order": st.one_of(st.none(), orders),
        "ranking": st.one_of(st.none(), orders),
    }
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=st.lists(views, min_size=1, max_size=20))
def test_a_link_says_the_whole_view(run, some):
    """Whatever the view, written and read it is the same."""
    assert run(ROUND_TRIP, "state/view_hash", {"views": some, "limits": LIMITS}) == some


def test_a_plain_view_has_no_hash(run):
    """At the defaults there is nothing to say."""
    assert run("(hash, view) => hash.writeHash(view)", "state/view_hash", DEFAULTS) == ""


def packed(bits: bytes) -> str:
    """Pack bits as a link does."""
    squeezer = zlib.compressobj(wbits=-15)
    return base64.urlsafe_b64encode(squeezer.compress(bits) + squeezer.flush()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "", "#", "####", "=", "&&=&", "colour", "colour=__proto__", "colour=%E0%A4%A", "layout=cube", "images=yes",
        "true=-1", "true=12", "true=1e1", "true=99999999999", "predicted=NaN", "only=maybe", "margin=1", "margin=a..b",
        "margin=2..1", "margin=Infinity..", "margin=1e999..",
        "classes=", "classes=99.x", "pin=83.-4", "select=", "select=rows:",
        "select=rows:!!!!", "select=rows:AAAA", "select=circle:1.2.3", "select=scatter:1.2.3.4",
        "select=scatter:1.2.3.4.5",
        "select=scatter:1.2.3.4.5.x", "select=scatter:" + ".".join("1" * 4000), "select=scatter:1.2.3.4.5.9999999",
        "at=1,2", "at=1,2,0", "at=1,2,3,4", "at=NaN,0,1", "at=0,0,1e9", "find=%ZZ", "where=", "where=:", "where=%ZZ:1",
        "where=column.note:1..2",
        "where=__proto__:1,constructor:1..2,toString:1", "where=column.price:1.2", "where=column.price:3..2",
        "where=column.a:1",
        "tab=", "tab=side", "as=list", "order=", "order=,down", "order=size", "rank=__proto__,down", "rank=%ZZ",
        "list=", "list=__proto__,constructor", "list=%ZZ", "constructor=1", "__proto__=1",
        f"select=rows:{packed(bytes(N))}", f"select=rows:{packed(bytes(50_000_000))}",
        f"select=rows:{packed(bytes(10))[:-2]}",
    ],
    ids=lambda text: text[:30],
)  # fmt: skip
def test_what_cannot_be_right_is_left_out(run, text):
    """Nonsense, bombs and other runs' numbers change nothing, and what stands beside them is kept."""
    got = run(
        READ, "state/view_hash", {"texts": [text, f"{text}&shapes=1", f"shapes=1&{text}"], "limits": LIMITS}
    )
    assert got == [{}, {"shapes": True}, {"shapes": True}]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(
        st.tuples(
            st.sampled_from(["colour", "margin", "pin", "select", "at", "classes", "true", "find"]),
            st.text("0123456789.,:-eE%rowscate_", max_size=40),
        ).map("=".join)
    ).map("&".join)
)
def test_no_text_breaks_the_reader(run, text):
    """Reading any text gives a view that can be written and read again."""
    script = """async (hash, { text, limits }) => {
      const { DEFAULTS, same } = await import("/state/view_store.js");
      const view = { ...DEFAULTS, ...(await hash.readHash(text, limits)) };
      const again = { ...DEFAULTS, ...(await hash.readHash(await hash.writeHash(view), limits)) };
      return same({ ...view, selection: null }, { ...again, selection: null });
    }"""
    assert run(script, "state/view_hash", {"text": text, "limits": LIMITS})


def test_rows_beyond_the_last_are_forgotten(run):
    """Bits of another run's rows select nothing here."""
    [got] = run(
        READ, "state/view_hash", {"texts": [f"select=rows:{packed(bytes([255] * 11))}"], "limits": LIMITS}
    )
    bits = np.unpackbits(np.array(got["selection"], np.uint8), bitorder="little")
    assert bits.sum() == N


def test_the_tab_is_said_where_pins_do_not_ask_for_it(run):
    """A pin opens its tab, and the last one closes it; what was pinned from the list leaves the list open."""
    got = run(
        """({ ViewStore, tabOf }, patches) => {
          const store = new ViewStore(() => {});
          return patches.map((patch) => { store.set(patch); return [store.value.tab, tabOf(store.value)]; });
        }""",
        "state/view_store",
        [
            {"tab": "pin"},
            {"pinned": [3]},
            {"tab": "selection"},
            {"pinned": [3, 4], "tab": "selection"},
            {"pinned": [4]},
            {"pinned": [4, 5]},
            {"pinned": []},
            {"tab": "selection"},
        ],
    )
    assert got == [
        ["pin", "pin"],
        ["", "pin"],
        ["selection", "selection"],
        ["selection", "selection"],
        ["selection", "selection"],
        ["", "pin"],
        ["", "selection"],
        ["", "selection"],
    ]


def test_a_change_names_what_changed(run):
    """Only real changes are told; another layout goes home, other colours keep the filters."""
    got = run(
        """({ ViewStore }, patches) => {
          const told = [];
          const store = new ViewStore((changed) => told.push([...changed].sort()));
          for (const patch of patches) store.set(patch);
          return [told, store.value.camera, store.value.trueLabels];
        }""",
        "state/view_store",
        [
            {"colourBy": "true", "margin": [None, None]},
            {"trueLabels": [1, 2], "camera": {"x": 1, "y": 2, "zoom": 3}},
            {"camera": {"x": 1, "y": 2, "zoom": 3}},
            {"colourBy": "margin"},
            {"layout": "grid"},
        ],
    )
    assert got == [[["camera", "trueLabels"], ["colourBy"], ["camera", "layout"]], None, [1, 2]]


OPEN = """async (opening, said) => {
  const view = await opening.openingView(said, { n: 9, classes: 3, colours: ["true", "margin"] });
  const { trueLabels, predictedLabels, colourBy, shapes, pinned, text } = view;
  return { trueLabels, predictedLabels, colourBy, shapes, pinned, text };
}"""
PLAIN = {
    "trueLabels": [],
    "predictedLabels": [],
    "colourBy": "true",
    "shapes": False,
    "pinned": [],
    "text": "",
}


def seed(**given):
    """What Python says, nothing by default."""
    names = ("true", "predicted", "only", "margin", "find", "where", "flips")
    return dict.fromkeys(names, "") | {"colour": "true", "image": None} | given


@pytest.mark.parametrize(
    ("hash", "said", "remembered", "expected"),
    [
        ("", seed(), "", {}),
        ("find=a", seed(true="1"), "find=b&shapes=1", {"text": "a"}),
        ("", seed(true="1.2"), "find=b&shapes=1", {"trueLabels": [1, 2], "shapes": True}),
        ("", seed(true="1", find="b"), "true=1&find=b&pin=", {"trueLabels": [1], "text": "b"}),
        ("", seed(), "find=b&pin=4", {}),
        ("", seed(image=4, find="b"), "find=b&pin=4&shapes=1", {"text": "b", "pinned": [4], "shapes": True}),
        ("", seed(image=40, colour="nonsense"), "", {}),
        ("", seed(predicted="2"), "colour=margin", {"predictedLabels": [2], "colourBy": "margin"}),
        ("nonsense", seed(true="2"), "", {"trueLabels": [2]}),
        ("", seed(true="9", margin="x"), "", {}),
    ],
)
def test_a_map_opens_with_the_link_then_the_page_then_memory(run, hash, said, remembered, expected):
    """A link says all; what Python says wins over what the tab remembers, unless that is the same."""
    argument = {"hash": hash, "seed": said, "remembered": remembered}
    assert run(OPEN, "session/opening", argument) == PLAIN | expected


def test_a_map_opens_with_the_rows_that_a_page_selects(run):
    """Whatever the tab remembers; a link's own hash wins, and what is no choice of so many rows is left out."""
    script = """async (opening, said) => {
      const view = await opening.openingView(said, { n: 9, classes: 3, colours: ["true", "margin"] });
      return view.selection && [...view.selection.bits];
    }"""
    chosen = pack_rows(np.array([1, 3]), 9)
    for told, expected in (
        ({"chosen": chosen, "remembered": "pin=4"}, [10, 0]),
        ({"chosen": chosen, "hash": "pin=4"}, None),
        ({"chosen": "nonsense"}, None),
    ):
        argument = {"hash": "", "seed": seed(), "remembered": "", **told}
        assert run(script, "session/opening", argument) == expected


def test_another_projection_of_the_run_opens_without_the_places_of_the_last(run):
    """What the tab remembers of a run holds there too, but for shapes drawn and the camera."""
    hash = "colour=margin&pin=4&select=scatter:1.2.3.4.5.6&at=1,2,3"
    got = run(
        """({ recall, remember }, hash) => {
          remember("one", "a.bin?ticket=1", hash);
          const asked = [["one", "a.bin?ticket=2"], ["one", "b.bin"], ["two", "a.bin"]];
          return asked.map(([run, points]) => recall(run, points));
        }""",
        "session/opening",
        hash,
    )
    assert got == [hash, "colour=margin&pin=4", ""]


def test_rows_that_are_selected_are_no_places(run):
    """They stay selected wherever they lie."""
    assert (
        run("({ withoutPlaces }, text) => withoutPlaces(text)", "state/view_hash", "select=rows:AA&at=1,2,3")
        == "select=rows:AA"
    )


def test_python_is_told_once_the_viewer_pauses(run):
    """Several changes are one message; what Python said itself is not told back; its news wins."""
    got = run(
        """async ({ Seeds, seedOf, whole }) => {
          const { DEFAULTS } = await import("/state/view_store.js");
          const told = [];
          const seeds = new Seeds(whole({ true: "1" }), (seed) => told.push(seed.colour));
          seeds.choose({ ...DEFAULTS, trueLabels: [1] });
          await new Promise((done) => setTimeout(done, 400));
          const quiet = told.length;
          for (const colourBy of ["margin", "correct", "predicted"]) {
            seeds.choose({ ...DEFAULTS, trueLabels: [1], colourBy });
          }
          await new Promise((done) => setTimeout(done, 400));
          const limits = { n: 9, classes: 3, colours: [] };
          const same = seeds.hear(whole({ true: "1", colour: "predicted" }), limits);
          return [quiet, told, same, seeds.hear(whole({ image: 3 }), limits)];
        }""",
        "session/seeds",
        None,
    )
    assert got == [0, ["predicted"], {}, {"trueLabels": [], "colourBy": "true", "pinned": [3]}]


def test_python_is_told_at_once_when_the_viewer_leaves(run):
    """What waits for a pause is told before a click beside the map, and before the map asks for another page."""
    got = run(
        """async ({ OwnPage }) => {
          const { DEFAULTS } = await import("/state/view_store.js");
          const told = [];
          const end = new AbortController();
          const root = document.createElement("div");
          const data = { seed: {}, run: "a", points: "p" };
          const map = { frame: { root }, signal: end.signal, begin() {}, rows: { data },
            attributes: { limits: { n: 9, classes: 2, colours: ["true", "margin"] } },
            send: (name, { colour, row }) => told.push([name, colour ?? row]) };
          document.body.append(root);
          const page = new OwnPage(map);
          page.begin(data);
          const press = (place) => place.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
          press(document.body);
          page.seeds.choose({ ...DEFAULTS, colourBy: "margin" });
          press(root);
          const before = told.length;
          press(document.body);
          page.seeds.choose({ ...DEFAULTS, colourBy: "correct" });
          page.leaveFor("errors", 7);
          await new Promise((done) => setTimeout(done, 400));
          end.abort();
          return [before, told];
        }""",
        "map/own_page",
        None,
    )
    assert got == [0, [["view", "margin"], ["view", "correct"], ["open", 7]]]


LIT = """async (filters, { view, label, predicted, margin, ids, range, further, flips }) => {
  const n = label.length;
  const points = { n, label: Uint8Array.from(label) };
  const columns = { predicted: Uint8Array.from(predicted), margin: Uint16Array.from(margin), range };
  const { attributesOf, wrongRows } = await import("/data/attributes.js");
  const { read } = await import("/data/table.js");
  const typeOf = (kind) => (kind === "category" ? Uint8Array : Float64Array);
  const bytesOf = (kind, numbers) => typeOf(kind).from(numbers, (value) => value ?? NaN).buffer;
  const table = further.map(({ file, numbers, texts }) =>
    read(file, n, { bytes: numbers && bytesOf(file.kind, numbers), texts }));
  const wrong = wrongRows(points, columns);
  const rest = { judged: true, groups: null, extra: null, kept: null, table };
  const known = attributesOf({ names: [], points, columns, wrong, ...rest });
  const { FILTER_FIELDS, FILTER_TEXTS, filterText } = await import("/state/filter_texts.js");
  const { DEFAULTS, same } = await import("/state/view_store.js");
  const set = FILTER_FIELDS.filter((field) => !same(view[field], DEFAULTS[field]));
  const texts = Object.fromEntries(set.map((field) => [FILTER_TEXTS[field].parameter, filterText(view, field)]));
  const { FlipRows } = await import("/rows/flip_rows.js");
  const changing = new FlipRows({ rows: { points, data: { C: 1 } }, penalty: { value: 1 } }, () => {});
  const masks = ["fixed", "broke"].map((kind) => [kind, Uint8Array.from(flips, (flip) => Number(flip === kind))]);
  changing.masks = Object.fromEntries(masks);
  const lit = filters.litRows(view, n, known, ids);
  changing.keep(lit, view.flips);
  return { lit: Array.from(lit), texts };
}"""


def some_columns(rng):
    """Make a column of each kind, with gaps: as the map gets them, and as Python has them."""
    gone = rng.random((3, N)) < 0.2
    kinds = np.where(gone[0], 255, rng.integers(0, 5, N))
    prices = np.where(gone[1], np.nan, rng.normal(0, 1e6, N))
    days = np.where(gone[2], np.nan, rng.integers(-(10**12), 10**12, N))
    notes = [None if rng.random() < 0.2 else f"no. {row} t/00" for row in range(N)]
    dates = np.where(gone[2], np.datetime64("NaT"), np.nan_to_num(days).astype("datetime64[ms]"))
    contents = zip(
        LIMITS["further"].items(),
        (kinds, prices, days, None),
        (np.where(gone[0], -1, kinds).astype(np.int16), prices, dates, np.array(notes, object)),
        strict=True,
    )
    further, columns = [], {}
    for (attribute, kind), sent, values in contents:
        name = attribute.removeprefix(COLUMN)
        texts = {"category": list("vwxyz"), "text": notes}.get(kind)
        numbers = None if sent is None else [None if np.isnan(value) else float(value) for value in sent]
        file = {"name": name, "kind": kind, "values": "", "texts": ""}
        further.append({"file": file, "numbers": numbers, "texts": texts})
        columns[name] = Column(name, kind, values, tuple("vwxyz") if kind == "category" else ())
    return further, columns


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(view=views, number=st.integers(0, 2**32 - 1))
def test_the_map_lights_what_passes_on_every_other_page(run, view, number):
    """Whatever the filter: written as in the address by the map, read there by Python, the same rows pass."""
    rng = np.random.default_rng(number)
    low, high = np.sort(rng.normal(size=2)).tolist()
    label, predicted = rng.integers(0, CLASSES, (2, N))
    predicted = np.where(rng.random(N) < 0.6, label, predicted)
    steps = np.where(rng.random(N) < 0.1, 65_535, rng.integers(0, 65_535, N))
    ids = [f"Test/{row:03d}+" for row in range(N)]
    view["text"] = str(rng.choice(["", "t/00", "TEST/0", "1+", ".", "nowhere", "[("]))
    ends = [None if end is None else end % 2 - 1 for end in view["margin"]]
    view["margin"] = ends if None in ends else sorted(ends)
    margin = np.where(steps == 65_535, np.nan, low + steps / 65_534 * (high - low))
    flips = rng.choice(["fixed", "broke", ""], N)
    further, columns = some_columns(rng)
    argument = {
        "view": view, "label": label.tolist(), "predicted": predicted.tolist(), "margin": steps.tolist(), "ids": ids,
        "range": [low, high], "further": further, "flips": flips.tolist(),
    }  # fmt: skip
    got = run(LIT, "state/lit_rows", argument)
    images = Images(label, ids, predicted, margin, columns, flips == "fixed", flips == "broke")
    assert got["lit"] == FILTERS.read(got["texts"]).passing(images).astype(int).tolist()

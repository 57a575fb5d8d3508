"""How many planted copies are found, among which others, and the time for 20,000 images.

Needs the shared data: ``python -m benchmarks.duplicates [--data ../shared/data] [--extractor efficientnet-lite0]``.
Copies are the same file, JPEG of quality 60, scaled by 0.9 and 5 % brighter, laid into other folders; the real source,
extractor and stage see them. What is found beside them is laid side by side in a picture, to be judged by eye.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks._measure import measure
from cache import Store
from cache.places import remember_place
from pipeline.compute.rows import ArrayRows
from pipeline.duplicates.pictures import SIDE
from pipeline.duplicates.result import Duplicates
from pipeline.duplicates.stage import DuplicatesStage
from pipeline.sources.cifar10 import Cifar10
from pipeline.sources.folder import Folder
from pipeline.stages.contract import ensure
from pipeline.stages.kinds import Extractor

KINDS = ("exact", "JPEG 60", "scaled by 0.9", "5 % brighter")


def lay_out(source: Path, folder: Path, each: int) -> dict[str, tuple[str, str]]:
    """Copy a folder and plant so many copies of each kind; give kind and original by the copy's name."""
    rng = np.random.default_rng(7)
    shutil.copytree(source, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "imageNotFound.gif")
    places, planted = sorted({path.parent for path in files}), {}
    for number, row in enumerate(rng.choice(len(files), each * len(KINDS), replace=False).tolist()):
        kind, original = KINDS[number // each], files[row]
        copy = (
            places[rng.integers(len(places))]
            / f"planted {number}{original.suffix if kind == 'exact' else '.png'}"
        )
        plant(original, kind, copy if kind != KINDS[1] else copy.with_suffix(".jpg"))
        planted[f"planted {number}"] = (kind, str(original.relative_to(folder)))
    return planted


def plant(original: Path, kind: str, copy: Path) -> None:
    """Write a copy of a file."""
    if kind == KINDS[0]:
        shutil.copy(original, copy)
        return
    picture = Image.open(original).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    if kind == KINDS[1]:
        Image.alpha_composite(white, picture).convert("RGB").save(copy, quality=60)
    elif kind == KINDS[2]:
        picture.resize((max(1, round(picture.width * 0.9)), max(1, round(picture.height * 0.9)))).save(copy)
    else:
        colours, alpha = picture.convert("RGB"), picture.getchannel("A")
        brighter = colours.point(lambda value: min(255, round(value * 1.05)))
        brighter.putalpha(alpha)
        brighter.save(copy)


def cifar_files(data: Path, folder: Path) -> Path:
    """Write 2,000 images of CIFAR-10 as files, in a folder a class."""
    loaded = Cifar10(data_dir=data / "cifar-10-batches-py", limit=1000).load()
    for split in (loaded.train, loaded.test):
        for image, label, name in zip(split.images, split.labels, split.ids, strict=True):
            place = folder / loaded.class_names[label] / f"{name.replace('/', ' ')}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(place)
    return folder


def found_in(source: Path, extractor: str, each: int, work: Path, picture: Path) -> Iterator[str]:
    """Give a line of the table for each kind, and one for what was not planted."""
    planted = lay_out(source, work / "planted", each)
    store = Store(work / "store")
    dataset = ensure(store, Folder(work / "planted"), {})
    remember_place(store, dataset.key, work / "planted")
    features = ensure(store, Extractor.named(extractor), {"dataset": dataset.key})
    made = ensure(store, DuplicatesStage(), {"dataset": dataset.key, "features": features.key})
    found = Duplicates.of(made, dataset)
    ids = [str(name) for name in found.numbering.ids]
    together = [{ids[number] for number in group.images} for group in found.groups()]
    hits = dict.fromkeys(KINDS, 0)
    for name, (kind, original) in planted.items():
        hits[kind] += any(
            original in group and any(Path(other).stem == name for other in group) for group in together
        )
    for kind, n in hits.items():
        yield f"| {source.name} | {extractor} | {kind} | {n} of {each} |"
    others = [[name for name in sorted(group) if Path(name).stem not in planted] for group in together]
    others = [group for group in others if len(group) > 1]
    yield f"| {source.name} | {extractor} | not planted | {len(others)} groups |"
    side_by_side([[work / "planted" / name for name in group[:4]] for group in others], picture)


def side_by_side(groups: list[list[Path]], picture: Path) -> None:
    """Draw groups of pictures, six a line."""
    sheet = Image.new("RGB", (6 * 250, max(1, -(-len(groups) // 6)) * 70), "grey")
    for number, group in enumerate(groups):
        for place, path in enumerate(group):
            one = Image.open(path).convert("RGBA")
            flat = Image.alpha_composite(Image.new("RGBA", one.size, "white"), one).convert("RGB")
            flat.thumbnail((60, 66))
            sheet.paste(flat, (number % 6 * 250 + place * 61, number // 6 * 70))
    sheet.save(picture)


def timed(n: int, d: int) -> str:
    """Give a line with the time for images of noise of which each tenth is a copy."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((n, d), np.float32)
    small = rng.integers(0, 256, (n, SIDE, SIDE, 3), np.uint8)
    rows[: n // 10], small[: n // 10] = rows[-(n // 10) :], small[-(n // 10) :]
    found = measure("", lambda: DuplicatesStage().find(ArrayRows(rows), small))
    return f"| {n:,} x {d:,} | {found.seconds:.3g} | {found.processor:.3g} |"


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[3] / "shared" / "data")
    parser.add_argument("--extractor", default="efficientnet-lite0")
    parser.add_argument("--pictures", type=Path, default=Path(tempfile.gettempdir()))
    args = parser.parse_args()
    print(f"Pictures of what was not planted: {args.pictures}/duplicates-*.png\n")
    print("| images | extractor | copies | found |\n|---|---|---|---:|")
    with tempfile.TemporaryDirectory() as made:
        sources = [(args.data / "clipart", 100), (args.data / "ants-bees", 40)]
        sources.append((cifar_files(args.data, Path(made) / "cifar10"), 100))
        for source, each in sources:
            work = Path(made) / f"{source.name}-work"
            work.mkdir()
            picture = args.pictures / f"duplicates-{source.name}.png"
            for line in found_in(source, args.extractor, each, work, picture):
                print(line, flush=True)
    print("\n| images | seconds | processor seconds |\n|---|---:|---:|")
    for n, d in ((20_000, 2048), (100_000, 256)):
        print(timed(n, d), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

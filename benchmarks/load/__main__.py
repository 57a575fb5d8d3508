"""Many visitors on two cores: seconds an action and memory, at once, one after another, cold, and against strangers.

``python -m benchmarks.load --run pool3-bfloat16 [--before CHECKOUT] [--visitors 50] [--seconds 60] [--rounds 3]``.
Visitors are browser-shaped clients without browsers (``tests/tabs``): each fetches the page, its scripts and what its
components fetch, speaks Streamlit's protocol, waits 0.5 to 1.5 seconds after each answer, moves C up the path on
Retrain and down again, opens an image, and goes to another page. With ``--before`` the server of another checkout takes
turns with this one's.

``--cold 10``: so many fresh servers, each opened by all visitors at one moment. ``--in-turn 1000``: so many visitors,
one after the other. ``--strangers 30``: they ask for fits without an end, and one honest visitor for one. Linux only.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from benchmarks._map.servers import PROJECT
from benchmarks.load.cold import cold
from benchmarks.load.in_turn import in_turn
from benchmarks.load.strangers import crowd
from benchmarks.load.together import Load, high, load, table
from pipeline.compute.memory import VARIABLE, parse_size


def at_once(options: argparse.Namespace) -> int:
    """Print what servers do under many visitors at once; give 1 if anything went wrong, or too much was held."""
    places = {"before": options.before.resolve()} if options.before else {}
    places["now"] = PROJECT
    loads: dict[str, Load] = {}
    for _ in range(options.rounds):
        for name, project in places.items():
            found = load(options.run, options.visitors, options.seconds, {VARIABLE: options.limit}, project)
            loads[name] = loads[name].joined(found) if name in loads else found
    print(
        f"{options.run}, {options.visitors} visitors at once for {options.seconds:g} s, {_limit(options)}\n"
    )
    print(table(loads))
    for name, found in loads.items():
        _tell(found.trouble, name)
    return int(bool(loads["now"].trouble) or loads["now"].most > parse_size(options.limit))


def at_fresh_servers(options: argparse.Namespace) -> int:
    """Print how many pages of fresh servers were broken; give 1 if one was."""
    found = [cold(options.run, options.visitors, {VARIABLE: options.limit}) for _ in range(options.cold)]
    broken = [trouble for one, _ in found for trouble in one]
    seconds = ", ".join(f"{seconds:.1f}" for _, seconds in found)
    print(
        f"{options.visitors} at once at {options.cold} fresh servers: {len(broken)} broken pages, {seconds} s."
    )
    _tell(broken)
    return int(bool(broken))


def one_after_another(options: argparse.Namespace) -> int:
    """Print what the server holds while many come one after another; give 1 if anything went wrong."""
    found = in_turn(options.run, options.in_turn, {VARIABLE: options.limit})
    held = ", ".join(f"{size / 1e6:.0f}" for size in (*found.held, found.after))
    print(
        f"{options.in_turn} visitors one after another, MB after each tenth and a minute after the last: {held}."
    )
    _tell(found.trouble)
    return int(bool(found.trouble))


def beside_strangers(options: argparse.Namespace) -> int:
    """Print how an honest visitor fares among strangers; give 1 if too much was held, or anything went wrong."""
    found = crowd(options.run, options.strangers, options.seconds, {VARIABLE: options.limit})
    answers = f"{statistics.median(found.answers):.2f} ({high(found.answers):.2f}, at most {max(found.answers):.2f})"
    print(
        f"{options.strangers} strangers, {found.asked} requests in {options.seconds:g} s, {_limit(options)}: at most "
        f"{found.most / 1e6:.0f} MB; / in {answers} s; the honest visitor's fit is number {found.place}, done in "
        f"{found.waited:.1f} s."
    )
    _tell(found.trouble)
    return int(bool(found.trouble) or found.most > parse_size(options.limit))


def _limit(options: argparse.Namespace) -> str:
    return f"{VARIABLE}={options.limit}"


def _tell(trouble: list[str], name: str = "") -> None:
    for one in sorted(set(trouble))[:5]:
        print(f"{name} {one[:300]}", file=sys.stderr)


def main() -> int:
    """Print what was asked for, or the table of many at once."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", default="clipart-efficientnet-lite0", help="a run in the store")
    parser.add_argument("--before", type=Path, help="another checkout, to compare with")
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--limit", default="512MB")
    parser.add_argument("--cold", type=int, default=0)
    parser.add_argument("--in-turn", type=int, default=0)
    parser.add_argument("--strangers", type=int, default=0)
    options = parser.parse_args()
    ways = (
        (options.cold, at_fresh_servers),
        (options.in_turn, one_after_another),
        (options.strangers, beside_strangers),
    )
    asked = [way for count, way in ways if count] or [at_once]
    return max(way(options) for way in asked)


if __name__ == "__main__":
    sys.exit(main())

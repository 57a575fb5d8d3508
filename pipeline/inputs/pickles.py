"""Read the pickles that CIFAR-10 comes in, and nothing else that a pickle can do.

A pickle is a program, and Python's `pickle` runs it: even behind a `find_class` that allows numpy only,
it can call numpy with any arguments, change attributes, and nest tuples whose hash never ends. So this
is an interpreter of our own, for the thirty instructions that describe data. It calls nothing.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from pipeline.errors import SourceError, UnsafeInput

MAX_INSTRUCTIONS = 200_000  # an official batch has 20,000
ALLOWED_NAMES = frozenset({"numpy.core.multiarray _reconstruct", "numpy ndarray", "numpy dtype"})


def load_plain_pickle(content: bytes, name: str) -> dict[bytes | str, Any]:
    """Give the dict of lists, numbers, strings and uint8 arrays that a pickle describes.

    Parameters
    ----------
    content : bytes
        The pickle, as Python 2 writes it with protocol 2. Its strings stay bytes.
    name : str
        The file's name, for error messages.

    Returns
    -------
    dict
        The data. Arrays are uint8 and read-only.

    Raises
    ------
    UnsafeInput
        If the pickle names a class or function, or uses an instruction, that such data does not need.
    SourceError
        If the pickle is cut short or malformed.
    """
    machine = _Machine(name)
    try:
        for instruction, argument, _ in pickletools.genops(content):
            machine.step(instruction.name, argument)
    except (ValueError, TypeError, IndexError, KeyError, RecursionError) as problem:
        reason = str(problem)[:200]
        raise SourceError(f"{name} must be a complete pickle of plain data. Got: {reason}.") from problem
    if not isinstance(machine.result, dict):
        raise SourceError(f"{name} must be a pickled dict. Got a {type(machine.result).__name__}.")
    return {key: value.array if isinstance(value, _Array) else value for key, value in machine.result.items()}


@dataclass(frozen=True)
class _Name:
    """A class or function the pickle mentions; only ever compared, never looked up."""

    name: str


@dataclass
class _Dtype:
    """What the pickle says of a `numpy.dtype`."""

    code: bytes | str

    def build(self, state: tuple[Any, ...]) -> None:
        """Ignore byte order and fields: a uint8 has neither."""


class _Array:
    """What the pickle says of a `numpy.ndarray`: bytes that fill a shape."""

    array = np.zeros(0, np.uint8)

    def build(self, state: tuple[Any, ...]) -> None:
        """Take the array's shape, dtype and bytes."""
        _version, shape, dtype, fortran_order, data = state
        if not isinstance(dtype, _Dtype) or dtype.code not in (b"u1", "u1") or fortran_order:
            raise TypeError("an array that is not uint8 in C order")
        if not isinstance(data, bytes) or not all(isinstance(length, int) and length > 0 for length in shape):
            raise TypeError("an array without a shape and bytes")
        if prod(shape) != len(data):
            raise ValueError(f"an array whose {len(data):,} bytes do not fill its shape")
        self.array = np.frombuffer(data, np.uint8).reshape(shape)


@dataclass
class _Machine:
    """The state of a pickle being read: its stack, the places of its marks, its memo."""

    name: str
    stack: list[Any] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)
    result: Any = None
    steps: int = 0

    def step(self, instruction: str, argument: Any) -> None:
        """Do one instruction, unless data does not need it."""
        self.steps += 1
        if self.steps > MAX_INSTRUCTIONS:
            raise UnsafeInput(f"{self.name} must have at most {MAX_INSTRUCTIONS:,} instructions. Got more.")
        if instruction not in _INSTRUCTIONS:
            raise self.refusal("be a protocol-2 pickle of plain data", f"the instruction {instruction}")
        _INSTRUCTIONS[instruction](self, argument)

    def refusal(self, must: str, got: str) -> UnsafeInput:
        """Give the error for a pickle that tries more than to describe data."""
        return UnsafeInput(f"{self.name} must {must}. Got {got[:200]}. It was not run.")

    def push(self, value: Any) -> None:
        """Put a value on the stack."""
        self.stack.append(value)

    def pop(self, count: int) -> list[Any]:
        """Take the last values from the stack, in the order in which they were put there."""
        return [self.stack.pop() for _ in range(count)][::-1]

    def pop_to_mark(self) -> list[Any]:
        """Take everything above the last mark from the stack."""
        return self.pop(len(self.stack) - self.marks.pop())

    def remember(self, index: int) -> None:
        """Keep the value on top of the stack in the memo."""
        self.memo[index] = self.stack[-1]

    def append(self, items: list[Any]) -> None:
        """Append items to the list on top of the stack."""
        if not isinstance(self.stack[-1], list):
            raise TypeError("items for something that is no list")
        self.stack[-1].extend(items)

    def set_items(self, items: list[Any]) -> None:
        """Put keys and values, in turn, into the dict on top of the stack."""
        if not isinstance(self.stack[-1], dict) or not all(
            isinstance(key, bytes | str) for key in items[::2]
        ):
            raise TypeError("items for something that is no dict, or keys that are no strings")
        self.stack[-1].update(zip(items[::2], items[1::2], strict=True))

    def mention(self, name: str) -> None:
        """Push a class or function, by name only."""
        if name not in ALLOWED_NAMES:
            raise self.refusal("mention numpy arrays only", repr(name.replace(" ", ".", 1)))
        self.push(_Name(name))

    def reduce(self) -> None:
        """Put an array or a dtype in the place of the call that would make it."""
        arguments, function = self.stack.pop(), self.stack.pop()
        if function == _Name("numpy.core.multiarray _reconstruct"):
            self.push(_Array())
        elif function == _Name("numpy dtype"):
            self.push(_Dtype(arguments[0]))
        else:
            raise self.refusal("call nothing", "a call")

    def build(self) -> None:
        """Give an array or a dtype its content."""
        state = self.stack.pop()
        if not isinstance(self.stack[-1], _Array | _Dtype):
            raise self.refusal("change numpy arrays only", f"a changed {type(self.stack[-1]).__name__}")
        self.stack[-1].build(state)


_INSTRUCTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    "PROTO": lambda machine, version: None,
    "STOP": lambda machine, _: setattr(machine, "result", machine.stack.pop()),
    "MARK": lambda machine, _: machine.marks.append(len(machine.stack)),
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    **dict.fromkeys(("BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE"), _Machine.push),
    **dict.fromkeys(  # pickletools gives Python 2's strings as latin-1
        ("SHORT_BINSTRING", "BINSTRING"), lambda machine, text: machine.push(text.encode("latin-1"))
    ),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "APPEND": lambda machine, _: machine.append(machine.pop(1)),
    "APPENDS": lambda machine, _: machine.append(machine.pop_to_mark()),
    "SETITEM": lambda machine, _: machine.set_items(machine.pop(2)),
    "SETITEMS": lambda machine, _: machine.set_items(machine.pop_to_mark()),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.pop_to_mark())),
    "TUPLE1": lambda machine, _: machine.push(tuple(machine.pop(1))),
    "TUPLE2": lambda machine, _: machine.push(tuple(machine.pop(2))),
    "TUPLE3": lambda machine, _: machine.push(tuple(machine.pop(3))),
    **dict.fromkeys(("BINPUT", "LONG_BINPUT"), _Machine.remember),
    **dict.fromkeys(("BINGET", "LONG_BINGET"), lambda machine, index: machine.push(machine.memo[index])),
    "GLOBAL": _Machine.mention,
    "REDUCE": lambda machine, _: machine.reduce(),
    "BUILD": lambda machine, _: machine.build(),
}

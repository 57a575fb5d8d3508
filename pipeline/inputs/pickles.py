"""Read the pickles that CIFAR-10 comes in, and nothing else that a pickle can do.

A pickle is a program, and Python's `pickle` runs it: even behind a `find_class` that allows numpy only,
it can call numpy with any arguments, change attributes, and nest tuples whose hash never ends. So this
is an interpreter of our own, for the forty instructions that describe data. It calls nothing that a pickle names.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.foreign import foreign
from pipeline.errors import SourceError, UnsafeInput

MAX_INSTRUCTIONS = (
    1_500_000  # CIFAR-100's training file has 250,000; saved again by Python 3, six times as many
)
MAX_DIMENSIONS = 8
INTEGERS = frozenset(f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8))
"""Types of numbers that an array may have, as numpy writes them."""


def load_plain_pickle(content: bytes, name: str) -> dict[bytes | str, Any]:
    """Give the dict of lists, whole numbers, strings and arrays of whole numbers that a pickle describes.

    Parameters
    ----------
    content : bytes
        The pickle, as Python 2 writes it with protocol 2, or Python 3 with protocols 2 to 5. The strings
        of Python 2 stay bytes.
    name : str
        The file's name, for error messages.

    Returns
    -------
    dict
        The data. Arrays have a type of ``INTEGERS`` and are read-only; single numbers of numpy are int.

    Raises
    ------
    UnsafeInput
        If the pickle names a class or function, or uses an instruction, that such data does not need.
    SourceError
        If the pickle is cut short or malformed.
    """
    machine = _Machine(name, room=len(content))
    with foreign(lambda got: SourceError(f"{name} must be a complete pickle of plain data. Got: {got}.")):
        for instruction, argument, _ in pickletools.genops(content):
            machine.step(instruction.name, argument)
    if not isinstance(machine.result, dict):
        raise SourceError(f"{name} must be a pickled dict. Got the type {type(machine.result).__name__}.")
    return {key: value.array if isinstance(value, _Array) else value for key, value in machine.result.items()}


@dataclass(frozen=True)
class _Name:
    """A class or function the pickle mentions; only ever compared, never looked up."""

    name: str


@dataclass
class _Dtype:
    """What the pickle says of a `numpy.dtype`."""

    code: str
    order: str = "<"

    def build(self, state: tuple[Any, ...]) -> None:
        """Take the byte order; whole numbers have no fields."""
        self.order = _text(state[1])

    def view(self, data: Any) -> NDArray[Any]:
        """Give bytes as numbers, without a copy."""
        if self.code not in INTEGERS or self.order not in ("<", ">", "|"):
            raise TypeError("an array of something else than whole numbers")
        return np.frombuffer(memoryview(data).toreadonly(), np.dtype(self.order.strip("|") + self.code))


class _Array:
    """What the pickle says of a `numpy.ndarray`: bytes that fill a shape."""

    array: NDArray[Any] = np.zeros(0, np.uint8)

    def build(self, state: tuple[Any, ...]) -> None:
        """Take the array's shape, type and bytes."""
        _version, shape, dtype, fortran_order, data = state
        self.fill(data, dtype, shape, "F" if fortran_order is True else "C")

    def fill(self, data: Any, dtype: Any, shape: Any, order: Any) -> None:
        """Let bytes fill a shape, of which the last ("C") or the first ("F") index runs fastest."""
        whole = isinstance(shape, tuple) and all(type(length) is int and length > 0 for length in shape)
        if not isinstance(dtype, _Dtype) or not isinstance(data, bytes | bytearray):
            raise TypeError("an array of something else than numbers")
        if not whole or len(shape) > MAX_DIMENSIONS or order not in ("C", "F"):
            raise TypeError("an array without a shape")
        numbers = dtype.view(data)
        if prod(shape) != len(numbers):
            raise ValueError(f"an array whose {len(data):,} bytes do not fill its shape")
        self.array = numbers.reshape(shape, order=order)


def _text(word: Any) -> str:
    if not isinstance(word, bytes | str):
        raise TypeError("a type of numbers without a name")
    return word if isinstance(word, str) else word.decode("latin-1")


@dataclass
class _Machine:
    """The state of a pickle being read: its stack, the places of its marks, its memo."""

    name: str
    room: int
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
            raise self.refusal(
                "be a pickle of plain data, of protocol 2 to 5", f"the instruction {instruction}"
            )
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
        if name not in _MEANINGS:
            raise self.refusal("mention numpy arrays only", repr(name.replace(" ", ".", 1)))
        self.push(_Name(name))

    def mention_from_stack(self) -> None:
        """Push a class or function whose module and name are on the stack."""
        module, name = self.pop(2)
        if not isinstance(module, str) or not isinstance(name, str):
            raise TypeError("a name that is no string")
        self.mention(f"{module} {name}")

    def reduce(self) -> None:
        """Put what a call would make in the place of that call."""
        function, arguments = self.pop(2)
        if not isinstance(function, _Name) or not isinstance(arguments, tuple):
            raise self.refusal("call nothing", "a call")
        self.push(_MEANINGS[function.name](self, *arguments))

    def build(self) -> None:
        """Give an array or a dtype its content."""
        state = self.stack.pop()
        if not isinstance(self.stack[-1], _Array | _Dtype):
            raise self.refusal("change numpy arrays only", f"a changed {type(self.stack[-1]).__name__}")
        self.stack[-1].build(state)


def _new_array(machine: _Machine, *_: Any) -> _Array:
    """Give an array that gets its content later."""
    return _Array()


def _filled_array(machine: _Machine, data: Any, dtype: Any, shape: Any, order: Any) -> _Array:
    """Give an array with its content."""
    array = _Array()
    array.fill(data, dtype, shape, order)
    return array


def _number(machine: _Machine, dtype: Any, data: Any) -> int:
    """Give a single number of numpy."""
    return int(_filled_array(machine, data, dtype, (1,), "C").array[0])


def _encoded(machine: _Machine, text: Any, encoding: Any) -> bytes:
    """Give bytes that protocol 2 writes as text; all together are no longer than the pickle."""
    if not isinstance(text, str) or encoding != "latin1":
        raise TypeError("text in an encoding that no bytes are written in")
    machine.room -= len(text)
    if machine.room < 0:
        raise machine.refusal("hold as many bytes as it has", "text that grows")
    return text.encode("latin-1")


def _no_bytes(machine: _Machine) -> bytes:
    """Give the empty string of bytes, as protocol 2 writes it."""
    return b""


def _not_called(machine: _Machine, *_: Any) -> None:
    """Refuse to call what is only ever mentioned."""
    raise machine.refusal("call nothing", "a call")


_MEANINGS: dict[str, Callable[..., Any]] = {
    "numpy ndarray": _not_called,
    "numpy dtype": lambda machine, code, *_: _Dtype(_text(code)),
    "_codecs encode": _encoded,
    "__builtin__ bytes": _no_bytes,
    **{
        f"{core}{name}": meaning
        for core in ("numpy.core.", "numpy._core.")  # before and since numpy 2
        for name, meaning in (
            ("multiarray _reconstruct", _new_array),
            ("multiarray scalar", _number),
            ("numeric _frombuffer", _filled_array),
        )
    },
}
"""What a call of each name that a pickle may mention stands for."""

_INSTRUCTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    **dict.fromkeys(("PROTO", "FRAME"), lambda machine, _: None),
    "STOP": lambda machine, _: setattr(machine, "result", machine.stack.pop()),
    "MARK": lambda machine, _: machine.marks.append(len(machine.stack)),
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    **dict.fromkeys(("BININT", "BININT1", "BININT2", "LONG1"), _Machine.push),
    **dict.fromkeys(("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"), _Machine.push),
    **dict.fromkeys(("SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"), _Machine.push),
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
    "MEMOIZE": lambda machine, _: machine.remember(len(machine.memo)),
    "GLOBAL": _Machine.mention,
    "STACK_GLOBAL": lambda machine, _: machine.mention_from_stack(),
    "REDUCE": lambda machine, _: machine.reduce(),
    "BUILD": lambda machine, _: machine.build(),
}

"""The 64-bit hash: conflicts.md."""

from __future__ import annotations

from collections.abc import Iterable

from values import Id

_MASK = 2**64 - 1


class Hasher:
    """FNV-1a, finished with the finalizer of MurmurHash3."""

    def __init__(self) -> None:
        self._state = 0xCBF29CE484222325

    def byte(self, value: int) -> None:
        self._state = ((self._state ^ value) * 0x100000001B3) & _MASK

    def number(self, value: int) -> None:
        for byte in value.to_bytes(8, "big"):
            self.byte(byte)

    def id(self, value: Id) -> None:
        self.number(value.agent)
        self.number(value.seq)

    def ids(self, values: Iterable[Id]) -> None:
        """Each id, with no number in front."""
        for value in values:
            self.id(value)

    def text(self, value: str) -> None:
        data = value.encode("utf-8")
        self.number(len(data))
        for byte in data:
            self.byte(byte)

    def finish(self) -> int:
        x = self._state
        x = ((x ^ (x >> 33)) * 0xFF51AFD7ED558CCD) & _MASK
        x = ((x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53) & _MASK
        return x ^ (x >> 33)

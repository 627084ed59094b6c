"""Values that operations hold: ids, spans, targets, checks: changes.md, Ids and Operations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from canonical import Refusal

BEYOND = 2**31
"""Sequence numbers are below this."""


class Id(NamedTuple):
    """The name of an operation. Ids compare as *ascending by id* has it: by agent, then number."""

    agent: int
    seq: int

    def __str__(self) -> str:
        return f"{self.agent:016x}:{self.seq}"

    def moved(self, count: int) -> Id:
        """The id of the operation `count` numbers further on."""
        return Id(self.agent, self.seq + count)


def parse_id(text: Any) -> Id:
    """The id that a string `agent:seq` stands for."""
    match = isinstance(text, str) and re.fullmatch(r"([0-9a-f]{16}):(0|[1-9][0-9]{0,9})", text, re.ASCII)
    if not match or int(match[2]) >= BEYOND:
        raise Refusal("invalid_op", f"{text!r} is no id")
    return Id(int(match[1], 16), int(match[2]))


class Span(NamedTuple):
    """`count` operations of one agent, from `first` on."""

    first: Id
    count: int

    def ids(self) -> list[Id]:
        return [self.first.moved(n) for n in range(self.count)]


class Anchor(NamedTuple):
    """A side of a character: 0 in front of it, 1 behind it."""

    character: Id
    side: int


@dataclass(frozen=True)
class Target:
    """A place in the article, as its author saw it."""

    at: tuple[Id, ...]
    exact: str
    prefix: str
    suffix: str
    ranges: tuple[tuple[Anchor, Anchor], ...]


@dataclass(frozen=True)
class Check(Target):
    """A target with what was found of its words; evidence is (source, URL, page, time)."""

    verdict: str
    remark: str
    evidence: tuple[tuple[str, str, str, str], ...]

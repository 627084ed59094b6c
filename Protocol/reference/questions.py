"""What all kinds of conflict have in common: conflicts.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hashing import Hasher
from replica import Replica
from values import Id

Member = TypeVar("Member")


@dataclass
class Version:
    """One of the things said: what, and by which operations, in time order."""

    content: str
    operations: list[Id]


@dataclass
class Conflict:
    """A question. `about` is what its id is made of beside kind, field and operations; `subject` says
    to people what it is about."""

    kind: str
    document: int
    about: list[Id]
    field: str
    operations: list[Id]
    settles: list[Id]
    base: str | None
    versions: list[Version]
    shown: str
    subject: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """conflicts.md, Ids."""
        hasher = Hasher()
        hasher.text(self.kind)
        hasher.number(self.document >> 64)
        hasher.number(self.document % 2**64)
        hasher.number(len(self.about))
        hasher.ids(self.about)
        hasher.text(self.field)
        hasher.ids(sorted(set(self.operations)))
        return hasher.finish()


def letter(index: int) -> str:
    """A, B, … Z, AA, AB, … for 0, 1, …"""
    result = ""
    index += 1
    while index > 0:
        index, rest = divmod(index - 1, 26)
        result = chr(ord("A") + rest) + result
    return result


def index_of(take: str) -> int | None:
    """Which version a letter stands for; None if `take` is no letter."""
    if not 1 <= len(take) <= 4 or any(not "A" <= each <= "Z" for each in take):
        return None
    index = 0
    for each in take:
        index = index * 26 + ord(each) - ord("A") + 1
    return index - 1


def connected(pairs: Iterable[tuple[Member, Member]]) -> list[list[Member]]:
    """Members connected by pairs, directly or through others."""
    groups: list[list[Member]] = []
    for pair in pairs:
        touched = [group for group in groups if pair[0] in group or pair[1] in group]
        joined = list(dict.fromkeys([each for group in touched for each in group] + list(pair)))
        groups = [group for group in groups if group not in touched] + [joined]
    return groups


def settled(replica: Replica, kind: str, operations: Iterable[Id]) -> bool:
    """Whether all of these are in the `s` of one standing resolution of a kind."""
    named = set(operations)
    standing = replica.annotations.standing_resolutions(kind)
    return any(named <= set(resolution.operation.s) for resolution in standing)

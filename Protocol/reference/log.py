"""Who had seen what: the changes of one document, and versions of it: text.md."""

from __future__ import annotations

from collections.abc import Iterable

from canonical import Refusal
from changes import Change, add, hash_of
from values import Id

Version = dict[int, int]
"""A set of operations with all that they follow: for each agent the number of its next one."""


def covers(version: Version, id: Id) -> bool:
    return id.seq < version.get(id.agent, 0)


def united(versions: Iterable[Version]) -> Version:
    result: Version = {}
    for version in versions:
        for agent, next in version.items():
            result[agent] = max(next, result.get(agent, 0))
    return result


def intersected(a: Version, b: Version) -> Version:
    return {agent: min(next, b[agent]) for agent, next in a.items() if agent in b}


class Log:
    """The changes of one document, causes first."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._known: dict[Id, Version] = {}
        self._lamport: dict[Id, int] = {}
        self._hashes: dict[Id, bytes] = {}
        self.checksum = 0

    def by(self, agent: int) -> list[Change]:
        return [change for change in self.changes if change.first.agent == agent]

    def change_of(self, id: Id) -> Change | None:
        """The change that has this operation."""
        return next((c for c in self.by(id.agent) if c.first.seq <= id.seq <= c.last.seq), None)

    def version(self) -> Version:
        return united({change.first.agent: change.last.seq + 1} for change in self.changes)

    def known_before(self, change: Change) -> Version:
        """The history of a change."""
        return self._known[change.first]

    def known_with(self, change: Change) -> Version:
        """The history of a change, and the change."""
        return self._known[change.first] | {change.first.agent: change.last.seq + 1}

    def up_to(self, id: Id) -> Version:
        """An operation and everything it follows; nothing if it is not here."""
        change = self.change_of(id)
        return self.known_before(change) | {id.agent: id.seq + 1} if change else {}

    def at(self, ids: Iterable[Id]) -> Version:
        """What a list of operations stands for: text.md, Versions."""
        return united(self.up_to(id) for id in ids)

    def concurrent(self, a: Change, b: Change) -> bool:
        return not covers(self.known_with(a), b.first) and not covers(self.known_with(b), a.first)

    def concurrent_operations(self, a: Id, b: Id) -> bool:
        return not covers(self.up_to(a), b) and not covers(self.up_to(b), a)

    def frontier(self) -> list[Id]:
        """The last operations of the changes that no other one follows, ascending."""
        followed = united(self.known_before(change) for change in self.changes)
        return sorted(c.last for c in self.changes if not covers(followed, c.last))

    def time(self, id: Id) -> tuple[int, int, int]:
        """Where an operation stands in time order."""
        change = self.change_of(id)
        if change is None:
            raise KeyError(id)
        return self._lamport[change.first] + id.seq - change.first.seq, id.agent, id.seq

    def in_time_order(self, ids: Iterable[Id]) -> list[Id]:
        return sorted(ids, key=self.time)

    def judge(self, change: Change) -> bool:
        """Whether a change is new; a `Refusal` if it cannot be taken: text.md, Taking a change in."""
        first = change.first
        same = self.change_of(first)
        if same is not None and same.first == first and same.last == change.last:
            if same.data != change.data:
                raise Refusal("agent_fork", f"{first} has other bytes")
            return False
        if any(c.first.seq <= change.last.seq and first.seq <= c.last.seq for c in self.by(first.agent)):
            raise Refusal("invalid_op", f"{first} overlaps another change")
        causes = ([Id(first.agent, first.seq - 1)] if first.seq > 0 else []) + list(change.dependencies)
        missing = [id for id in causes if self.change_of(id) is None]
        if missing:
            raise Refusal("missing_dep", f"{first} follows what is not here", missing)
        for id in change.dependencies:
            if self.change_of(id).last != id:
                raise Refusal("invalid_op", f"{id} is not the last operation of its change")
            others = (self.up_to(other) for other in causes if other != id)
            if any(covers(version, id) for version in others):
                raise Refusal("invalid_op", f"{id} is in the history of another dependency")
        return True

    def history(self, change: Change) -> Version:
        """What follows from the causes of a change that is not here yet."""
        own = [change.first.moved(-1)] if change.first.seq > 0 else []
        return self.at(own + list(change.dependencies))

    def hash_of(self, change: Change) -> bytes:
        """The hash of a change that is here."""
        return self._hashes[change.first]

    def append(self, change: Change) -> None:
        """Adds a change that was judged."""
        own = [change.first.moved(-1)] if change.first.seq > 0 else []
        causes = own + list(change.dependencies)
        self._known[change.first] = self.history(change)
        self._lamport[change.first] = 1 + max((self.time(id)[0] for id in causes), default=0)
        hashes = [self._hashes[self.change_of(id).first] for id in causes]
        previous = hashes.pop(0) if own else None
        hash = hash_of(change, previous, hashes)
        self._hashes[change.first] = hash
        self.checksum = add(self.checksum, hash)
        self.changes.append(change)

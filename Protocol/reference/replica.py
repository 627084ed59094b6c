"""A document: its log, its text, what stands beside the text, and the checksum of all of it."""

from __future__ import annotations

from annotations import Annotations
from canonical import Refusal
from changes import Change
from hashing import Hasher
from log import Log
from text import Text
from values import Check, Id, Target

ARTICLE = ("ins", "del", "vis", "set", "resolve")
SET = ("note", "reply", "tag", "untag", "set", "resolve")


class Replica:
    """One local copy of a document."""

    def __init__(self, document: int) -> None:
        self.document = document
        self.log = Log()
        self.text = Text(self.log)
        self.annotations = Annotations(self.log)
        self.waiting: list[Change] = []
        """Changes whose causes have not come."""

    @property
    def is_article(self) -> bool:
        return self.document % 2 == 0

    @property
    def is_private(self) -> bool:
        """Whether it is a private annotation set: messages.md, Private annotation sets."""
        return self.document >> 96 == 0xFFFFFFFF

    def take(self, change: Change) -> bool:
        """Takes a change in, and says whether it was new; a `Refusal` leaves no trace."""
        if not self.log.judge(change):
            return False
        text, annotations = self.text.copy(), self.annotations.copy()
        known = self.log.history(change)
        for operation in change.operations:
            if operation.known:
                if operation.kind not in (ARTICLE if self.is_article else SET):
                    raise Refusal("invalid_op", f"{operation.kind} in the wrong document")
                part = text if operation.kind in ("ins", "del", "vis") else annotations
                part.take(operation, known)
            known[operation.id.agent] = operation.id.seq + operation.width
        self.log.append(change)
        self.text, self.annotations = text, annotations
        return True

    def integrate(self, change: Change) -> list[Change]:
        """Takes a change in, or keeps it until its causes come. Returns all that this let in."""
        self.waiting.append(change)
        taken: list[Change] = []
        progress = True
        while progress:
            progress = False
            for other in list(self.waiting):
                try:
                    new = self.take(other)
                except Refusal as refusal:
                    if refusal.code == "missing_dep":
                        continue
                    self.waiting.remove(other)
                    raise
                self.waiting.remove(other)
                progress = True
                if new:
                    taken.append(other)
        return taken

    # The checksum of the state: conflicts.md

    def state(self) -> int:
        hasher = Hasher()
        if self.is_article:
            for first, count, shown in self._runs():
                hasher.id(first)
                hasher.number(count)
                hasher.byte(1 if shown else 0)
        self._hash_fields(hasher, None)
        for entity in sorted(self.annotations.entities):
            hasher.id(entity)
            self._hash_fields(hasher, entity)
            tags = self.annotations.tags(entity)
            hasher.number(len(tags))
            for tag, additions in tags:
                hasher.text(tag)
                hasher.ids(additions)
        return hasher.finish()

    def _runs(self) -> list[tuple[Id, int, bool]]:
        shown = self.text.shown(self.log.version())
        runs: list[tuple[Id, int, bool]] = []
        for character in self.text.characters:
            shows = character.id in shown
            if runs:
                first, count, same = runs[-1]
                if character.id == first.moved(count) and shows == same:
                    runs[-1] = (first, count + 1, same)
                    continue
            runs.append((character.id, 1, shows))
        return runs

    def _hash_fields(self, hasher: Hasher, entity: Id | None) -> None:
        names = self.annotations.fields(entity)
        hasher.number(len(names))
        for name in names:
            hasher.text(name)
            writes = sorted(self.annotations.standing(entity, name), key=lambda write: write.id)
            for write in writes:
                hasher.id(write.id)
                _hash_value(hasher, write.value)


def _hash_value(hasher: Hasher, value: str | Target | None) -> None:
    if value is None:
        hasher.byte(0)
    elif isinstance(value, str):
        hasher.byte(1)
        hasher.text(value)
    else:
        hasher.byte(3 if isinstance(value, Check) else 2)
        for start, end in value.ranges:
            for anchor in (start, end):
                hasher.id(anchor.character)
                hasher.byte(anchor.side)
        hasher.text(value.exact)
        if isinstance(value, Check):
            hasher.text(value.verdict)
            hasher.text(value.remark)
            hasher.number(len(value.evidence))
            for piece in value.evidence:
                for part in piece:
                    hasher.text(part)

"""The text: the order of characters and what hides them: text.md."""

from __future__ import annotations

from dataclasses import dataclass, field

from canonical import Refusal
from changes import Change, Operation
from hashing import Hasher
from log import Log, Version, covers
from values import Id, Span

EDIT_TAG = 2**31 - 1
"""The sequence number of edit tags, which no suggestion has."""


@dataclass(frozen=True)
class Character:
    """One inserted character, with its origins, and the `ins` that it came with."""

    id: Id
    scalar: str
    left: Id | None
    right: Id | None
    insertion: Operation


@dataclass
class Acceptance:
    """What one change does with operations whose `ac` is `tag`: text.md, Accepted suggestions."""

    tag: Id
    change: Change
    characters: list[Id] = field(default_factory=list)
    deletions: list[Id] = field(default_factory=list)


class Text:
    """All characters ever inserted, in their order, and the operations that hide them."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.characters: list[Character] = []
        self.by_id: dict[Id, Character] = {}
        self.deletions: dict[Id, Id] = {}
        """For each deletion the character."""
        self.marks: list[tuple[Id, Id, int]] = []
        """Undo counts: the `vis`, the operation, the count."""

    def copy(self) -> Text:
        """The same text, to try a change on."""
        other = Text(self.log)
        other.characters = list(self.characters)
        other.by_id = dict(self.by_id)
        other.deletions = dict(self.deletions)
        other.marks = list(self.marks)
        return other

    # Taking operations in

    def take(self, operation: Operation, known: Version) -> None:
        """Takes an operation in whose author knows `known`."""
        if operation.kind == "ins":
            self._insert(operation, known)
        elif operation.kind == "del":
            ids = self._characters(operation.x, known)
            self.deletions.update(zip(operation.ids(), ids))
        else:
            self._count(operation, known)

    def _characters(self, spans: list[Span], known: Version) -> list[Id]:
        ids = [id for span in spans for id in span.ids()]
        for id in ids:
            if id not in self.by_id or not covers(known, id):
                raise Refusal("invalid_op", f"{id} is no character that the author knows")
        return ids

    def place(self, id: Id) -> int:
        """The place of a character in the list."""
        return next(place for place, other in enumerate(self.characters) if other.id == id)

    def _insert(self, operation: Operation, known: Version) -> None:
        """text.md, Where an insertion goes."""
        self._characters(operation.rp, known)
        if operation.fr and len(self._characters(operation.fr, known)) != operation.width:
            raise Refusal("invalid_op", "fr names another number of characters than t has")
        left, right = operation.l, operation.r
        self._characters([Span(id, 1) for id in (left, right) if id is not None], known)
        l, r = self._left(left), self._right(right)
        if r <= l or any(covers(known, other.id) for other in self.characters[l + 1 : r]):
            raise Refusal("invalid_op", "r does not come next behind l")
        at = i = l + 1
        scanning = False
        while i < r:
            other = self.characters[i]
            if self._left(other.left) < l:
                break
            if other.left == left:
                if other.right == right:
                    if operation.id < other.id:
                        break
                    scanning = False
                else:
                    scanning = self._right(other.right) < r
            i += 1
            if not scanning:
                at = i
        origin = left
        for id, scalar in zip(operation.ids(), operation.t):
            character = Character(id, scalar, origin, right, operation)
            self.by_id[id] = character
            self.characters.insert(at, character)
            at += 1
            origin = id

    def _left(self, origin: Id | None) -> int:
        """The place of a left origin; the start is in front of every character."""
        return -1 if origin is None else self.place(origin)

    def _right(self, origin: Id | None) -> int:
        """The place of a right origin; the end is behind every character."""
        return len(self.characters) if origin is None else self.place(origin)

    def _count(self, operation: Operation, known: Version) -> None:
        """text.md, Undo: the rules for the entries of a `vis`."""
        before = self.counts(known)
        for span, count in operation.x:
            if count >= 2**31 - 1:
                raise Refusal("invalid_op", "an undo count of 2^31 - 1")
            for id in span.ids():
                if not covers(known, id) or (id not in self.by_id and id not in self.deletions):
                    raise Refusal("invalid_op", f"{id} cannot be undone")
                if count != before.get(id, 0) + 1:
                    raise Refusal("invalid_op", f"the undo count of {id} is not the next one")
                self.marks.append((operation.id, id, count))

    # What shows

    def counts(self, version: Version) -> dict[Id, int]:
        """The undo counts that hold at a version."""
        result: dict[Id, int] = {}
        for vis, id, count in self.marks:
            if covers(version, vis):
                result[id] = max(count, result.get(id, 0))
        return result

    def acceptances(self, version: Version) -> list[Acceptance]:
        """All acceptances, and insertions with an edit tag, by the time order of their changes."""
        result: dict[tuple[Id, Id], Acceptance] = {}
        for change in self.log.changes:
            for operation in change.operations:
                if operation.ac is None:
                    continue
                ids = [id for id in operation.ids() if covers(version, id)]
                if not ids:
                    continue
                acceptance = result.setdefault(
                    (operation.ac, change.first), Acceptance(operation.ac, change)
                )
                if operation.kind == "ins":
                    acceptance.characters += ids
                else:
                    acceptance.deletions += ids
        return sorted(result.values(), key=lambda each: self.log.time(each.change.first))

    @staticmethod
    def stands(acceptance: Acceptance, counts: dict[Id, int]) -> bool:
        ids = acceptance.characters or acceptance.deletions
        return any(counts.get(id, 0) % 2 == 0 for id in ids)

    def first(self, tag: Id, version: Version) -> Acceptance | None:
        """The first of the acceptances with a tag that stand."""
        counts = self.counts(version)
        return next(
            (each for each in self.acceptances(version) if each.tag == tag and self.stands(each, counts)),
            None,
        )

    def repeated(self, version: Version) -> set[Id]:
        """The characters that acceptances other than the first inserted."""
        counts = self.counts(version)
        acceptances = self.acceptances(version)
        result: set[Id] = set()
        seen: set[Id] = set()
        for acceptance in acceptances:
            if acceptance.tag not in seen and self.stands(acceptance, counts):
                seen.add(acceptance.tag)
                others = [a for a in acceptances if a.tag == acceptance.tag and a is not acceptance]
                result.update(id for other in others for id in other.characters)
        return result

    def shown(self, version: Version) -> set[Id]:
        """The characters that show at a version: text.md, What shows."""
        counts = self.counts(version)
        hidden = self.repeated(version)
        for deletion, character in self.deletions.items():
            if covers(version, deletion) and counts.get(deletion, 0) % 2 == 0:
                hidden.add(character)
        return {
            each.id
            for each in self.characters
            if covers(version, each.id) and counts.get(each.id, 0) % 2 == 0 and each.id not in hidden
        }

    def string(self, version: Version) -> str:
        """The text at a version."""
        shown = self.shown(version)
        return "".join(each.scalar for each in self.characters if each.id in shown)


def edit_tag(
    left: Id | None, right: Id | None, before: int, text: str, replaced: list[Span], moved: list[Span]
) -> Id:
    """The tag of an insertion: text.md, Edits made alike."""
    hasher = Hasher()
    for id in (left, right):
        hasher.byte(0 if id is None else 1)
        if id is not None:
            hasher.id(id)
    hasher.number(before)
    hasher.number(len(text))
    for scalar in text:
        hasher.number(ord(scalar))
    for spans in (replaced, moved):
        ids = [id for span in spans for id in span.ids()]
        hasher.number(len(ids))
        hasher.ids(ids)
    return Id(hasher.finish(), EDIT_TAG)

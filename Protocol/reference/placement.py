"""Where targets stand now, and how checks stand: annotations.md, Where it stands now and Checks."""

from __future__ import annotations

from dataclasses import dataclass

from changes import Operation
from log import covers
from replica import Replica
from values import Anchor, Check, Id, Target

Range = tuple[int, int]
"""Offsets of visible scalars, the end not included."""

JOINT = " … "
"""What stands between the words of several ranges."""


@dataclass(frozen=True)
class Placement:
    """Where a target stands now."""

    state: str
    ranges: tuple[Range, ...]


class Index:
    """The characters of an article as they are now, by place and by what shows."""

    def __init__(self, article: Replica) -> None:
        self.article = article
        self.text = article.text
        self.version = article.log.version()
        self.shown = self.text.shown(self.version)
        self.repeated = self.text.repeated(self.version)
        self.places = {each.id: place for place, each in enumerate(self.text.characters)}
        self.offsets: list[int] = []
        """For each place how many visible characters stand in front of it."""
        count = 0
        for each in self.text.characters:
            self.offsets.append(count)
            count += each.id in self.shown
        self.insertions = [
            operation
            for change in article.log.changes
            for operation in change.operations
            if operation.kind == "ins"
        ]

    def range_of(self, ids: set[Id]) -> Range | None:
        """From the first to behind the last of some visible characters."""
        offsets = [self.offsets[self.places[id]] for id in ids]
        return (min(offsets), max(offsets) + 1) if offsets else None

    def words(self, ranges: tuple[Range, ...]) -> str:
        """The texts of ranges: those that adjoin as they are, ` … ` between others."""
        text = self.text.string(self.version)
        result = ""
        end: int | None = None
        for start, stop in sorted(ranges):
            if start == stop:
                continue
            if end is not None and end < start:
                result += JOINT
            result += text[start:stop]
            end = stop
        return result

    # What became of characters

    def bearer(self, id: Id) -> Id | None:
        """The character that shows in the place of a hidden one that was moved."""
        if id in self.shown:
            return None
        moves = [each for each in self.insertions if id in _moved(each)]
        for move in sorted(moves, key=lambda each: self.article.log.time(each.id), reverse=True):
            for copy in reversed(_copies(move, {id})):
                bearer = copy if copy in self.shown else self.bearer(copy)
                if bearer is not None:
                    return bearer
        return None

    def replacing(self, ids: set[Id]) -> set[Id]:
        """The visible characters that replaced some of these, or what replaced some of them."""
        covered = set(ids)
        found: set[Id] = set()
        for each in self.insertions:
            if any(id in covered for span in each.rp for id in span.ids()):
                covered.update(each.ids())
                found.update(each.ids())
        return found & self.shown

    def moved(self, ids: set[Id]) -> list[tuple[Operation, set[Id]]]:
        """All that characters were moved to, and that was moved to, shown or not, by its `ins`."""
        covered = set(ids)
        found: list[tuple[Operation, set[Id]]] = []
        for each in self.insertions:
            copies = set(_copies(each, covered))
            if copies:
                covered |= copies
                found.append((each, copies))
        return found


def _moved(insertion: Operation) -> list[Id]:
    return [id for span in insertion.fr for id in span.ids()]


def _copies(insertion: Operation, ids: set[Id]) -> list[Id]:
    """The characters of an `ins` for some of those that its `fr` names."""
    return [copy for copy, former in zip(insertion.ids(), _moved(insertion)) if former in ids]


@dataclass
class Stretch:
    """The characters between two anchors, hidden ones included, and whether one was carried."""

    ids: list[Id]
    carried: bool


def carry(index: Index, id: Id) -> Id | None:
    """The character that takes the place of a repeated one: annotations.md, Carried anchors."""
    if id not in index.repeated:
        return None
    insertion = index.text.by_id[id].insertion
    own = next(
        each
        for each in index.text.acceptances(index.version)
        if each.tag == insertion.ac and id in each.characters
    )
    first = index.text.first(insertion.ac, index.version)
    if first is None or not first.characters:
        return None
    return first.characters[min(own.characters.index(id), len(first.characters) - 1)]


def stretch(index: Index, anchors: tuple[Anchor, Anchor]) -> Stretch | None:
    """The stretch of a range; None if a character of its anchors is not here."""
    if any(anchor.character not in index.places for anchor in anchors):
        return None
    carried = [carry(index, anchor.character) for anchor in anchors]
    start, end = (
        index.places[other or anchor.character] + anchor.side
        for anchor, other in zip(anchors, carried)
    )
    ids = [each.id for each in index.text.characters[start : max(start, end)]]
    return Stretch(ids, any(carried))


def counted(index: Index, target: Target, part: Stretch) -> list[Id]:
    """The characters of a stretch that a target is about, hidden ones that are not borne included."""
    if part.carried:
        return part.ids
    then = index.text.shown(index.article.log.at(target.at))
    return [id for id in part.ids if id in then]


def stretches(index: Index, target: Target) -> list[Stretch] | None:
    """The stretches of a target; None if it is pending."""
    if not all(covers(index.version, id) for id in target.at):
        return None
    parts = [stretch(index, anchors) for anchors in target.ranges]
    return None if None in parts else parts


def current_range(index: Index, part: Stretch) -> Range:
    """The current range of a stretch."""
    ids = set(part.ids)
    found = index.range_of((ids & index.shown) | index.replacing(ids))
    if found:
        return found
    place = index.offsets[index.places[part.ids[0]]] if part.ids else 0
    return place, place


def placement(index: Index, target: Target | None) -> Placement:
    """Where a target stands now; None is a field that holds no target."""
    if target is None or not target.ranges:
        return Placement("whole", ())
    parts = stretches(index, target)
    if parts is None:
        return Placement("pending", ())
    showing = 0
    is_moved = False
    ranges: list[Range] = []
    for part in parts:
        bearers = {id: index.bearer(id) for id in counted(index, target, part)}
        visible = [id for id in bearers if id in index.shown]
        borne = [bearer for bearer in bearers.values() if bearer is not None]
        outside = {bearer for bearer in borne if bearer not in part.ids}
        showing += len(visible) + len(borne)
        is_moved = is_moved or bool(outside)
        here = bool(visible) or any(bearer in part.ids for bearer in borne)
        ranges += _ranges(index, part, outside, here)
    gaps = target.exact.replace(JOINT, "", len(target.ranges) - 1)
    coverage = min(1, showing / max(1, len(gaps)))
    if is_moved:
        state = "moved"
    elif showing > 0:
        state = "anchored" if coverage == 1 else "partial"
    else:
        state = "rewritten" if any(start < end for start, end in ranges) else "collapsed"
    return Placement(state, _joined(ranges))


def _ranges(index: Index, part: Stretch, outside: set[Id], here: bool) -> list[Range]:
    """The ranges of one stretch; `outside` are the bearers outside of it, `here` is whether a counted
    character shows inside: annotations.md, Moved ranges."""
    ids = set(part.ids)
    moved: list[Range] = []
    for move, copies in index.moved(ids):
        shown = {bearer for bearer in outside if bearer in move.ids()}
        if not shown and copies & index.shown:
            continue
        found = index.range_of(shown | (index.replacing(copies) - ids))
        if found:
            moved.append(found)
    if here or not moved:
        return [current_range(index, part)] + moved
    found = index.range_of(index.replacing(ids))
    return ([found] if found else []) + moved


def _joined(ranges: list[Range]) -> tuple[Range, ...]:
    """In ascending order, those that overlap as one."""
    result: list[Range] = []
    for start, end in sorted(ranges):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


# Checks


def check_place(index: Index, annotations: Replica, annotation: Id) -> tuple[Check, Target] | None:
    """The check that shows, and the target whose place it is asked about; None if there is none."""
    store = annotations.annotations
    write = store.write(annotation, "check")
    if write is None or not isinstance(write.value, Check):
        return None
    shows = store.value(annotation, "target")
    known = annotations.log.up_to(write.id)
    seen = store.standing(annotation, "target", known)
    if _is_target(shows) and (not seen or seen[-1].value != shows):
        return write.value, shows
    return write.value, write.value


def _is_target(value: object) -> bool:
    return isinstance(value, Target) and not isinstance(value, Check)


def check_state(index: Index, annotations: Replica, annotation: Id) -> tuple[str, str]:
    """How the check that shows stands, and the words at its place."""
    found = check_place(index, annotations, annotation)
    if found is None:
        return "unchecked", ""
    check, target = found
    place = placement(index, target)
    if place.state == "pending":
        return "pending", ""
    words = index.words(place.ranges)
    elsewhere = target is not check
    if elsewhere or (words != check.exact and target.ranges):
        return "stale", words
    return "fresh", words

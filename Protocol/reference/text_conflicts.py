"""Conflicts of text: conflicts.md, text, and resolution of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import answers as resolutions
from changes import Change, Operation
from log import Version as Known
from log import covers, intersected
from questions import Conflict, Version, connected, settled
from replica import Replica
from text import EDIT_TAG
from values import Id
from verdicts import rival_suggestions

SENTENCE = 200
"""How many scalars to each side are looked at for the ends of sentences."""

WHITE_SPACE = frozenset(
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Unicode's White_Space says. `str.isspace` has U+001C to U+001F besides."""

Node = tuple[Id, Id]
"""An edit, whatever the base: its change and its first operation."""


@dataclass
class Edit:
    """What a change did at one place, in offsets of a base text."""

    first: Id
    start: int
    end: int
    inserted: str = ""
    tags: tuple[Id | None, ...] = ()
    """The `ac` of each insertion."""
    decides: frozenset[Id] = frozenset()
    """The suggestions it decides on, if that is all it does."""

    def touches(self, other: Edit) -> bool:
        return self.start <= other.end and other.start <= self.end

    def same(self, other: Edit) -> bool:
        equal = (self.start, self.end, self.inserted, self.tags) == (
            other.start,
            other.end,
            other.inserted,
            other.tags,
        )
        return equal and None not in self.tags


class Base:
    """The text at a version, with the places of all characters in it."""

    def __init__(self, article: Replica, version: Known) -> None:
        self.article = article
        self.version = version
        self.shown = article.text.shown(version)
        self.offsets: dict[Id, int] = {}
        self.visible: list[int] = []
        """The places in the list of the characters that show."""
        for place, each in enumerate(article.text.characters):
            self.offsets[each.id] = len(self.visible)
            if each.id in self.shown:
                self.visible.append(place)
        self.string = "".join(article.text.characters[place].scalar for place in self.visible)

    def edits(self, change: Change) -> list[Edit]:
        """What a change did and what of it is not undone, place by place."""
        counts = self.article.text.counts(self.article.log.version())
        edits: list[Edit] = []
        for operation in change.operations:
            if operation.kind == "ins" and any(counts.get(id, 0) % 2 == 0 for id in operation.ids()):
                place = self.offsets[operation.id]
                tags = (operation.ac,)
                edits.append(Edit(operation.id, place, place, operation.t, tags, _decides(operation)))
            elif operation.kind == "del":
                for id in operation.ids():
                    if counts.get(id, 0) % 2 == 0:
                        edits += self._place(operation.id, id, _decides(operation))
            elif operation.kind == "vis":
                for span, count in operation.x:
                    for id in span.ids():
                        if covers(self.version, id) and counts[id] == count:
                            edits += self._place(operation.id, id, self._flipped(id))
        return _joined(edits)

    def _flipped(self, id: Id) -> frozenset[Id]:
        change = self.article.log.change_of(id)
        return _decides(next(each for each in change.operations if id in each.ids()))

    def _place(self, first: Id, id: Id, decides: frozenset[Id]) -> list[Edit]:
        """The place of an inserted character, or of a deleted one."""
        character = self.article.text.deletions.get(id, id)
        if not covers(self.version, character):
            return []
        start = self.offsets[character]
        return [Edit(first, start, start + (character in self.shown), decides=decides)]


def _decides(operation: Operation) -> frozenset[Id]:
    is_suggestion = operation.ac is not None and operation.ac.seq != EDIT_TAG
    return frozenset([operation.ac]) if is_suggestion else frozenset()


def _joined(edits: list[Edit]) -> list[Edit]:
    result: list[Edit] = []
    for edit in sorted(edits, key=lambda each: each.start):
        if result and edit.start <= result[-1].end:
            last = result[-1]
            both = bool(last.decides) and bool(edit.decides)
            result[-1] = Edit(
                min(last.first, edit.first),
                last.start,
                max(last.end, edit.end),
                last.inserted + edit.inserted,
                last.tags + edit.tags,
                last.decides | edit.decides if both else frozenset(),
            )
        else:
            result.append(edit)
    return result


def conflicts(article: Replica) -> list[Conflict]:
    """The open conflicts of text, and of resolutions of such ones."""
    known = resolutions.answers(article)
    found = [_of_edits(article, group) for group in connected(_pairs(article, known))]
    for group in resolutions.open_disagreements(article, "text", known):
        found.append(_of_answers(article, group, known))
    return found


def _pairs(article: Replica, known: resolutions.Answers) -> list[tuple[Node, Node]]:
    """All pairs of edits that touch and are not the same, less what is settled or asked elsewhere."""
    log = article.log
    rivals = rival_suggestions(article)
    answered = {
        frozenset((log.change_of(a).first, log.change_of(b).first))
        for a, b in resolutions.disagreements(article, "text", known)
    }
    changes = [c for c in log.changes if any(o.kind in ("ins", "del", "vis") for o in c.operations)]
    pairs: list[tuple[Node, Node]] = []
    for a, b in combinations(changes, 2):
        if not log.concurrent(a, b) or frozenset((a.first, b.first)) in answered:
            continue
        base = Base(article, intersected(log.known_before(a), log.known_before(b)))
        for x in base.edits(a):
            for y in base.edits(b):
                if not x.touches(y) or x.same(y) or settled(article, "text", [x.first, y.first]):
                    continue
                if any(s == t or frozenset((s, t)) in rivals for s in x.decides for t in y.decides):
                    continue
                pairs.append(((a.first, x.first), (b.first, y.first)))
    return pairs


@dataclass
class Frame:
    """What people are shown of some edits: the base, and the stretch of the list around it."""

    base: str
    shown: str
    range: tuple[int, int]
    characters: list[Id] = field(default_factory=list)


def _frame(article: Replica, nodes: list[Node], whole: bool = True) -> Frame:
    """The frame of some edits: whole sentences, or the words that they touch."""
    log = article.log
    changes = [change for change in log.changes if any(change.first == node[0] for node in nodes)]
    version = log.known_before(changes[0])
    for change in changes[1:]:
        version = intersected(version, log.known_before(change))
    base = Base(article, version)
    everything = [edit for change in changes for edit in base.edits(change)]
    firsts = {node[1] for node in nodes}
    edits = [edit for edit in everything if edit.first in firsts] or everything
    start = min((edit.start for edit in edits), default=0)
    end = max((edit.end for edit in edits), default=0)
    if whole:
        start, end = grown(base.string, start, end)
    characters = article.text.characters
    lower = base.visible[start - 1] + 1 if start > 0 else 0
    upper = base.visible[end] if end < len(base.visible) else len(characters)
    inside = [each.id for each in characters[lower:upper]]
    shown = article.text.shown(log.version())
    offset = sum(each.id in shown for each in characters[:lower])
    text = "".join(article.text.by_id[id].scalar for id in inside if id in shown)
    return Frame(base.string[start:end], text, (offset, offset + len(text)), inside)


def grown(text: str, start: int, end: int) -> tuple[int, int]:
    """A range grown to whole sentences: conflicts.md, The frame."""
    first, last = max(0, start - SENTENCE), min(len(text), end + SENTENCE)

    def ends(place: int) -> bool:
        if text[place] == "\n":
            return True
        return text[place] in ".?!" and (place + 1 == last or text[place + 1] in WHITE_SPACE)

    lower = start
    while lower > first and not ends(lower - 1):
        lower -= 1
    while lower < start and text[lower] in WHITE_SPACE:
        lower += 1
    upper = end
    while upper < last and not ends(upper):
        upper += 1
    if upper < last and text[upper] != "\n":
        upper += 1
    return lower, upper


def _content(article: Replica, frame: Frame, version: Known) -> str:
    shown = article.text.shown(version)
    return "".join(article.text.by_id[id].scalar for id in frame.characters if id in shown)


def _of_edits(article: Replica, nodes: list[Node]) -> Conflict:
    log = article.log
    frame = _frame(article, nodes)
    versions: list[Version] = []
    firsts = log.in_time_order({node[0] for node in nodes})
    for agent in dict.fromkeys(first.agent for first in firsts):
        last = max(first for first in firsts if first.agent == agent)
        operations = [node[1] for node in nodes if node[0].agent == agent]
        content = _content(article, frame, log.known_with(log.change_of(last)))
        versions.append(Version(content, log.in_time_order(operations)))
    ids = sorted(node[1] for node in nodes)
    return _conflict(article, "text", frame, ids, versions)


def _of_answers(article: Replica, group: list[Id], known: resolutions.Answers) -> Conflict:
    frame = _frame(article, _nodes(article, _edits(article, group)))
    versions = [
        Version(_content(article, frame, article.log.up_to(version[0])), version)
        for version in resolutions.by_answer(article, group, known)
    ]
    return _conflict(article, "resolution", frame, sorted(group), versions)


def words_of(article: Replica, conflict: Conflict) -> Frame:
    """The words that a conflict of text, or of resolutions of such a one, is about."""
    settles = conflict.settles
    edits = settles if conflict.kind == "text" else _edits(article, settles)
    return _frame(article, _nodes(article, edits), whole=False)


def version_of(article: Replica, conflict: Conflict, chosen: int) -> Known:
    """The version of the text that a version of a conflict stands for."""
    operations = conflict.versions[chosen].operations
    if conflict.kind == "resolution":
        return article.log.up_to(operations[0])
    return article.log.known_with(article.log.change_of(max(operations)))


def _edits(article: Replica, group: list[Id]) -> list[Id]:
    """What some resolutions settle in the end."""
    known = resolutions.answers(article)
    return sorted({id for each in group for id in known[each].settles})


def _nodes(article: Replica, edits: list[Id]) -> list[Node]:
    return [(article.log.change_of(id).first, id) for id in edits]


def _conflict(
    article: Replica, kind: str, frame: Frame, ids: list[Id], versions: list[Version]
) -> Conflict:
    return Conflict(
        kind=kind,
        document=article.document,
        about=[],
        field="",
        operations=ids,
        settles=ids,
        base=frame.base,
        versions=versions,
        shown=frame.shown,
        subject={"range": list(frame.range)},
    )

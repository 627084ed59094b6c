"""Decisions on suggestions, and conflicts about them: conflicts.md, verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import answers as resolutions
from placement import Index
from questions import Conflict, Version, connected, index_of, settled
from replica import Replica
from text import EDIT_TAG
from values import Id


@dataclass(frozen=True)
class Decision:
    """An acceptance of a suggestion, or a rejection, which has no wording."""

    id: Id
    suggestion: Id
    wording: str | None
    stands: bool
    inserted: tuple[Id, ...] = ()
    removed: tuple[Id, ...] = ()

    @property
    def content(self) -> str:
        if self.wording is None:
            return "rejected"
        return f"accepted: {self.wording}" if self.wording else "accepted, to delete"

    def rivals(self, other: Decision) -> bool:
        if self.suggestion == other.suggestion:
            return self.wording != other.wording
        return not set(self.removed).isdisjoint(other.removed)


def acceptances(article: Replica) -> list[Decision]:
    """All acceptances, by their changes in time order, those of one change by id."""
    text = article.text
    version = article.log.version()
    counts = text.counts(version)
    found: list[tuple[tuple[int, int, int], Decision]] = []
    for each in text.acceptances(version):
        if each.tag.seq == EDIT_TAG:
            continue
        decision = Decision(
            id=min(o.id for o in each.change.operations if o.ac == each.tag),
            suggestion=each.tag,
            wording="".join(text.by_id[id].scalar for id in each.characters),
            stands=text.stands(each, counts),
            inserted=tuple(each.characters),
            removed=tuple(text.deletions[id] for id in each.deletions),
        )
        found.append((article.log.time(each.change.first), decision))
    return [decision for _, decision in sorted(found, key=lambda pair: (pair[0], pair[1].id))]


def rejections(annotations: Replica) -> list[Decision]:
    """All writes that reject a suggestion, in time order."""
    store = annotations.annotations
    found = [
        Decision(write.id, entity.id, None, write in store.standing(entity.id, "verdict"))
        for entity in store.listed("annotation")
        for write in store.writes.get((entity.id, "verdict"), [])
        if write.value == "rejected"
    ]
    return sorted(found, key=lambda decision: annotations.log.time(decision.id))


def rival_suggestions(article: Replica) -> set[frozenset[Id]]:
    """Pairs of suggestions whose acceptances, standing or not, remove a character in common."""
    pairs = combinations(acceptances(article), 2)
    return {frozenset((a.suggestion, b.suggestion)) for a, b in pairs if a.rivals(b)}


def conflicts(index: Index, annotations: Replica) -> list[Conflict]:
    """The open conflicts of kind `verdict`, and of resolutions of such ones."""
    decisions = acceptances(index.article) + rejections(annotations)
    standing = [decision for decision in decisions if decision.stands]
    pairs = [
        (a.id, b.id)
        for a, b in combinations(standing, 2)
        if a.rivals(b) and not settled(annotations, "verdict", [a.id, b.id])
    ]
    groups = [_named(decisions, group) for group in connected(pairs)]
    if annotations.is_private:
        # Acceptances alone are asked about with the shared set.
        groups = [group for group in groups if any(each.wording is None for each in group)]
    found = [_of_decisions(index, annotations, group) for group in groups]
    known = resolutions.answers(annotations)
    for group in resolutions.open_disagreements(annotations, "verdict", known):
        found.append(_of_answers(index, annotations, decisions, group, known))
    return found


def _named(decisions: list[Decision], ids: Iterable[Id]) -> list[Decision]:
    named = set(ids)
    return [decision for decision in decisions if decision.id in named]


def _versions(decisions: list[Decision]) -> list[list[Decision]]:
    """One for each suggestion and wording."""
    versions: dict[tuple[Id, str | None], list[Decision]] = {}
    for decision in decisions:
        versions.setdefault((decision.suggestion, decision.wording), []).append(decision)
    return list(versions.values())


def _frame(index: Index, decisions: list[Decision]) -> tuple[str, str]:
    """What the acceptances removed, and what shows from the first to the last they touched."""
    characters = index.text.characters
    removed = sorted({index.places[id] for each in decisions for id in each.removed})
    places = removed + [index.places[id] for each in decisions for id in each.inserted]
    base = "".join(characters[place].scalar for place in removed)
    inside = characters[min(places) : max(places) + 1] if places else []
    return base, "".join(each.scalar for each in inside if each.id in index.shown)


def _of_decisions(index: Index, annotations: Replica, decisions: list[Decision]) -> Conflict:
    base, shown = _frame(index, decisions)
    suggestions = sorted({each.suggestion for each in decisions})
    ids = sorted(each.id for each in decisions)
    return Conflict(
        kind="verdict",
        document=annotations.document,
        about=suggestions,
        field="verdict",
        operations=ids,
        settles=ids,
        base=base,
        versions=[
            Version(version[0].content, [each.id for each in version])
            for version in _versions(decisions)
        ],
        shown=shown,
        subject={"suggestions": [str(id) for id in suggestions]},
    )


def _of_answers(
    index: Index,
    annotations: Replica,
    decisions: list[Decision],
    group: list[Id],
    known: resolutions.Answers,
) -> Conflict:
    named = _named(decisions, (id for each in group for id in known[each].settles))
    base, shown = _frame(index, named)
    suggestions = sorted({each.suggestion for each in named})
    versions = []
    for version in resolutions.by_answer(annotations, group, known):
        answer = known[version[0]]
        choices = _versions(_named(decisions, answer.settles))
        choice = index_of(answer.take)
        is_letter = choice is not None and choice < len(choices)
        versions.append(Version(choices[choice][0].content if is_letter else answer.take, version))
    return Conflict(
        kind="resolution",
        document=annotations.document,
        about=suggestions,
        field="",
        operations=sorted(group),
        settles=sorted(group),
        base=base,
        versions=versions,
        shown=shown,
        subject={"suggestions": [str(id) for id in suggestions]},
    )

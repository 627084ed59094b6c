"""Conflicts about annotations whose words are gone: conflicts.md, anchor."""

from __future__ import annotations

import answers as resolutions
from annotations import Entity
from placement import Index, check_place, check_state, placement, stretches
from questions import Conflict, Version, settled
from replica import Replica
from values import Check, Id, Target
from verdicts import acceptances


def is_open(index: Index, annotations: Replica, note: Entity) -> bool:
    """Whether an annotation still wants something: annotations.md, Suggestions."""
    store = annotations.annotations
    if store.gone(note.id) or store.value(note.id, "status") == "done":
        return False
    if note.operation.g != "suggestion":
        return True
    decisions = acceptances(index.article)
    accepted = any(each.stands and each.suggestion == note.id for each in decisions)
    return not accepted and store.value(note.id, "verdict") != "rejected"


def conflicts(index: Index, annotations: Replica) -> list[Conflict]:
    """The open conflicts of kind `anchor`, and of resolutions of such ones."""
    store = annotations.annotations
    found: list[Conflict] = []
    for note in store.listed("annotation"):
        if not is_open(index, annotations, note):
            continue
        write = store.write(note.id, "target")
        if write is None or not isinstance(write.value, Target) or isinstance(write.value, Check):
            continue
        place = placement(index, write.value)
        if place.state not in ("rewritten", "collapsed") or _is_checked(index, annotations, note.id):
            continue
        removals = _removals(index, write.value)
        settles = sorted({note.id, write.id, *removals})
        if settled(annotations, "anchor", settles):
            continue
        now = index.words(place.ranges[:1])
        found.append(
            Conflict(
                kind="anchor",
                document=annotations.document,
                about=[note.id],
                field="target",
                operations=[write.id] + removals,
                settles=settles,
                base=write.value.exact,
                versions=[
                    Version(f"stands on: {write.value.exact}", [write.id]),
                    Version(f"now reads: {now}" if now else "deleted", removals),
                ],
                shown=now,
                subject={"entity": str(note.id)},
            )
        )
    known = resolutions.answers(annotations)
    for group in resolutions.open_disagreements(annotations, "anchor", known):
        found += _of_answers(index, annotations, group, known)
    return found


def _is_checked(index: Index, annotations: Replica, note: Id) -> bool:
    found = check_place(index, annotations, note)
    fresh = check_state(index, annotations, note)[0] == "fresh"
    return found is not None and fresh and bool(found[0].ranges)


def _removals(index: Index, target: Target) -> list[Id]:
    """The changes that took the words of a target away, ascending."""
    log, text = index.article.log, index.text
    counts = text.counts(index.version)
    then = text.shown(log.at(target.at))
    removals: set[Id] = set()
    for part in stretches(index, target) or []:
        for id in part.ids:
            if id in index.shown or id not in then:
                continue
            hiding = [
                deletion
                for deletion, character in text.deletions.items()
                if character == id and counts.get(deletion, 0) % 2 == 0
            ]
            if counts.get(id, 0) % 2 == 1:
                hiding += [vis for vis, other, count in text.marks if other == id and count == counts[id]]
            changes = {log.change_of(each).first for each in hiding}
            if changes:
                removals.add(min(changes, key=log.time))
    return sorted(removals)


def _of_answers(
    index: Index, annotations: Replica, group: list[Id], known: resolutions.Answers
) -> list[Conflict]:
    store = annotations.annotations
    ids = [id for each in group for id in known[each].settles]
    notes = [id for id in ids if id in store.entities and store.entities[id].kind == "annotation"]
    if not notes:
        return []
    value = store.value(notes[0], "target")
    target = value if isinstance(value, Target) and not isinstance(value, Check) else None
    place = placement(index, target)
    return [
        Conflict(
            kind="resolution",
            document=annotations.document,
            about=notes[:1],
            field="",
            operations=sorted(group),
            settles=sorted(group),
            base=target.exact if target else None,
            versions=[
                Version(known[version[0]].take, version)
                for version in resolutions.by_answer(annotations, group, known)
            ],
            shown=index.words(place.ranges[:1]),
            subject={"entity": str(notes[0])},
        )
    ]

"""What resolutions come to, and which disagree: conflicts.md, resolution."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from annotations import Entity
from questions import connected, index_of
from replica import Replica
from values import Id


@dataclass(frozen=True)
class Answer:
    """What a resolution of kind `text`, `verdict` or `anchor` comes to in the end."""

    kind: str
    settles: tuple[Id, ...]
    take: str
    inserted: str = ""
    deleted: tuple[Id, ...] = ()

    def agrees(self, other: Answer) -> bool:
        if (self.kind, self.take, self.inserted, self.deleted) != (
            other.kind,
            other.take,
            other.inserted,
            other.deleted,
        ):
            return False
        return self.settles == other.settles or index_of(self.take) is None


Answers = dict[Id, Answer]


def answers(replica: Replica) -> Answers:
    """The answer of each resolution, withdrawn ones included: a later one may name it."""
    result: Answers = {}
    for entity in replica.annotations.listed("resolution"):
        result[entity.id] = _answer(replica, entity, result)
    return result


def _answer(replica: Replica, entity: Entity, earlier: Answers) -> Answer:
    operation = entity.operation
    inserted, deleted = "", []
    if operation.take == "edit":
        for other in replica.log.change_of(entity.id).operations:
            if other.kind == "ins":
                inserted += other.t
            elif other.kind == "del":
                deleted += [id for span in other.x for id in span.ids()]
    own = (operation.take, inserted, tuple(deleted))
    if operation.g != "resolution":
        return Answer(operation.g, tuple(operation.s), *own)
    versions = by_answer(replica, operation.s, earlier)
    index = index_of(operation.take)
    if index is not None and index < len(versions):
        return earlier[versions[index][0]]
    if not versions:
        return Answer(operation.g, tuple(operation.s), *own)
    union = {id for version in versions for each in version for id in earlier[each].settles}
    return Answer(earlier[versions[0][0]].kind, tuple(sorted(union)), *own)


def by_answer(replica: Replica, resolutions: list[Id], known: Answers) -> list[list[Id]]:
    """Resolutions that give the same answer, together, in time order: the versions of a conflict."""
    versions: list[list[Id]] = []
    for id in replica.log.in_time_order(id for id in resolutions if id in known):
        version = next((each for each in versions if known[each[0]].agrees(known[id])), None)
        if version is None:
            versions.append([id])
        else:
            version.append(id)
    return versions


def disagreements(replica: Replica, kind: str, known: Answers) -> list[tuple[Id, Id]]:
    """Pairs of standing resolutions that disagree about a conflict of a kind."""
    standing = [
        entity.id
        for entity in replica.annotations.listed("resolution")
        if not replica.annotations.withdrawn(entity.id) and known[entity.id].kind == kind
    ]
    return [
        (a, b)
        for a, b in combinations(standing, 2)
        if replica.log.concurrent_operations(a, b)
        and len(set(known[a].settles) & set(known[b].settles)) >= 2
        and not known[a].agrees(known[b])
    ]


def open_disagreements(replica: Replica, kind: str, known: Answers) -> list[list[Id]]:
    """The groups of resolutions that are one conflict."""
    standing = replica.annotations.standing_resolutions("resolution")
    answered = {id for resolution in standing for id in resolution.operation.s}
    pairs = [
        pair
        for pair in disagreements(replica, kind, known)
        if pair[0] not in answered and pair[1] not in answered
    ]
    return connected(pairs)

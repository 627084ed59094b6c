"""Registers, annotations, replies, resolutions, tags and threads: annotations.md."""

from __future__ import annotations

from dataclasses import dataclass

from canonical import Refusal
from changes import Operation
from log import Log, Version, covers
from values import Check, Id, Target

Value = str | Target | Check | None


@dataclass(frozen=True)
class Write:
    """A write of a register."""

    id: Id
    value: Value
    replaces: tuple[Id, ...]
    why: str | None = None


@dataclass
class Entity:
    """An annotation, a reply or a resolution, named by the operation that made it."""

    id: Id
    operation: Operation

    @property
    def kind(self) -> str:
        return {"note": "annotation", "reply": "reply", "resolve": "resolution"}[self.operation.kind]


@dataclass
class Tagging:
    """An addition of a tag to an annotation, or, with `takes_off`, additions taken off."""

    id: Id
    annotation: Id
    tag: str
    takes_off: tuple[Id, ...] | None = None


class Annotations:
    """What a document holds beside its text."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.entities: dict[Id, Entity] = {}
        self.writes: dict[tuple[Id | None, str], list[Write]] = {}
        self.taggings: list[Tagging] = []

    def copy(self) -> Annotations:
        other = Annotations(self.log)
        other.entities = dict(self.entities)
        other.writes = {key: list(writes) for key, writes in self.writes.items()}
        other.taggings = list(self.taggings)
        return other

    # Taking operations in

    def take(self, operation: Operation, known: Version) -> None:
        """Takes an operation in whose author knows `known`."""
        id = operation.id
        if operation.kind == "set":
            self._set(operation, known)
        elif operation.kind == "resolve":
            # Removals and decisions are operations of the article, named in a list of the set's.
            if operation.g not in ("anchor", "verdict"):
                self._expect(operation.s, known)
            self.entities[id] = Entity(id, operation)
        elif operation.kind == "note":
            self.entities[id] = Entity(id, operation)
            first = {"target": operation.on, "body": operation.b}
            if operation.p is not None:
                first["proposal"] = operation.p
            for name, value in first.items():
                self.writes[id, name] = [Write(id, value, ())]
            self.taggings += [Tagging(id, id, tag) for tag in operation.tg]
        else:
            self._expect([operation.e], known, kind="annotation")
            if operation.kind == "reply":
                self.entities[id] = Entity(id, operation)
                self.writes[id, "body"] = [Write(id, operation.b, ())]
            elif operation.kind == "tag":
                self.taggings.append(Tagging(id, operation.e, operation.v))
            else:
                self._expect(operation.p, known)
                self.taggings.append(Tagging(id, operation.e, operation.v, tuple(operation.p)))

    def _expect(self, ids: list[Id], known: Version, kind: str | None = None) -> None:
        for id in ids:
            entity = self.entities.get(id)
            if not covers(known, id) or (kind and (entity is None or entity.kind != kind)):
                raise Refusal("invalid_op", f"{id} is no {kind or 'operation'} that the author knows")

    def _set(self, operation: Operation, known: Version) -> None:
        if operation.e is not None and (operation.e not in self.entities or not covers(known, operation.e)):
            raise Refusal("invalid_op", f"{operation.e} is nothing that could have fields")
        writes = self.writes.setdefault((operation.e, operation.f), [])
        for id in operation.p:
            if not covers(known, id) or all(write.id != id for write in writes):
                raise Refusal("invalid_op", f"{id} is no write of {operation.f} that the author knows")
        writes.append(Write(operation.id, operation.v, tuple(operation.p), operation.y))

    # Registers

    def standing(self, entity: Id | None, name: str, version: Version | None = None) -> list[Write]:
        """The writes that no other one replaces, in time order; at a version, or now."""
        writes = self.writes.get((entity, name), [])
        if version is not None:
            writes = [write for write in writes if covers(version, write.id)]
        replaced = {id for write in writes for id in write.replaces}
        return sorted((w for w in writes if w.id not in replaced), key=lambda w: self.log.time(w.id))

    def write(self, entity: Id | None, name: str) -> Write | None:
        """The write that shows."""
        return next(reversed(self.standing(entity, name)), None)

    def value(self, entity: Id | None, name: str) -> Value:
        write = self.write(entity, name)
        return write.value if write else None

    def contested(self, entity: Id | None, name: str) -> bool:
        standing = self.standing(entity, name)
        return any(not equal(write.value, standing[0].value) for write in standing)

    def fields(self, entity: Id | None) -> list[str]:
        """The names of the fields with a write, ascending."""
        return sorted(name for (other, name), writes in self.writes.items() if other == entity and writes)

    # Entities

    def listed(self, kind: str) -> list[Entity]:
        """All annotations, replies or resolutions, in time order."""
        entities = [entity for entity in self.entities.values() if entity.kind == kind]
        return sorted(entities, key=lambda entity: self.log.time(entity.id))

    def replies(self, annotation: Id) -> list[Entity]:
        return [reply for reply in self.listed("reply") if reply.operation.e == annotation]

    def tags(self, annotation: Id) -> list[tuple[str, list[Id]]]:
        """The tags of an annotation, ascending, each with the additions that stand, ascending."""
        here = [each for each in self.taggings if each.annotation == annotation]
        result: dict[str, list[Id]] = {}
        for addition in here:
            taken_off = any(
                each.tag == addition.tag and addition.id in (each.takes_off or ()) for each in here
            )
            if addition.takes_off is None and not taken_off:
                result.setdefault(addition.tag, []).append(addition.id)
        return [(tag, sorted(result[tag])) for tag in sorted(result)]

    # Life

    def withdrawn(self, entity: Id) -> bool:
        return self.value(entity, "life") == "withdrawn"

    def touches(self, entity: Id) -> list[Id]:
        """The touches of an annotation or reply, in time order: annotations.md, Life."""
        ids = [
            write.id
            for (other, name), writes in self.writes.items()
            for write in writes
            if other == entity and name != "life" and write.id != entity
        ]
        if self.entities[entity].kind == "annotation":
            ids += [each.id for each in self.taggings if each.annotation == entity != each.id]
            for reply in self.replies(entity):
                ids += [reply.id] + self.touches(reply.id)
        return self.log.in_time_order(set(ids))

    def kept_by(self, entity: Id) -> tuple[list[Id], list[Id]]:
        """The standing writes of `withdrawn`, and the touches concurrent with all of them."""
        writes = [w.id for w in self.standing(entity, "life") if w.value == "withdrawn"]
        touches = self.touches(entity)
        return writes, [
            touch
            for touch in touches
            if all(self.log.concurrent_operations(touch, write) for write in writes)
        ]

    def gone(self, entity: Id) -> bool:
        return self.withdrawn(entity) and not self.kept_by(entity)[1]

    def standing_resolutions(self, *kinds: str) -> list[Entity]:
        """The resolutions of these kinds that are not withdrawn, in time order."""
        return [
            entity
            for entity in self.listed("resolution")
            if entity.operation.g in kinds and not self.withdrawn(entity.id)
        ]


def equal(a: Value, b: Value) -> bool:
    """Whether two values of a register are equal: annotations.md, Registers and Checks."""
    if isinstance(a, Check) and isinstance(b, Check):
        return (a.verdict, a.remark, a.evidence, a.exact) == (b.verdict, b.remark, b.evidence, b.exact)
    return a == b

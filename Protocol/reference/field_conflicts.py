"""Conflicts about fields and about what was withdrawn: conflicts.md, value, delete/edit, resolution."""

from __future__ import annotations

from annotations import Value, Write, equal
from questions import Conflict, Version
from log import covers
from replica import Replica
from values import Check, Id


def conflicts(replica: Replica) -> list[Conflict]:
    """The questions about the fields of one document, and of its annotations and replies."""
    store = replica.annotations
    entities = [None] + [id for id, entity in store.entities.items() if entity.kind != "resolution"]
    found: list[Conflict] = []
    for entity in entities:
        for name in store.fields(entity):
            if store.contested(entity, name):
                found.append(_of_field(replica, entity, name))
        if entity is not None and store.withdrawn(entity) and store.kept_by(entity)[1]:
            found.append(_of_life(replica, entity))
    return found


def describe(value: Value) -> str:
    """The text of a value, for people."""
    if value is None or isinstance(value, str):
        return value or ""
    if not isinstance(value, Check):
        return value.exact
    parts = [f"{value.verdict} on: {value.exact}"]
    for source, url, page, time in value.evidence:
        parts.append(", ".join(filter(None, (source, url, page and f"p. {page}", time))))
    return "; ".join(parts + ([value.remark] if value.remark else []))


def _of_field(replica: Replica, entity: Id | None, name: str) -> Conflict:
    store = replica.annotations
    writes = store.standing(entity, name)
    answered = _common_question(replica, writes)
    versions: list[tuple[Value, Version]] = []
    for write in writes:
        version = next((version for value, version in versions if equal(value, write.value)), None)
        if version is None:
            version = Version(describe(write.value), [])
            versions.append((write.value, version))
        version.operations.append(write.id)
    ids = [write.id for write in writes]
    base = _base(replica, store.writes[entity, name], ids if answered is None else answered)
    return Conflict(
        kind="value" if answered is None else "resolution",
        document=replica.document,
        about=[] if entity is None else [entity],
        field=name,
        operations=ids,
        settles=sorted(ids),
        base=None if base is None else describe(base.value),
        versions=[version for _, version in versions],
        shown=describe(writes[-1].value),
        subject=({} if entity is None else {"entity": str(entity)}) | {"field": name},
    )


def _base(replica: Replica, writes: list[Write], later: list[Id]) -> Write | None:
    """The last write of a field in the history of all of some operations."""
    common = [
        write
        for write in writes
        if all(write.id != id and covers(replica.log.up_to(id), write.id) for id in later)
    ]
    return max(common, key=lambda write: replica.log.time(write.id), default=None)


def _common_question(replica: Replica, writes: list[Write]) -> list[Id] | None:
    """The list of operations that all of some writes answer, if there is one."""
    common: list[Id] | None = None
    for write in writes:
        change = replica.log.change_of(write.id)
        question = next(
            (
                operation.s
                for operation in change.operations
                if operation.kind == "resolve"
                and operation.g in ("value", "delete/edit", "resolution")
                and operation.known
                and not replica.annotations.withdrawn(operation.id)
                and write.replaces
                and set(write.replaces) <= set(operation.s)
            ),
            None,
        )
        if question is None or (common is not None and common != question):
            return None
        common = question
    return common


def _of_life(replica: Replica, entity: Id) -> Conflict:
    store = replica.annotations
    writes, touches = store.kept_by(entity)
    withdrawn = Version("withdrawn", writes)
    kept = Version("; ".join(_describe_touch(replica, touch) for touch in touches), touches)
    is_first = replica.log.time(writes[0]) < replica.log.time(touches[0])
    body = store.value(entity, "body")
    return Conflict(
        kind="delete/edit",
        document=replica.document,
        about=[entity],
        field="",
        operations=writes + touches,
        settles=sorted(writes + touches),
        base=body if isinstance(body, str) else None,
        versions=[withdrawn, kept] if is_first else [kept, withdrawn],
        shown="kept",
        subject={"entity": str(entity)},
    )


def _describe_touch(replica: Replica, touch: Id) -> str:
    change = replica.log.change_of(touch)
    operation = next(each for each in change.operations if each.id == touch)
    if operation.kind == "reply":
        return f"answered: {operation.b}"
    if operation.kind == "set":
        return f"{operation.f} set to: {describe(operation.v)}"
    return f"tagged {operation.v}" if operation.kind == "tag" else f"tag {operation.v} taken off"

"""Changes: their operations, limits, hash and checksum: changes.md."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from canonical import Refusal, read, write
from values import BEYOND, Anchor, Check, Id, Span, Target, parse_id

CONFLICT_KINDS = ("value", "delete/edit", "verdict", "text", "anchor", "resolution")


@dataclass(frozen=True)
class Operation:
    """One operation: its fields as `changes.md` names them, with ids and spans in place of their
    spelling. An operation that is not known has `known` false and only its raw fields."""

    id: Id
    kind: str
    width: int
    known: bool
    fields: dict[str, Any]
    raw: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.fields.get(name)

    def ids(self) -> list[Id]:
        return Span(self.id, self.width).ids()


@dataclass(frozen=True)
class Change:
    """What one user did at once. `first` names it."""

    first: Id
    dependencies: tuple[Id, ...]
    message: str | None
    time: int
    operations: tuple[Operation, ...]
    data: bytes

    @property
    def width(self) -> int:
        return sum(operation.width for operation in self.operations)

    @property
    def last(self) -> Id:
        return self.first.moved(self.width - 1)


def decode(data: bytes) -> Change:
    """The change that canonical bytes stand for, or a `Refusal`."""
    if len(data) > 262_144:
        raise Refusal("too_large", "a change of more than 262,144 bytes")
    return _change(read(data), data)


def encode(raw: dict[str, Any]) -> Change:
    """A change of one's own from its raw fields, checked like anybody's."""
    return decode(write(raw))


def raw_of(change: Change) -> dict[str, Any]:
    """The raw fields of a change, to be sent inside a message."""
    return read(change.data)


def _change(raw: Any, data: bytes) -> Change:
    if not isinstance(raw, dict):
        raise Refusal("invalid_op", "a change is an object")
    agent = raw.get("a")
    if not isinstance(agent, str) or not re.fullmatch(r"[0-9a-f]{16}", agent, re.ASCII):
        raise Refusal("invalid_op", "a is an agent")
    check = Reader(int(agent, 16))
    first = Id(check.agent, check.integer(raw, "s", 0, BEYOND - 1))
    dependencies: list[Id] = []
    if "d" in raw:
        dependencies = check.ascending(raw, "d", foreign=True, limit=64)
        if not dependencies or any(id.agent == check.agent for id in dependencies):
            raise Refusal("invalid_op", "d is empty or names the own agent")
    message = check.text(raw, "m", 0, 65_536) if "m" in raw else None
    time = check.integer(raw, "w", 0, 2**53 - 1)
    listed = check.list(raw, "o", 16_384)
    if not listed:
        raise Refusal("invalid_op", "no operations")
    operations: list[Operation] = []
    seq = first.seq
    for item in listed:
        operation = check.operation(item, Id(check.agent, seq))
        seq += operation.width
        if seq > BEYOND:
            raise Refusal("invalid_op", "sequence numbers beyond 2^31 - 1")
        operations.append(operation)
    return Change(first, tuple(dependencies), message, time, tuple(operations), data)


class Reader:
    """Reads the fields of a change of `agent`. Every method refuses what breaks a rule."""

    def __init__(self, agent: int) -> None:
        self.agent = agent

    # Single values

    def integer(self, raw: dict[str, Any], key: str, low: int, high: int) -> int:
        value = raw.get(key)
        if type(value) is not int or not low <= value <= high:
            raise Refusal("invalid_op", f"{key} is no integer from {low} to {high}")
        return value

    def text(self, raw: dict[str, Any], key: str, low: int, high: int) -> str:
        return self.sized(raw.get(key), key, low, high)

    def sized(self, value: Any, key: str, low: int, high: int) -> str:
        if not isinstance(value, str):
            raise Refusal("invalid_op", f"{key} is no text")
        size = len(value.encode("utf-8"))
        if size < low:
            raise Refusal("invalid_op", f"{key} is empty")
        if size > high:
            raise Refusal("too_large", f"{key} has more than {high} bytes")
        return value

    def list(self, raw: dict[str, Any], key: str, limit: int) -> list[Any]:
        value = raw.get(key)
        if not isinstance(value, list):
            raise Refusal("invalid_op", f"{key} is no list")
        if len(value) > limit:
            raise Refusal("too_large", f"{key} has more than {limit} entries")
        return value

    def id(self, value: Any) -> Id:
        """An id of the own document: a bare number if it is the own agent's."""
        if type(value) is int:
            if not 0 <= value < BEYOND:
                raise Refusal("invalid_op", f"{value} is no sequence number")
            return Id(self.agent, value)
        id = parse_id(value)
        if id.agent == self.agent:
            raise Refusal("invalid_op", "an id of the own agent spelled out")
        return id

    def ascending(
        self, raw: dict[str, Any], key: str, foreign: bool = False, limit: int = 4_096
    ) -> list[Id]:
        ids = [parse_id(item) if foreign else self.id(item) for item in self.list(raw, key, limit)]
        if any(a >= b for a, b in zip(ids, ids[1:])):
            raise Refusal("invalid_op", f"{key} does not ascend")
        return ids

    def spans(self, raw: dict[str, Any], key: str, counts: bool = False) -> list[Any]:
        """Spans `[id, n]`, or with `counts` marks `[id, n, count]`."""
        result: list[Any] = []
        for item in self.list(raw, key, 4_096):
            if not isinstance(item, list) or len(item) != (3 if counts else 2):
                raise Refusal("invalid_op", f"{key} has an entry of another length")
            first = self.id(item[0])
            numbers = {"n": item[1], "count": item[2] if counts else 1}
            span = Span(first, self.integer(numbers, "n", 1, BEYOND - first.seq))
            count = self.integer(numbers, "count", 1, BEYOND - 1)
            result.append((span, count) if counts else span)
        if not result:
            raise Refusal("invalid_op", f"{key} is empty")
        return result

    # Operations

    def operation(self, raw: Any, id: Id) -> Operation:
        if not isinstance(raw, dict):
            raise Refusal("invalid_op", "an operation is an object")
        kind = self.text(raw, "k", 0, 64)
        reader = {
            "ins": self._ins,
            "del": self._del,
            "vis": self._vis,
            "set": self._set,
            "resolve": self._resolve,
            "note": self._note,
            "reply": self._reply,
            "tag": self._tag,
            "untag": self._untag,
        }.get(kind)
        fields = reader(raw) if reader else None
        known = fields is not None and not fields.pop("unknown", False)
        if not known and "n" in raw:
            raise Refusal("invalid_op", "n is reserved")
        fields = fields or {}
        width = 1
        if kind == "ins":
            width = len(fields["t"])
        elif kind == "del":
            width = sum(span.count for span in fields["x"])
        return Operation(id, kind, width, known, fields, raw)

    def _ins(self, raw: dict[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {"t": self.text(raw, "t", 1, 262_144), "rp": [], "fr": []}
        for key in ("l", "r"):
            if key in raw:
                fields[key] = self.id(raw[key])
        for key in ("rp", "fr"):
            if key in raw:
                fields[key] = self.spans(raw, key)
        if "ac" in raw:
            fields["ac"] = parse_id(raw["ac"])
        return fields

    def _del(self, raw: dict[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {"x": self.spans(raw, "x")}
        if "ac" in raw:
            fields["ac"] = parse_id(raw["ac"])
        return fields

    def _vis(self, raw: dict[str, Any]) -> dict[str, Any]:
        return {"x": self.spans(raw, "x", counts=True)}

    def _set(self, raw: dict[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {"f": self.text(raw, "f", 1, 64), "p": self.ascending(raw, "p")}
        if "v" not in raw:
            raise Refusal("invalid_op", "a set without a value")
        value = raw["v"]
        if isinstance(value, str):
            self.sized(value, "v", 0, 65_536)
        elif isinstance(value, dict):
            value = self.target(value)
        elif value is not None:
            fields["unknown"] = True
        return fields | {"v": value} | self._e(raw) | self._why(raw)

    def _resolve(self, raw: dict[str, Any]) -> dict[str, Any]:
        conflict = raw.get("c")
        if not isinstance(conflict, str) or not re.fullmatch(r"[0-9a-f]{16}", conflict, re.ASCII):
            raise Refusal("invalid_op", "c is no conflict")
        kind = self.text(raw, "g", 1, 64)
        return {
            "c": conflict,
            "g": kind,
            "s": self.ascending(raw, "s"),
            "take": self.text(raw, "take", 1, 64),
            "unknown": kind not in CONFLICT_KINDS,
        } | self._why(raw)

    def _note(self, raw: dict[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "b": self.text(raw, "b", 0, 65_536),
            "g": self.text(raw, "g", 1, 64),
            "on": self.target(raw.get("on"), check=False),
            "tg": [],
        }
        if "p" in raw:
            fields["p"] = self.text(raw, "p", 0, 65_536)
        if "tg" in raw:
            tags = [self.sized(tag, "tg", 1, 64) for tag in self.list(raw, "tg", 64)]
            if not tags or len(set(tags)) != len(tags):
                raise Refusal("invalid_op", "tg is empty or has a tag twice")
            fields["tg"] = tags
        return fields

    def _reply(self, raw: dict[str, Any]) -> dict[str, Any]:
        return {"e": self.id(raw.get("e")), "b": self.text(raw, "b", 0, 65_536)}

    def _tag(self, raw: dict[str, Any]) -> dict[str, Any]:
        return {"e": self.id(raw.get("e")), "v": self.text(raw, "v", 1, 64)}

    def _untag(self, raw: dict[str, Any]) -> dict[str, Any]:
        return self._tag(raw) | {"p": self.ascending(raw, "p")}

    def _e(self, raw: dict[str, Any]) -> dict[str, Any]:
        return {"e": self.id(raw["e"])} if "e" in raw else {}

    def _why(self, raw: dict[str, Any]) -> dict[str, Any]:
        return {"y": self.text(raw, "y", 0, 65_536)} if "y" in raw else {}

    def target(self, raw: Any, check: bool = True) -> Target:
        """A target, or, if it has a verdict and `check` allows one, a check."""
        if not isinstance(raw, dict):
            raise Refusal("invalid_op", "a target is an object")
        at = self.ascending(raw, "at", foreign=True, limit=64)
        quote = raw.get("q")
        if not isinstance(quote, list) or len(quote) != 3:
            raise Refusal("invalid_op", "q is no list of three texts")
        exact = self.sized(quote[0], "q", 0, 65_536)
        prefix, suffix = (self.sized(item, "q", 0, 256) for item in quote[1:])
        ranges = []
        for item in self.list(raw, "r", 256):
            if not isinstance(item, list) or len(item) != 4:
                raise Refusal("invalid_op", "a range has four entries")
            sides = {"start": item[1], "end": item[3]}
            start = Anchor(parse_id(item[0]), self.integer(sides, "start", 0, 1))
            ranges.append((start, Anchor(parse_id(item[2]), self.integer(sides, "end", 0, 1))))
        words = (tuple(at), exact, prefix, suffix, tuple(ranges))
        if not check or "vd" not in raw:
            return Target(*words)
        verdict = self.text(raw, "vd", 1, 64)
        remark = self.text(raw, "b", 1, 65_536) if "b" in raw else ""
        evidence = tuple(self._evidence(item) for item in self.list(raw, "ev", 64)) if "ev" in raw else ()
        if "ev" in raw and not evidence:
            raise Refusal("invalid_op", "ev is empty")
        return Check(*words, verdict, remark, evidence)

    def _evidence(self, raw: Any) -> tuple[str, str, str, str]:
        if not isinstance(raw, dict) or not ("s" in raw or "u" in raw):
            raise Refusal("invalid_op", "evidence is an object with a source or a URL")
        limits = (("s", 4_096), ("u", 4_096), ("p", 64), ("t", 64))
        source, url, page, time = (
            self.text(raw, key, 1, limit) if key in raw else "" for key, limit in limits
        )
        return source, url, page, time


def hash_of(change: Change, previous: bytes | None, dependencies: list[bytes]) -> bytes:
    """changes.md, Hash."""
    return hashlib.sha256(change.data + (previous or b"") + b"".join(dependencies)).digest()


def add(checksum: int, hash: bytes) -> int:
    """The checksum with one more change: changes.md, Checksum."""
    return (checksum + int.from_bytes(hash[:8], "big")) % 2**64

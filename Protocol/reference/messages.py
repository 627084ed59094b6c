"""The lines on a connection: messages.md. A message is a dictionary; `t` is its type."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import canonical
from canonical import Refusal

LINE = 1_048_576
"""Bytes of a line, the line feed not counted."""

FIRST_LINE = 4_096
"""Bytes of a client's line before it has its `welcome`."""


def _integer(value: Any) -> bool:
    return type(value) is int and value >= 0


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _hex(digits: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(
        re.fullmatch(f"[0-9a-f]{{{digits}}}", value, re.ASCII)
    )


def _secret(value: Any) -> bool:
    try:
        return isinstance(value, str) and 1 <= len(canonical.from_base64url(value)) <= 64
    except ValueError:
        return False


def _list(entry: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(entry(item) for item in value)


def _object(**fields: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """An object with these fields; a name that ends with `_` may be left out."""

    def check(value: Any) -> bool:
        return isinstance(value, dict) and all(
            entry(value[name.rstrip("_")]) if name.rstrip("_") in value else name.endswith("_")
            for name, entry in fields.items()
        )

    return check


def _vector(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _AGENT(agent) and _integer(next) and next >= 1 for agent, next in value.items()
    )


def _runs(value: Any) -> bool:
    return _list(lambda run: isinstance(run, list) and len(run) == 2 and all(map(_integer, run)))(value)


def _credential(value: Any) -> bool:
    device = {"device": _AGENT, "key": _secret}
    if isinstance(value, dict) and value.get("k") == "invite":
        return _object(secret=_secret, user=_text, label=_text, **device)(value)
    return _object(k=lambda kind: kind == "device", **device)(value)


def _change(value: Any) -> bool:
    return isinstance(value, dict)


_AGENT = _hex(16)
_SUM = _hex(16)
_DOCUMENT = _hex(32)
_RETRY = ("now", "later", "reauth", "resync", "never").__contains__

_MESSAGES: dict[str, list[Callable[[Any], bool]]] = {
    "hello": [_object(id=_integer, v=_list(_integer), sw=_text, auth_=_credential)],
    "welcome": [
        _object(
            id=_integer,
            v=_integer,
            user=_text,
            device=_AGENT,
            label=_text,
            log=_SUM,
            libs=_list(_object(id=_AGENT, name=_text, role=_text)),
            lib_=_AGENT,
            hb=_integer,
            limits=_object(
                line=_integer, inflight=_integer, batches=_integer, subs=_integer, change=_integer
            ),
        )
    ],
    "docs": [
        _object(
            id=_integer,
            lib=_AGENT,
            docs=_list(_object(doc=_DOCUMENT, kind=_text, at=_integer)),
            more=lambda value: isinstance(value, bool),
        ),
        _object(id=_integer, lib=_AGENT, after_=_DOCUMENT, new_=_list(_object(doc=_DOCUMENT))),
    ],
    "doc": [_object(lib=_AGENT, doc=_DOCUMENT, kind=_text)],
    "sub": [_object(id=_integer, doc=_DOCUMENT, at=_integer, sum=_SUM, vv_=_vector)],
    "have": [_object(id=_integer, doc=_DOCUMENT, at=_integer, sum=_SUM, vv=_vector, role=_text)],
    "ops": [
        _object(
            **{"from": _integer, "doc": _DOCUMENT, "to": _integer},
            c=_list(_object(at=_integer, u=_text, d=_text, w=_integer, c=_change)),
        )
    ],
    "live": [_object(doc=_DOCUMENT, at=_integer, sum=_SUM, state_=_SUM)],
    "unsub": [_object(doc=_DOCUMENT)],
    "lag": [_object(doc=_DOCUMENT)],
    "revoked": [_object(doc_=_DOCUMENT, lib_=_AGENT, msg_=_text)],
    "push": [_object(id=_integer, p=_list(_object(doc=_DOCUMENT, c=_list(_change))))],
    "ack": [_object(id=_integer, p=_list(_object(doc=_DOCUMENT, at=_runs, sum_=_SUM)), w=_integer)],
    "nack": [
        _object(
            id=_integer,
            doc=_DOCUMENT,
            a_=_AGENT,
            s_=_integer,
            code=_text,
            retry=_RETRY,
            missing_=_list(_text),
            msg_=_text,
        )
    ],
    "ping": [_object(n_=_integer)],
    "pong": [_object(n_=_integer)],
    "err": [
        _object(
            id_=_integer,
            scope=("conn", "doc", "msg").__contains__,
            doc_=_DOCUMENT,
            code=_text,
            retry=_RETRY,
            ms_=_integer,
            v_=_list(_integer),
            msg_=_text,
        )
    ],
    "bye": [_object(code_=_text, ms=_integer, msg_=_text)],
}


def decode(line: bytes) -> dict[str, Any]:
    """The message on a line; the fields of known types are checked, others kept."""
    if len(line) > LINE:
        raise Refusal("line_too_long", f"more than {LINE} bytes")
    message = canonical.parse(line, 16, "bad_frame")
    if not isinstance(message, dict) or not isinstance(message.get("t"), str):
        raise Refusal("bad_frame", "not an object with t")
    forms = _MESSAGES.get(message["t"])
    if forms and not any(form(message) for form in forms):
        raise Refusal("bad_field", f"a field of {message['t']} is missing or malformed")
    return message


def encode(message: dict[str, Any]) -> bytes:
    """A line: the fields of the message in the order given, changes in theirs."""
    return _encode(message).encode("utf-8")


def _encode(value: Any) -> str:
    # Only inside changes is there an order; there the keys are in it already.
    if isinstance(value, dict):
        pairs = (canonical.write(key).decode() + ":" + _encode(item) for key, item in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_encode, value)) + "]"
    return canonical.write(value).decode()


def check(line: bytes) -> str | None:
    """What is wrong with a line that a vector has."""
    try:
        message = decode(line)
    except Refusal as refusal:
        return str(refusal)
    if message["t"] not in _MESSAGES:
        return f"{message['t']} is not known"
    return None if encode(message) == line else "written otherwise"

"""The lines on a connection: messages.md. A message is a dictionary; `t` is its type."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import canonical
from canonical import Refusal
from values import BEYOND, parse_id

LINE = 1_048_576
"""Bytes of a line, the line feed not counted."""

FIRST_LINE = 4_096
"""Bytes of a client's line before it has its `welcome`."""

STRETCH = 2_048
"""Positions in a `give` or a `receipt`."""

PUSH_CHANGES = 4_096
"""Changes in a push, over all its documents."""


Form = Callable[[Any], None]
"""What a field must be: raises a `Refusal` for anything else."""

Message = dict[str, Any]


def _bad(what: str) -> Refusal:
    return Refusal("bad_field", f"{what} is missing or malformed")


def _integer(low: int = 0, high: int = canonical.LARGEST) -> Form:
    def check(value: Any) -> None:
        if type(value) is not int or not low <= value <= high:
            raise _bad(f"an integer from {low} to {high}")

    return check


def _text(limit: int = LINE) -> Form:
    def check(value: Any) -> None:
        if not isinstance(value, str):
            raise _bad("a text")
        if len(value.encode("utf-8")) > limit:
            raise Refusal("too_large", f"a text of more than {limit} bytes")

    return check


def _name(value: Any) -> None:
    _text(64)(value)
    if not value or re.search("[\\x00-\\x1f\\x7f-\\x9f]", value):
        raise _bad("a name")


def _spelled(pattern: str) -> Form:
    def check(value: Any) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise _bad(f"a text like {pattern}")

    return check


def _secret(value: Any) -> None:
    try:
        if isinstance(value, str) and 1 <= len(canonical.from_base64url(value)) <= 64:
            return
    except ValueError:
        pass
    raise _bad("a secret")


def _boolean(value: Any) -> None:
    if not isinstance(value, bool):
        raise _bad("true or false")


def _operation(value: Any) -> None:
    try:
        parse_id(value)
    except Refusal as refusal:
        raise _bad("an operation") from refusal


def _list(entry: Form, limit: int = LINE) -> Form:
    def check(value: Any) -> None:
        if not isinstance(value, list):
            raise _bad("a list")
        if len(value) > limit:
            raise Refusal("too_large", f"a list of more than {limit} entries")
        for item in value:
            entry(item)

    return check


def _object(**fields: Form) -> Form:
    """An object with these fields; a name that ends with `_` may be left out. Others are ignored."""

    def check(value: Any) -> None:
        if not isinstance(value, dict):
            raise _bad("an object")
        for name, form in fields.items():
            key = name.rstrip("_")
            if key in value:
                form(value[key])
            elif not name.endswith("_"):
                raise _bad(key)

    return check


def _vector(value: Any) -> None:
    _object()(value)
    if len(value) > 16_384:
        raise Refusal("too_large", "a vector of more than 16,384 agents")
    for agent, next in value.items():
        _HEX64(agent)
        _integer(1, BEYOND)(next)


_ID = _integer()
_POSITION = _integer(1)
_HEX64 = _spelled("[0-9a-f]{16}")
_DOCUMENT = _spelled("[0-9a-f]{32}")
_ARTICLE = _spelled("[0-9a-f]{31}[02468ace]")
_PRIVATE = _spelled("f{8}[0-9a-f]{23}[13579bdf]")
_WORD = _text()
"""Kinds, roles, codes, retry classes, scopes: others may be added, so that any text will do."""
_REASON = _text(1_024)
_CHANGE = _object()
"""What is inside a change is for `changes.py`."""
_VERSIONS = _list(_integer(), 16)
_CAPABILITIES = _list(lambda _: None)
"""Words of which any may be unknown."""


def _credential(value: Any) -> None:
    _object(k=_WORD)(value)
    device = {"device": _HEX64, "key": _secret}
    if value["k"] == "invite":
        user = _spelled("[a-z0-9._-]{1,32}")
        _object(secret=_secret, user=user, label=_name, lib_=_HEX64, **device)(value)
    elif value["k"] == "device":
        _object(**device)(value)
    else:
        raise Refusal("auth_required", "no known kind of credential")


def _hello(message: Message) -> None:
    _object(id=_ID, v=_VERSIONS)(message)
    if 1 in message["v"]:  # Of others nothing more can be known.
        _object(sw=_text(128), caps_=_CAPABILITIES, auth_=_credential)(message)


def _new(value: Any) -> None:
    """An article to make, or a private annotation set of one."""
    _object(of_=_ARTICLE)(value)
    _object(doc=_PRIVATE if "of" in value else _ARTICLE)(value)


def _push(message: Message) -> None:
    _object(id=_ID, p=_list(_object(doc=_DOCUMENT, c=_list(_CHANGE)), 16))(message)
    parts = message["p"]
    if not parts or not all(part["c"] for part in parts):
        raise _bad("a change")
    if len({part["doc"] for part in parts}) != len(parts):
        raise Refusal("bad_field", "a document twice")
    if sum(len(part["c"]) for part in parts) > PUSH_CHANGES:
        raise Refusal("too_large", f"more than {PUSH_CHANGES} changes in a push")


def _run(value: Any) -> None:
    _list(_POSITION)(value)
    if len(value) != 2:
        raise _bad("a run")


def _moment(value: Any) -> None:
    _list(_integer(0))(value)
    if len(value) != 2 or value[0] < 1:
        raise _bad("a position and a time")


def _ack(message: Message) -> None:
    left = _object(a=_HEX64, s=_integer(0, (1 << 31) - 1), code=_WORD, retry=_WORD, msg_=_REASON)
    part = _object(doc=_DOCUMENT, at=_list(_run), sum_=_HEX64, was_=_list(_moment, PUSH_CHANGES), left_=_list(left, 2_048))
    _object(id=_ID, p=_list(part, 16), w=_integer())(message)
    if sum(count for part in message["p"] for _, count in part["at"]) > PUSH_CHANGES:
        raise Refusal("too_large", f"more than {PUSH_CHANGES} positions")


def _ops(message: Message) -> None:
    row = _object(at=_POSITION, u=_text(64), d=_text(64), w=_integer(), c=_CHANGE)
    _object(**{"from": _POSITION, "to": _POSITION}, doc=_DOCUMENT, c=_list(row))(message)
    positions = [message["from"] - 1, *(each["at"] for each in message["c"]), message["to"] + 1]
    if message["from"] > message["to"] or any(a >= b for a, b in zip(positions, positions[1:])):
        raise Refusal("bad_field", "positions that do not ascend from `from` to `to`")


def _bytes(length: int) -> Form:
    def check(value: Any) -> None:
        try:
            if isinstance(value, str) and len(canonical.from_base64url(value)) == length:
                return
        except ValueError:
            pass
        raise _bad(f"base64url of {length} bytes")

    return check


def _stretch(**row: Form) -> Form:
    """A `give` or a `receipt`, whose rows have these fields beside who and when."""
    rows = _list(_object(u=_text(64), d=_text(64), w=_integer(), **row), STRETCH)
    fields = {"id": _ID, "doc": _DOCUMENT, "log": _HEX64, "from": _POSITION, "at": _POSITION}

    def check(message: Message) -> None:
        _object(**fields, chain=_bytes(32), sig=_bytes(64), c=rows)(message)
        count = message["at"] - message["from"] + 1
        if count > STRETCH:
            raise Refusal("too_large", f"more than {STRETCH} positions")
        if count < 1 or len(message["c"]) != count:
            raise _bad("a row for each position")

    return check


def _live(message: Message) -> None:
    _object(doc=_DOCUMENT, at=_integer(), sum=_HEX64, state_=_HEX64)(message)
    if "sig" in message:
        _object(chain=_bytes(32), sig=_bytes(64))(message)


def _subject(message: Message) -> None:
    _object(doc_=_DOCUMENT, lib_=_HEX64)(message)
    if "doc" not in message and "lib" not in message:
        raise _bad("doc or lib")


def _revoked(message: Message) -> None:
    _object(msg_=_REASON)(message)
    _subject(message)


def _role(message: Message) -> None:
    _object(role=_WORD)(message)
    _subject(message)


def _state(value: Any) -> None:
    _object()(value)
    data = encode(value)  # without white space: a byte more or less is of no matter here
    if len(data) > 1_024:
        raise Refusal("too_large", "a state of more than 1,024 bytes")
    canonical.parse(data, 12, "bad_field")


def _presence(message: Message) -> None:
    """What a server says of who is there; this client never asks."""
    entry = _object(u=_text(64), d=_text(64), s=_state)
    _object(doc=_DOCUMENT, you_=_text(64), set=_object(), **{"del": _list(_text(64), 256)})(message)
    if len(message["set"]) > 256:
        raise Refusal("too_large", "more than 256 that are there")
    for key, value in message["set"].items():
        _text(64)(key)
        entry(value)


def _whereabouts(message: Message) -> None:
    _object(doc=_DOCUMENT, s=lambda value: None if value is None else _state(value))(message)


_BOTH: dict[str, Form] = {
    "ping": _object(n_=_integer()),
    "pong": _object(n_=_integer()),
    "err": _object(
        id_=_ID,
        scope=_WORD,
        doc_=_DOCUMENT,
        code=_WORD,
        retry=_WORD,
        ms_=_integer(),
        v_=_VERSIONS,
        msg_=_REASON,
    ),
    "bye": _object(code_=_WORD, ms=_integer(), msg_=_REASON),
}

_CLIENT: dict[str, Form] = _BOTH | {
    "hello": _hello,
    "docs": _object(
        id=_ID, lib=_HEX64, after_=_DOCUMENT, new_=_list(_new, 1_024)
    ),
    "sub": _object(id=_ID, doc=_DOCUMENT, at=_integer(), sum=_HEX64, vv_=_vector),
    "unsub": _object(doc=_DOCUMENT),
    "push": _push,
    "pres": _whereabouts,
    "give": _stretch(c=_CHANGE),
    "receipt": _stretch(h=_bytes(32)),
}

_LIMITS = ("line", "inflight", "batches", "subs", "change")

_SERVER: dict[str, Form] = _BOTH | {
    "welcome": _object(
        id=_ID,
        v=_integer(),
        user=_name,
        device=_HEX64,
        label=_name,
        log=_HEX64,
        libs=_list(_object(id=_HEX64, name=_name, role=_WORD), 1_024),
        lib_=_HEX64,
        hb=_integer(1, 86_400),
        limits=_object(**{limit: _integer() for limit in _LIMITS}),
        caps_=_CAPABILITIES,
    ),
    "docs": _object(
        id=_ID,
        lib=_HEX64,
        docs=_list(_object(doc=_DOCUMENT, kind=_WORD, at=_integer(), of_=_ARTICLE), 1_024),
        more=_boolean,
    ),
    "doc": _object(lib=_HEX64, doc=_DOCUMENT, kind=_WORD, of_=_ARTICLE),
    "have": _object(id=_ID, doc=_DOCUMENT, at=_integer(), sum=_HEX64, vv=_vector, role=_WORD),
    "ops": _ops,
    "row": _object(
        n=_ID,
        at_=_POSITION,
        u_=_text(64),
        d_=_text(64),
        w=_integer(-canonical.LARGEST),
        c=_CHANGE,
    ),
    "live": _live,
    "receipt": _object(id=_ID, doc=_DOCUMENT, at=_integer(), sig=_bytes(64)),
    "lag": _object(doc=_DOCUMENT),
    "pres": _presence,
    "revoked": _revoked,
    "role": _role,
    "ack": _ack,
    "nack": _object(
        id=_ID,
        doc=_DOCUMENT,
        a_=_HEX64,
        s_=_integer(),
        code=_WORD,
        retry=_WORD,
        missing_=_list(_operation, 64),
        msg_=_REASON,
    ),
}

_SIDES = {"client": _CLIENT, "server": _SERVER}


def decode(line: bytes, side: str) -> Message:
    """The message on a line that `side`, `client` or `server`, said; what is not known is kept."""
    if len(line) > LINE:
        raise Refusal("line_too_long", f"more than {LINE} bytes")
    message = canonical.parse(line, 16, "bad_frame")
    if not isinstance(message, dict) or not isinstance(message.get("t"), str):
        raise Refusal("bad_frame", "not an object with t")
    form = _SIDES[side].get(message["t"])
    if form is None:
        raise Refusal("unknown_type", f"a {side} says no {message['t'][:64]}")
    try:
        form(message)
    except Refusal as refusal:
        raise Refusal(refusal.code, f"{message['t']}: {refusal.why}") from refusal
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


def check(line: bytes, side: str) -> str | None:
    """What is wrong with a line that a vector has."""
    try:
        message = decode(line, side)
    except Refusal as refusal:
        return str(refusal)
    return None if encode(message) == line else "written otherwise"

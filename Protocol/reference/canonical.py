"""JSON as the protocol has it, in one spelling and on lines: changes.md, messages.md."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

LARGEST = 2**53 - 1
"""The highest magnitude of an integer."""


class Refusal(Exception):
    """What a peer sent is refused; `code` is one of messages.md's table of errors."""

    def __init__(self, code: str, why: str, missing: list[Any] | None = None) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why
        self.missing = missing or []


def parse(data: bytes, depth: int, code: str) -> Any:
    """The value that strict JSON stands for; `depth` levels of objects and arrays at most.

    Python's parser takes more than the protocol: numbers that are no integers, a key twice, lone
    surrogates. What the hooks do not see is looked for behind it.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal("bad_utf8" if code == "bad_frame" else code, str(error)) from error
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_no_number,
            parse_constant=_no_number,
            parse_int=_integer,
        )
    except (ValueError, RecursionError) as error:
        raise Refusal(code, f"not strict JSON: {error}") from error
    try:
        _examine(value, depth)
    except ValueError as error:
        raise Refusal(code, str(error)) from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key twice in an object")
    return result


def _no_number(spelling: str) -> Any:
    raise ValueError(f"{spelling} is no integer")


def _integer(spelling: str) -> int:
    if len(spelling) > 17 or abs(int(spelling)) > LARGEST:
        raise ValueError(f"{spelling[:20]} is beyond 2^53 - 1")
    return int(spelling)


def _examine(value: Any, depth: int) -> None:
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ValueError("a lone surrogate") from error
    elif isinstance(value, (dict, list)):
        if depth == 0:
            raise ValueError("nested too deeply")
        if isinstance(value, dict):
            for key in value:
                _examine(key, depth - 1)
        for item in value.values() if isinstance(value, dict) else value:
            _examine(item, depth - 1)


_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def _string(text: str) -> str:
    escaped = re.sub(
        r'["\\\x00-\x1f]', lambda match: _SHORT.get(match[0], f"\\u{ord(match[0]):04x}"), text
    )
    return f'"{escaped}"'


def write(value: Any) -> bytes:
    """The canonical bytes of a value: changes.md, Canonical form."""
    return _write(value).encode("utf-8")


def _write(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list):
        return "[" + ",".join(_write(item) for item in value) + "]"
    # Code points ascend as their UTF-8 bytes do.
    return "{" + ",".join(f"{_string(key)}:{_write(value[key])}" for key in sorted(value)) + "}"


def read(data: bytes, depth: int = 12) -> Any:
    """The value of canonical bytes; any other spelling is `invalid_op`."""
    value = parse(data, depth, "invalid_op")
    if write(value) != data:
        raise Refusal("invalid_op", "not in canonical form")
    return value


def base64url(data: bytes) -> str:
    """changes.md, Base64url and join links: without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes of base64url; raises `ValueError` for padding, other characters and bits left over."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(data) != text:
        raise ValueError("bits left over in base64url")
    return data

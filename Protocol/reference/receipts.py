"""The chain of a log, and what of it is given back: changes.md, Chain and receipt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

ROWS = 2_048
"""Positions in a `give`."""

BYTES = 262_144
"""Bytes of changes in one."""


def chain_of(document: str) -> bytes:
    """The chain of a log without rows."""
    return hashlib.sha256(b"gloss log chain 1" + bytes.fromhex(document)).digest()


def linked(chain: bytes, at: int, user: str, device: str, time: int, hash: bytes) -> bytes:
    """The chain with one row more."""
    parts = [chain, at.to_bytes(8, "big")]
    for name in (user, device):
        data = name.encode("utf-8")
        parts += [len(data).to_bytes(2, "big"), data]
    return hashlib.sha256(b"".join([*parts, time.to_bytes(8, "big"), hash])).digest()


def signed(log: str, document: str, at: int, chain: bytes) -> bytes:
    """What a server signs. This client verifies no signature: it compares chains."""
    head = b"gloss receipt 1" + bytes.fromhex(log) + bytes.fromhex(document)
    return head + at.to_bytes(8, "big") + chain


@dataclass
class Receipt:
    """A server's signature on a log up to a position; all but the position in the spelling of messages."""

    log: str
    at: int
    chain: str
    sig: str

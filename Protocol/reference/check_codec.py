"""Checks the vectors of bytes: Protocol/README.md, Vectors."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import changes
import messages
import receipts
from canonical import Refusal, base64url, from_base64url, write


def run(path: Path) -> tuple[int, list[str]]:
    """How many lines of a file were checked, and what is wrong."""
    lines = path.read_bytes().split(b"\n")[:-1]
    if path.name == "hashes.jsonl":
        return len(lines), _hashes([json.loads(line) for line in lines])
    if path.name == "receipts.jsonl":
        return len(lines), _receipts([json.loads(line) for line in lines])
    checks = {
        "messages.client.jsonl": lambda line: messages.check(line, "client"),
        "messages.server.jsonl": lambda line: messages.check(line, "server"),
        "messages.invalid.jsonl": lambda line: _invalid(line, messages.decode),
        ".valid.jsonl": _valid,
        ".invalid.jsonl": lambda line: _invalid(line, lambda data, side: changes.decode(data)),
    }
    check = next((check for end, check in checks.items() if path.name.endswith(end)), None)
    if check is None:
        return 0, ["no check knows this file"]
    wrong = []
    for number, line in enumerate(lines, 1):
        complaint = check(line)
        if complaint:
            wrong.append(f"line {number}: {complaint}")
    return len(lines), wrong


def _valid(line: bytes) -> str | None:
    try:
        change = changes.decode(line)
    except Refusal as refusal:
        return str(refusal)
    raw: dict[str, Any] = json.loads(line)
    again = changes.encode(raw)
    return None if again == change and write(raw) == line else "written otherwise"


def _invalid(line: bytes, decode: Callable[[bytes, str], Any]) -> str | None:
    case = json.loads(line)
    data = bytes.fromhex(case["hex"]) if "hex" in case else case["line"].encode("utf-8")
    try:
        decode(data, case.get("side", ""))
    except Refusal as refusal:
        return None if refusal.code == case["code"] else f"{case['why']}: {refusal}, not {case['code']}"
    return f"{case['why']}: taken"


def _receipts(cases: list[dict[str, Any]]) -> list[str]:
    wrong = []
    document, log = cases[0]["doc"], cases[0]["log"]
    chain = receipts.chain_of(document)
    for case in cases:
        if case["at"] > 0:
            hash = from_base64url(case["h"])
            chain = receipts.linked(chain, case["at"], case["u"], case["d"], case["w"], hash)
        if base64url(chain) != case["chain"]:
            wrong.append(f"{case['at']}: the chain is {base64url(chain)}, not {case['chain']}")
        if receipts.signed(log, document, case["at"], chain).hex() != case["signed"]:
            wrong.append(f"{case['at']}: something else is signed")
    return wrong


def _hashes(cases: list[dict[str, Any]]) -> list[str]:
    wrong = []
    checksum = 0
    for case in cases[:-1]:
        previous = bytes.fromhex(case["previous"]) if case["previous"] else None
        dependencies = [bytes.fromhex(hash) for hash in case["dependencies"]]
        change = changes.decode(case["change"].encode("utf-8"))
        hash = changes.hash_of(change, previous, dependencies)
        checksum = changes.add(checksum, hash)
        if hash.hex() != case["hash"]:
            wrong.append(f"{change.first}: {hash.hex()}, not {case['hash']}")
    if f"{checksum:016x}" != cases[-1]["checksum"]:
        wrong.append(f"the checksum is {checksum:016x}, not {cases[-1]['checksum']}")
    return wrong

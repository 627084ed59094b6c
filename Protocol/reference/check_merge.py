"""Checks the vectors of merges and conflicts: vectors/README.md."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import changes
from canonical import Refusal
from conflicts import conflicts
from placement import Index, check_state, placement
from questions import Conflict
from replica import Replica
from values import Check, Id, Target, parse_id

RANDOM_ORDERS = 6
"""How many orders of delivery are tried beside those of a case."""


def run(path: Path) -> tuple[int, list[str]]:
    """How many orders and refusals of a case were checked, and what is wrong."""
    case = json.loads(path.read_bytes())
    wrong: list[str] = []
    orders = _orders(case, random.Random(path.name))
    for article_order, set_order in orders:
        article, annotations = _deliver(case, article_order, set_order)
        found = observe(article, annotations, case["expect"])
        for key in sorted({*found, *case["expect"]}):
            expected = case["expect"].get(key)
            if found.get(key) != expected and not _outdated(path, key):
                wrong.append(
                    f"order {list(article_order)} {list(set_order)}: {key}\n"
                    f"    is     {found.get(key)}\n    not    {expected}"
                )
    for entry in case["refused"]:
        wrong += _refused(case, entry)
    return len(orders) + len(case["refused"]), wrong


def _outdated(path: Path, key: str) -> bool:
    """vectors/README.md, the last paragraph."""
    return path.name == "accepted-by-two.json" and key == "conflicts"


def _orders(case: dict[str, Any], chance: random.Random) -> list[tuple[list[int], list[int]]]:
    """The orders of a case, and some by chance, the same at each run."""
    listed = case["orders"]
    count = max(len(listed["article"]), len(listed["annotations"]))
    orders = [
        tuple((listed[key] or [[]])[min(n, len(listed[key]) - 1)] for key in ("article", "annotations"))
        for n in range(count)
    ]
    for _ in range(RANDOM_ORDERS):
        article = list(range(len(case["changes"]["article"])))
        annotations = list(range(len(case["changes"]["annotations"])))
        chance.shuffle(article)
        chance.shuffle(annotations)
        orders.append((article, annotations))
    return orders


def _deliver(case: dict[str, Any], article_order: list[int], set_order: list[int]) -> tuple[Replica, Replica]:
    document = int(case["article"], 16)
    replicas = Replica(document), Replica(document + 1)
    for replica, key, order in zip(replicas, ("article", "annotations"), (article_order, set_order)):
        for place in order:
            replica.integrate(changes.encode(case["changes"][key][place]))
    return replicas


def _refused(case: dict[str, Any], entry: dict[str, Any]) -> list[str]:
    article, annotations = _deliver(
        case, range(len(case["changes"]["article"])), range(len(case["changes"]["annotations"]))
    )
    replica = article if entry["document"] == "article" else annotations
    before = replica.state(), replica.log.checksum
    change = changes.encode(entry["change"])
    try:
        replica.take(change)
    except Refusal as refusal:
        if refusal.code != entry["code"]:
            return [f"{change.data.decode()}: {refusal}, not {entry['code']}"]
        if (replica.state(), replica.log.checksum) != before:
            return [f"{change.data.decode()}: refused, but not without a trace"]
        return []
    return [f"{change.data.decode()}: taken"]


def observe(article: Replica, annotations: Replica, expected: dict[str, Any]) -> dict[str, Any]:
    """What two replicas lead to, in the form of `expect`."""
    text = article.text
    index = Index(article)
    notes = [entity.id for entity in annotations.annotations.listed("annotation")]
    checks = _checks(index, annotations, notes)
    return {
        "text": text.string(article.log.version()),
        "versions": [
            {"at": version["at"], "text": text.string(article.log.at(map(parse_id, version["at"])))}
            for version in expected["versions"]
        ],
        "frontier": {
            key: [str(id) for id in replica.log.frontier()]
            for key, replica in (("article", article), ("annotations", annotations))
        },
        "state": {"article": f"{article.state():016x}", "annotations": f"{annotations.state():016x}"},
        "placements": [_placement(index, annotations, note) for note in notes],
        "conflicts": [_conflict(each) for each in conflicts(index, annotations)],
    } | ({"checks": checks} if checks else {})


def _placement(index: Index, annotations: Replica, note: Id) -> dict[str, Any]:
    value = annotations.annotations.value(note, "target")
    place = placement(index, value if isinstance(value, Target) else None)
    return {"annotation": str(note), "state": place.state, "ranges": [list(each) for each in place.ranges]}


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "id": f"{conflict.id:016x}",
        "kind": conflict.kind,
        "document": "article" if conflict.document % 2 == 0 else "annotations",
        "base": conflict.base,
        "shown": conflict.shown,
        "settles": [str(id) for id in conflict.settles],
        "versions": [
            {"content": each.content, "ops": [str(id) for id in each.operations]}
            for each in conflict.versions
        ],
    } | conflict.subject


def _checks(index: Index, annotations: Replica, notes: list[Id]) -> list[dict[str, Any]]:
    checks = []
    for note in notes:
        write = annotations.annotations.write(note, "check")
        if write is not None and isinstance(write.value, Check):
            state, words = check_state(index, annotations, note)
            checks.append({"annotation": str(note), "state": state, "words": words, "write": str(write.id)})
    return checks

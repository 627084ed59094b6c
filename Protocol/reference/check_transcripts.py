"""Checks the vectors of whole sessions: vectors/README.md, transcripts."""

from __future__ import annotations

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import canonical
import changes
import messages
from canonical import Refusal
from conflicts import conflicts
from log import Version
from placement import Index
from replica import Replica
from values import Check, Target

STATE_OF_SERVER = {"rate_limited", "overloaded", "internal", "device_revoked", "not_found", "gone"}
"""Codes that follow from what lines do not say; `not_found` for a push to no document is judged all the same."""


class Log:
    """The log of one document, as far as the lines have told it."""

    def __init__(self, document: str) -> None:
        self.replica = Replica(int(document, 16))
        self.rows: dict[int, changes.Change] = {}
        self.devices: dict[int, str] = {}
        """Which device each agent is bound to."""
        self.moments: list[tuple[str, str, Version]] = []
        """Checksum, checksum of the state and version at each position, 0 first."""
        self._remember()

    def put(self, at: int, change: changes.Change) -> None:
        """Takes a change in at its position, and what waited for that."""
        if self.rows.setdefault(at, change).data != change.data:
            raise ValueError(f"{self.replica.document:032x}: other bytes at position {at}")
        while (at := len(self.moments)) in self.rows:
            if not self.replica.take(self.rows[at]):
                raise ValueError(f"{self.replica.document:032x}: position {at} has a change twice")
            self._remember()

    def _remember(self) -> None:
        version = self.replica.log.version()
        checksum = f"{self.replica.log.checksum:016x}"
        self.moments.append((checksum, f"{self.replica.state():016x}", version))


class Transcript:
    """A session as it goes on."""

    def __init__(self) -> None:
        self.logs: dict[str, Log] = {}
        self.asked: dict[tuple[str, int], dict[str, Any]] = {}
        """What each connection asked, by the id of the message."""
        self.welcomes: dict[str, dict[str, Any]] = {}
        self.claims: list[tuple[int, dict[str, Any], dict[str, Any]]] = []
        """What lines say of a log: the number of the line, the message, the part with `doc` and `at`."""
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.number = 1

    def check(self, holds: bool, what: str, complaint: str) -> None:
        self.counts[what] += 1
        if not holds:
            self.wrong.append(f"line {self.number}: {complaint}")

    def step(self, step: dict[str, Any]) -> None:
        who = step["who"]
        if "line" not in step:
            if "does" not in step:
                self.wrong.append(f"line {self.number}: neither line nor does")
            return
        data = step["line"].encode("utf-8")
        self.counts["lines"] += 1
        if who == "admin":
            canonical.parse(data, 16, "bad_frame")
            return
        message = messages.decode(data, "client" if who[0] == "C" else "server")
        connection = who[1:]
        if who[0] == "C":
            if "id" in message:
                self.asked[connection, message["id"]] = message
            return
        handler = getattr(self, f"_{message['t']}", None)
        if handler is not None:
            handler(message, connection)

    # What the server says

    def _welcome(self, welcome: dict[str, Any], connection: str) -> None:
        self.welcomes[connection] = welcome

    def _docs(self, page: dict[str, Any], connection: str) -> None:
        for new in self.asked[connection, page["id"]].get("new", []):
            for document in (new["doc"], f"{int(new['doc'], 16) + 1:032x}"):
                self.logs.setdefault(document, Log(document))
        for entry in page["docs"]:
            log = self.logs.get(entry["doc"])
            holds = log is not None and entry["at"] == len(log.moments) - 1
            kind = "annotations" if int(entry["doc"], 16) % 2 else "article"
            self.check(holds and entry["kind"] == kind, "documents", f"{entry} is not so")

    def _have(self, have: dict[str, Any], connection: str) -> None:
        self.claims.append((self.number, have, have))

    def _live(self, live: dict[str, Any], connection: str) -> None:
        self.claims.append((self.number, live, live))

    def _ops(self, page: dict[str, Any], connection: str) -> None:
        for row in page["c"]:
            self._commit(page["doc"], row["at"], row["c"])

    def _commit(self, document: str, at: int, raw: dict[str, Any]) -> None:
        change = changes.encode(raw)
        self.logs[document].put(at, change)
        self.counts["changes"] += 1

    def _ack(self, ack: dict[str, Any], connection: str) -> None:
        push = self.asked[connection, ack["id"]]
        refusal = self._judge(push, connection)
        self.check(refusal is None, "pushes", f"taken, and to be refused with {refusal}")
        for part, answer in zip(push["p"], ack["p"], strict=True):
            if part["doc"] != answer["doc"]:
                self.wrong.append(f"line {self.number}: another order than the push")
            positions = [first + n for first, count in answer["at"] for n in range(count)]
            device = self.welcomes[connection]["device"]
            for at, raw in zip(positions, part["c"], strict=True):
                self._commit(part["doc"], at, raw)
                self.logs[part["doc"]].devices.setdefault(int(raw["a"], 16), device)
            if "sum" in answer:
                self.claims.append((self.number, ack, answer | {"at": max(positions)}))

    def _nack(self, nack: dict[str, Any], connection: str) -> None:
        found = self._judge(self.asked[connection, nack["id"]], connection)
        if found is None and nack["code"] in STATE_OF_SERVER:
            self.counts["refusals not judged"] += 1
            return
        keys = ("code", "doc", "a", "s", "missing")
        said = {key: nack[key] for key in keys if key in nack}
        self.check(found == said, "refusals", f"refused with {said}, and not {found}")

    def _err(self, err: dict[str, Any], connection: str) -> None:
        if err["code"] != "log_mismatch":
            self.counts["refusals not judged"] += 1
            return
        sub = self.asked[connection, err["id"]]
        moments = self.logs[sub["doc"]].moments
        same = sub["at"] < len(moments) and moments[sub["at"]][0] == sub["sum"]
        self.check(not same and "vv" not in sub, "refusals", "log_mismatch, and it is none")

    # What a server has to refuse: sync.md, What a server must do

    def _judge(self, push: dict[str, Any], connection: str) -> dict[str, Any] | None:
        welcome = self.welcomes[connection]
        trial: dict[str, Replica] = {}
        named: list[tuple[str, changes.Change]] = []
        for part in push["p"]:
            document, log = part["doc"], self.logs.get(part["doc"])
            if log is None:
                return {"code": "not_found", "doc": document}
            trial[document] = copy.deepcopy(log.replica)
            for raw in part["c"]:
                try:
                    change = changes.encode(raw)
                    if log.devices.get(change.first.agent, welcome["device"]) != welcome["device"]:
                        raise Refusal("agent_fork", "the agent of another device")
                    self._allow(document, welcome)
                    trial[document].take(change)
                except Refusal as refusal:
                    return _refusal(refusal, document, raw)
                named.append((document, change))
        for document, change in named:
            article = f"{int(document, 16) & ~1:032x}"
            there = trial.get(article) or self.logs[article].replica
            missing = [id for id in _targeted(change) if there.log.change_of(id) is None]
            if missing:
                refusal = Refusal("missing_dep", "a target names what is not here", missing)
                return _refusal(refusal, document, changes.raw_of(change))
        return None

    def _allow(self, document: str, welcome: dict[str, Any]) -> None:
        """The least that a role has to be: annotations.md, Roles. Whose an annotation is, is not looked at."""
        roles = {"reader", "reviewer"} if int(document, 16) % 2 == 0 else {"reader"}
        if all(library["role"] in roles for library in welcome["libs"]):
            raise Refusal("forbidden", "the role does not allow it")

    # In the end

    def settle(self, kinds: list[str]) -> None:
        """Compares what was said of the logs, and the conflicts."""
        for self.number, message, part in self.claims:
            moments = self.logs[part["doc"]].moments
            if part["at"] >= len(moments):
                continue
            checksum, state, version = moments[part["at"]]
            self.check(part["sum"] == checksum, "checksums", f"{part['sum']}, and not {checksum}")
            if "state" in part:
                self.check(part["state"] == state, "states", f"{part['state']}, and not {state}")
            if "vv" in message:
                vector = {f"{agent:016x}": next for agent, next in version.items()}
                self.check(part["vv"] == vector, "vectors", f"{part['vv']}, and not {vector}")
        found: list[str] = []
        for document, log in self.logs.items():
            if log.replica.is_article:
                annotations = self.logs[f"{int(document, 16) + 1:032x}"].replica
                found += [each.kind for each in conflicts(Index(log.replica), annotations)]
        self.check(sorted(found) == sorted(kinds), "conflicts", f"the conflicts are {found}, not {kinds}")


def _targeted(change: changes.Change) -> list[Any]:
    """The operations of the article that a change of an annotation set names, ascending."""
    targets = [each for operation in change.operations for each in operation.fields.values()]
    return sorted(
        {
            id
            for target in targets
            if isinstance(target, (Target, Check))
            for id in [*target.at, *(anchor.character for both in target.ranges for anchor in both)]
        }
    )


def _refusal(refusal: Refusal, document: str, raw: dict[str, Any]) -> dict[str, Any]:
    said = {"code": refusal.code, "doc": document, "a": raw.get("a"), "s": raw.get("s")}
    return said | ({"missing": [str(id) for id in refusal.missing]} if refusal.missing else {})


def run(path: Path) -> tuple[Counter[str], list[str]]:
    """How much of each kind was checked in a transcript, and what is wrong."""
    about, *steps = [json.loads(line) for line in path.read_bytes().splitlines()]
    transcript = Transcript()
    for step in steps:
        transcript.number += 1
        try:
            transcript.step(step)
        except (Refusal, ValueError, KeyError) as error:
            transcript.wrong.append(f"line {transcript.number}: {type(error).__name__}: {error}")
    transcript.settle(about.get("conflicts", []))
    return transcript.counts, transcript.wrong

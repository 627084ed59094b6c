"""Bringing a library and its server to the same changes: messages.md, Documents to Pushing."""

from __future__ import annotations

from typing import Any

import changes
import receipts
from canonical import Refusal, base64url
from library import Document, Entry, Library, Lost
from receipts import Receipt
from session import Session

PUSH = 200_000
"""Bytes of changes in a push; it should stay below 262,144."""


class Sync:
    """One meeting with the server."""

    def __init__(self, library: Library, session: Session, welcome: dict[str, Any]) -> None:
        self.library = library
        self.session = session
        self.label: str = welcome["label"]
        self.live: dict[str, int] = {}
        """The position of the last `live` of each document that is followed."""
        self.diverged: set[str] = set()
        """The documents whose checksum was another at their last `live`."""
        self.sent = 0
        self.received = 0
        self.notices: list[str] = []
        if library.data["log"] != welcome["log"]:
            # Positions are of another run of the logs, or there was none.
            library.data["log"] = welcome["log"]
            for document in library.documents.values():
                document.at = 0

    def run(self) -> None:
        """Follows every document, then pushes: articles first, as annotations depend on them.

        What stands on an article that did not come waits (sync.md, Outbox).
        """
        ids = self._documents()
        for id in ids:
            self._follow(self.library.document(id))
        for id in sorted(ids):
            document = self.library.document(id)
            if id in self.live and document.article in self.live:
                self._push(document)

    def _documents(self) -> list[str]:
        found: list[str] = []
        last = ""
        more = True
        for document in list(self.library.documents.values()):
            if document.of is not None:
                self._make(document)
        while more:
            answer = self._docs({"after": last} if last else {})
            last = answer["docs"][-1]["doc"] if answer["docs"] else last
            for entry in answer["docs"]:
                # messages.md, Growth: documents of other kinds are passed over.
                if entry["kind"] in ("article", "annotations", "private"):
                    self.library.document(entry["doc"]).of = entry.get("of")
                    found.append(entry["doc"])
            more = answer["more"] and bool(answer["docs"])
        return found

    def _make(self, document: Document) -> None:
        """Has the server make a private annotation set; harmless where it has it."""
        try:
            self._docs({"new": [{"doc": document.id, "of": document.of}]})
        except Refusal as refusal:
            self.notices.append(f"{document.id}: {refusal}")

    def _docs(self, fields: dict[str, Any]) -> dict[str, Any]:
        request = {"t": "docs", "id": self.session.next_id(), "lib": self.library.data["library"]}
        self.session.send(request | fields)
        return self._until("docs", request["id"])

    # Following

    def _follow(self, document: Document, again: bool = False) -> None:
        """Subscribes, and waits until all is here. `again` is from the start, with the vector."""
        at = 0 if again else document.at
        kept = self._covered(document)
        request: dict[str, Any] = {
            "t": "sub",
            "id": self.session.next_id(),
            "doc": document.id,
            "at": at,
            "sum": document.checksum(at) if at else "0" * 16,
        }
        if again or (at == 0 and document.entries):
            vector = document.vector()
            for entry in document.entries:
                entry.at = 0  # What the vector covers does not come again, whatever its position is.
            request["vv"] = {f"{agent:016x}": next for agent, next in sorted(vector.items())}
        self.live.pop(document.id, None)
        self.session.send(request)
        try:
            have = self._until("have", request["id"])
        except Refusal as refusal:
            if refusal.code == "log_mismatch" and not again:
                return self._follow(document, again=True)
            self.notices.append(f"{document.id}: {refusal}")
            return None
        document.role = have["role"]
        vector = {int(agent, 16): next for agent, next in have["vv"].items()}
        lost = self._lost(document, vector, kept)
        self._compare(document, vector, lost)
        while document.id not in self.live:
            self._handle(self.session.receive())
        if document.id in self.diverged and not again:
            self.notices.append(f"{document.id}: diverged, read again from the start")
            self._follow(document, again=True)
        elif lost is not None and not self._give(document, lost):
            self._compare(document, vector, None)
        return None

    # Giving back by receipts: sync.md, Giving back

    def _covered(self, document: Document) -> list[Entry]:
        """The rows that the receipt covers, as they are before anything comes in."""
        rows = document.receipt and document.rows(document.receipt.at)
        return [Entry(e.at, e.user, e.device, e.time, e.change) for e in rows or []]

    def _lost(self, document: Document, vector: dict[int, int], kept: list[Entry]) -> Lost | None:
        """What the server lacks of rows that it has signed, if that fits into one message."""
        first = next((n for n, e in enumerate(kept) if e.change.last.seq >= vector.get(e.change.first.agent, 0)), None)
        if first is None or document.receipt is None:
            return None
        rows = kept[first:]
        if len(rows) > receipts.ROWS or sum(len(each.change.data) for each in rows) > receipts.BYTES:
            self.notices.append(f"{document.id}: too much is lost to be given back")
            return None
        return Lost(document.receipt, document.chain(kept[:first]), rows)

    def _give(self, document: Document, lost: Lost) -> bool:
        """Gives it back, and waits until it has come again. Whether the server took it."""
        request = {"t": "give", "id": self.session.next_id(), "doc": document.id, "log": lost.receipt.log}
        stretch = {"from": lost.rows[0].at, "chain": base64url(lost.chain), "at": lost.receipt.at}
        rows = [
            {"u": each.user, "d": each.device, "w": each.time, "c": changes.raw_of(each.change)}
            for each in lost.rows
        ]
        self.session.send(request | stretch | {"sig": lost.receipt.sig, "c": rows})
        try:
            answer = self._until("ack", request["id"])
        except Refusal as refusal:
            answer = {"t": "nack", "code": refusal.code, "msg": refusal.args[0]}
        if answer["t"] == "nack":
            self.notices.append(f"{document.id}: not given back, {answer['code']}: {answer.get('msg', '')}")
            return False
        part = answer["p"][0]
        left = {f"{each['a']}:{each['s']}": each for each in part.get("left", [])}
        for spelled, each in left.items():
            self.notices.append(f"{document.id}: {spelled} not given back, {each['code']}: {each.get('msg', '')}")
        self.notices.append(
            f"{document.id}: the server was restored; {len(rows) - len(left)} changes were given back"
        )
        last = max((first + count - 1 for first, count in part["at"]), default=0)
        while document.id in self.live and self.live[document.id] < last:
            self._handle(self.session.receive())
        return True

    def _keep(self, document: Document, live: dict[str, Any]) -> None:
        """Keeps the receipt of a `live`, if all rows up to there are known and lead to its chain."""
        rows = document.rows(live["at"])
        if rows and base64url(document.chain(rows)) == live["chain"]:
            log = self.library.data["log"]
            document.receipt = Receipt(log, live["at"], live["chain"], live["sig"])
        else:
            document.receipt = None

    def _compare(self, document: Document, vector: dict[int, int], given: Lost | None) -> None:
        """messages.md, `have`: what the server has of one's own, more or less than it should."""
        agent = document.agent
        if agent is None:
            return
        if vector.get(agent, 0) > document.next_seq():
            # This library is a copy: the agent lives elsewhere, too.
            self.notices.append(f"{document.id}: this library is a copy; it goes on under another agent")
            document.agent = None
            return
        promised = {each.change.first for each in given.rows} if given else set()
        own = [
            e for e in document.entries if e.change.first.agent == agent and e.change.first not in promised
        ]
        lost = [e for e in own if e.change.last.seq >= vector.get(agent, 0)]
        if lost:
            self.notices.append(f"{document.id}: the server was restored; {len(lost)} changes go out again")
            document.entries = [e for e in document.entries if e not in lost]
            document.outbox = [e.change for e in lost] + document.outbox

    # What comes in

    def _handle(self, message: dict[str, Any]) -> None:
        """Takes in a message that answers nothing."""
        if message["t"] == "ops":
            document = self.library.document(message["doc"])
            for each in message["c"]:
                self._take(document, each)
        elif message["t"] == "live":
            self._arrived(self.library.document(message["doc"]), message)
        elif message["t"] == "revoked":
            self.notices.append(f"{message.get('doc') or message.get('lib')}: may no longer be read")
            for id in list(self.live):
                if message.get("doc") in (id, None):
                    del self.live[id]
        elif message["t"] == "err":
            raise Refusal(message["code"], message.get("msg", ""))

    def _take(self, document: Document, row: dict[str, Any]) -> None:
        at, change = row["at"], changes.encode(row["c"])
        own = next((each for each in document.outbox if each.first == change.first), None)
        known = next((each for each in document.entries if each.change.first == change.first), None)
        if known is not None:
            known.at, known.user, known.device, known.time = at, row["u"], row["d"], row["w"]
            return
        document.replica.integrate(change)
        if own is not None:
            document.outbox.remove(own)
        else:
            self.received += 1
        document.entries.append(Entry(at, row["u"], row["d"], row["w"], change))

    def _arrived(self, document: Document, live: dict[str, Any]) -> None:
        same = document.checksum(live["at"]) == live["sum"]
        if "state" in live and not document.outbox and not document.replica.waiting:
            same = same and f"{document.replica.state():016x}" == live["state"]
        self.live[document.id] = live["at"]
        if same:
            document.at = live["at"]
            self.diverged.discard(document.id)
            if "sig" in live:
                self._keep(document, live)
        else:
            self.diverged.add(document.id)

    def _until(self, type: str, id: int) -> dict[str, Any]:
        """The answer of a type to a message; what comes in between is handled."""
        while True:
            message = self.session.receive()
            if message.get("id") == id:
                if message["t"] == type or message["t"] == "nack":
                    return message
                if message["t"] == "err":
                    raise Refusal(message["code"], message.get("msg", ""))
            self._handle(message)

    # Pushing

    def _push(self, document: Document) -> None:
        while True:
            batch: list[changes.Change] = []
            for change in document.outbox:
                if str(change.first) in document.refused:
                    continue
                if batch and sum(len(each.data) for each in batch) + len(change.data) > PUSH:
                    break
                batch.append(change)
            if not batch:
                return
            request = {"t": "push", "id": self.session.next_id()}
            raw = [changes.raw_of(change) for change in batch]
            self.session.send(request | {"p": [{"doc": document.id, "c": raw}]})
            answer = self._until("ack", request["id"])
            if answer["t"] == "nack":
                if not self._refused(document, batch, answer):
                    return
                continue
            positions = [
                first + n for first, count in answer["p"][0]["at"] for n in range(count)
            ]
            was = dict(answer["p"][0].get("was", []))
            for at, change in zip(positions, batch, strict=True):
                document.outbox.remove(change)
                user = self.library.data["user"]
                document.entries.append(Entry(at, user, self.label, was.get(at, answer["w"]), change))
            self.sent += len(batch)
            while document.id in self.live and self.live[document.id] < max(positions):
                self._handle(self.session.receive())
            if document.id in self.diverged:
                self._follow(document, again=True)

    def _refused(self, document: Document, batch: list[changes.Change], nack: dict[str, Any]) -> bool:
        """Keeps what was refused for good, and says so. Whether to go on with the rest."""
        why = f"{nack['code']}: {nack.get('msg', '')}"
        self.notices.append(f"{document.id}: refused, {why}")
        if nack["retry"] != "never":
            return False
        spelled = f"{nack['a']}:{nack['s']}" if "a" in nack and "s" in nack else None
        # What one's own agent did behind it depends on it.
        place = next((n for n, change in enumerate(batch) if str(change.first) == spelled), 0)
        for change in batch[place:]:
            document.refused[str(change.first)] = why
        return place > 0

"""What a client keeps, in one JSON file: credentials, and of each document changes and outbox."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import changes
from canonical import base64url
from changes import Change
from log import Version
from receipts import Receipt, chain_of, linked
from replica import Replica
from values import Id


@dataclass
class Entry:
    """A change that the server has, with its position, who brought it from which device, and when."""

    at: int
    user: str
    device: str
    time: int
    change: Change


@dataclass
class Lost:
    """The end of a log that the server has signed and lost: rows as they were, with the last position,
    and the chain in front of them."""

    receipt: Receipt
    chain: bytes
    rows: list[Entry]


@dataclass
class Document:
    """What a client knows of one document. `replica` holds the changes of both lists."""

    id: str
    agent: int | None = None
    of: str | None = None
    """The article that a private annotation set belongs to; none of other documents."""
    role: str = "reader"
    at: int = 0
    """The position up to which everything is here."""
    entries: list[Entry] = field(default_factory=list)
    outbox: list[Change] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Changes of the outbox that the server has refused for good, and why."""
    receipt: Receipt | None = None
    """The last one that the rows here lead to."""
    replica: Replica = field(init=False)

    def __post_init__(self) -> None:
        self.replica = Replica(int(self.id, 16))

    @property
    def kind(self) -> str:
        return "article" if self.replica.is_article else "annotations"

    @property
    def article(self) -> str:
        """The id of the article that it is, or belongs to: changes.md."""
        return self.of or f"{int(self.id, 16) & ~1:032x}"

    def checksum(self, at: int | None = None) -> str:
        """The checksum of the changes at all positions, or up to one."""
        sum = 0
        for entry in self.entries:
            if at is None or entry.at <= at:
                sum = changes.add(sum, self.replica.log.hash_of(entry.change))
        return f"{sum:016x}"

    def vector(self) -> Version:
        """What the server is known to have."""
        result: Version = {}
        for entry in self.entries:
            first = entry.change.first
            result[first.agent] = max(result.get(first.agent, 0), entry.change.last.seq + 1)
        return result

    def chain(self, rows: list[Entry], start: bytes | None = None) -> bytes:
        """The chain over some rows, from the first on or behind a chain."""
        chain = start or chain_of(self.id)
        for row in rows:
            hash = self.replica.log.hash_of(row.change)
            chain = linked(chain, row.at, row.user, row.device, row.time, hash)
        return chain

    def rows(self, at: int) -> list[Entry] | None:
        """The rows of the server's log up to a position; `None` unless all are known."""
        rows = sorted((each for each in self.entries if 1 <= each.at <= at), key=lambda each: each.at)
        return rows if [each.at for each in rows] == list(range(1, at + 1)) else None

    def write(self, operations: list[dict[str, Any]], message: str | None = None) -> Change:
        """Makes a change of one's own and puts it into the outbox. The fields of operations are raw,
        and ids in them as `spell` gives them."""
        raw: dict[str, Any] = {"a": f"{self.own_agent():016x}", "o": operations}
        raw["s"] = self.next_seq()
        raw["w"] = int(time.time() * 1_000)
        dependencies = [str(id) for id in self.replica.log.frontier() if id.agent != self.agent]
        if dependencies:
            raw["d"] = dependencies
        if message is not None:
            raw["m"] = message
        change = changes.encode(raw)
        self.replica.take(change)
        self.outbox.append(change)
        return change

    def own_agent(self) -> int:
        """The agent of this device; a new one where there is none, or where it was given up."""
        if self.agent is None:
            self.agent = secrets.randbits(64)
        return self.agent

    def next_seq(self) -> int:
        return self.replica.log.version().get(self.own_agent(), 0)

    def spell(self, id: Id) -> int | str:
        """An id as an operation of one's own has it."""
        return id.seq if id.agent == self.own_agent() else str(id)

    def spans(self, ids: list[Id]) -> list[list[Any]]:
        """Spans of ids, in their order."""
        result: list[tuple[Id, int]] = []
        for id in ids:
            if result and id == result[-1][0].moved(result[-1][1]):
                result[-1] = (result[-1][0], result[-1][1] + 1)
            else:
                result.append((id, 1))
        return [[self.spell(first), count] for first, count in result]


class Library:
    """A library on this device."""

    def __init__(self, path: Path, data: dict[str, Any]) -> None:
        self.path = path
        self.data = data
        self.documents: dict[str, Document] = {}

    @staticmethod
    def new(path: Path) -> Library:
        """A library that has joined nothing yet."""
        device, key = f"{secrets.randbits(64):016x}", base64url(secrets.token_bytes(32))
        return Library(path, {"device": device, "key": key, "user": "", "library": "", "log": ""})

    @staticmethod
    def load(path: Path) -> Library:
        stored = json.loads(path.read_text(encoding="utf-8"))
        library = Library(path, stored["device"])
        for raw in stored["documents"]:
            agent = None if raw["agent"] is None else int(raw["agent"], 16)
            document = Document(raw["id"], agent, raw.get("of"))
            document.role, document.at, document.refused = raw["role"], raw["at"], raw["refused"]
            for at, user, label, time, text in raw["entries"]:
                change = changes.decode(text.encode("utf-8"))
                document.entries.append(Entry(at, user, label, time, change))
            document.receipt = Receipt(**raw["receipt"]) if raw["receipt"] else None
            document.outbox = [changes.decode(text.encode("utf-8")) for text in raw["outbox"]]
            for change in [entry.change for entry in document.entries] + document.outbox:
                document.replica.integrate(change)
            library.documents[document.id] = document
        return library

    def save(self) -> None:
        """Writes the file anew, whole or not at all."""
        documents = [
            {
                "id": document.id,
                "agent": None if document.agent is None else f"{document.agent:016x}",
                "of": document.of,
                "role": document.role,
                "at": document.at,
                "entries": [
                    [e.at, e.user, e.device, e.time, e.change.data.decode("utf-8")] for e in document.entries
                ],
                "receipt": document.receipt and document.receipt.__dict__,
                "outbox": [change.data.decode("utf-8") for change in document.outbox],
                "refused": document.refused,
            }
            for document in self.documents.values()
        ]
        stored = json.dumps({"device": self.data, "documents": documents}, ensure_ascii=False, indent=1)
        temporary = self.path.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(stored)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)

    def document(self, id: str) -> Document:
        return self.documents.setdefault(id, Document(id))

    def articles(self) -> list[tuple[Document, Document]]:
        """Each article with its annotation set, ascending by id."""
        articles = [document for _, document in sorted(self.documents.items()) if document.kind == "article"]
        return [(each, self.document(f"{int(each.id, 16) + 1:032x}")) for each in articles]

    def private_set(self, article: Document) -> Document:
        """The user's private annotation set of an article, here from now on: annotations.md."""
        name = f"gloss private set\n{article.id}\n{self.data['user']}"
        bits = int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:12], "big") | 1
        document = self.document(f"ffffffff{bits:024x}")
        document.of = article.id
        return document

    def sets(self, article: Document) -> list[Document]:
        """The annotation sets of an article that are here: the shared one, and the private one if any."""
        shared = self.document(f"{int(article.id, 16) + 1:032x}")
        return [shared] + [each for each in self.documents.values() if each.of == article.id]

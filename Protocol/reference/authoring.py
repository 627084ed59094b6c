"""What people do, as operations: text.md, annotations.md, and the answers of conflicts.md."""

from __future__ import annotations

from typing import Any

from library import Document
from log import Version as Known
from placement import Index
from questions import Conflict, index_of
from text import edit_tag
from text_conflicts import words_of, version_of
from values import Id, Span

CONTEXT = 32
"""How many scalars of context a quote has on each side."""


class Mistake(Exception):
    """What a person asked for cannot be done; the message says why."""


def find(index: Index, words: str) -> tuple[int, int]:
    """Where words stand; they must stand there once."""
    text = index.text.string(index.version)
    count = text.count(words) if words else 0
    if count != 1:
        raise Mistake(f"“{words}” is there {count} times; give words that are there once")
    start = text.index(words)
    return start, start + len(words)


def visible(index: Index) -> list[Id]:
    return [each.id for each in index.text.characters if each.id in index.shown]


def note(document: Document, article: Document, words: str, body: str, kind: str, proposal: str | None) -> Id:
    """Annotates words of the article."""
    index = Index(article.replica)
    start, end = find(index, words)
    text, ids = index.text.string(index.version), visible(index)
    target = {
        "at": [str(id) for id in article.replica.log.frontier()],
        "q": [words, text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]],
        "r": [[str(ids[start]), 0, str(ids[end - 1]), 1]],
    }
    operation: dict[str, Any] = {"k": "note", "b": body, "g": kind, "on": target}
    if proposal is not None:
        operation["p"] = proposal
    return document.write([operation]).first


def reply(document: Document, annotation: Id, body: str) -> Id:
    """Answers an annotation."""
    return document.write([{"k": "reply", "e": document.spell(annotation), "b": body}]).first


def edit(article: Document, old: str, new: str) -> Id:
    """Puts words in the place of others, as one correction: text.md, Edits made alike."""
    index = Index(article.replica)
    start, end = find(index, old)
    ids = visible(index)[start:end]
    article.own_agent()
    operations: list[dict[str, Any]] = [{"k": "del", "x": article.spans(ids)}]
    if new:
        behind = index.places[ids[-1]] + 1
        right = index.text.characters[behind].id if behind < len(index.text.characters) else None
        tag = edit_tag(ids[-1], right, 0, new, [Span(id, 1) for id in ids], [])
        insertion: dict[str, Any] = {"k": "ins", "t": new, "l": article.spell(ids[-1])}
        insertion |= {"rp": article.spans(ids), "ac": str(tag)}
        if right is not None:
            insertion["r"] = article.spell(right)
        operations.append(insertion)
    return article.write(operations).first


def write_field(document: Document, entity: Id | None, name: str, value: Any) -> dict[str, Any]:
    """A write that replaces all that stand."""
    standing = sorted(write.id for write in document.replica.annotations.standing(entity, name))
    operation = {"k": "set", "f": name, "p": [document.spell(id) for id in standing], "v": value}
    return operation | ({} if entity is None else {"e": document.spell(entity)})


def resolve(document: Document, conflict: Conflict, take: str, why: str | None) -> Id:
    """Answers a conflict by a letter, `merged` for text, or `loose` for a note whose words are gone. In
    one change: what the answer means, then the resolution."""
    document.own_agent()
    chosen = index_of(take)
    if chosen is not None and chosen >= len(conflict.versions):
        raise Mistake(f"there is no version {take}")
    is_field = conflict.kind == "value" or (conflict.kind == "resolution" and conflict.field != "")
    if chosen is None and (is_field or conflict.kind == "delete/edit"):
        raise Mistake(f"{take} is no letter of a version")
    if is_field:
        operations = [_value(document, conflict, chosen)]
    elif conflict.kind == "delete/edit":
        withdrawn = conflict.versions[chosen].content == "withdrawn"
        life = "withdrawn" if withdrawn else "active"
        operations = [write_field(document, conflict.about[0], "life", life)]
    elif "range" in conflict.subject and (chosen is not None or take == "merged"):
        operations = [] if chosen is None else _text(document, conflict, chosen)
    elif conflict.kind == "anchor" and take == "loose":
        operations = []
    else:
        raise Mistake("this client does not answer such a conflict that way")
    resolution: dict[str, Any] = {
        "k": "resolve",
        "c": f"{conflict.id:016x}",
        "g": conflict.kind,
        "s": [document.spell(id) for id in conflict.settles],
        "take": take,
    }
    if why is not None:
        resolution["y"] = why
    return document.write(operations + [resolution]).first


def _value(document: Document, conflict: Conflict, chosen: int) -> dict[str, Any]:
    """Writes the value of a version once more, as it was written."""
    change = document.replica.log.change_of(conflict.versions[chosen].operations[0])
    written = next(o for o in change.operations if o.id == conflict.versions[chosen].operations[0])
    entity = conflict.about[0] if conflict.about else None
    raw = {"target": "on", "body": "b", "proposal": "p"}
    key = "v" if written.kind == "set" else raw[conflict.field]
    return write_field(document, entity, conflict.field, written.raw[key])


def _text(article: Document, conflict: Conflict, chosen: int) -> list[dict[str, Any]]:
    """Of the words in question, hides what does not show in a version, and shows what does there."""
    replica = article.replica
    version: Known = version_of(replica, conflict, chosen)
    characters = words_of(replica, conflict).characters
    wanted = replica.text.shown(version)
    now = replica.text.shown(replica.log.version())
    counts = replica.text.counts(replica.log.version())
    operations: list[dict[str, Any]] = []
    surplus = [id for id in characters if id in now and id not in wanted]
    if surplus:
        operations.append({"k": "del", "x": article.spans(surplus)})
    hiding: list[Id] = []
    for id in characters:
        if id in wanted and id not in now:
            deletions = [d for d, character in replica.text.deletions.items() if character == id]
            hiding += [each for each in [id, *deletions] if _hides(each, id, counts)]
    if hiding:
        marks = [[article.spell(id), 1, counts.get(id, 0) + 1] for id in sorted(hiding)]
        operations.append({"k": "vis", "x": marks})
    return operations


def _hides(id: Id, character: Id, counts: dict[Id, int]) -> bool:
    """Whether an undone insertion, or a deletion that is not undone, hides a character."""
    return counts.get(id, 0) % 2 == (1 if id == character else 0)

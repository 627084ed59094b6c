"""A small client on the command line.

    python3 Protocol/reference/client.py --state FILE COMMAND …

    join LINK --as NAME --label LABEL   join by an invitation
    sync                                send and fetch
    list                                articles, with their checksums
    show ARTICLE                        text and notes
    note ARTICLE WORDS -m TEXT          annotate words; --to WORDS suggests others in their place;
                                        --private for oneself alone
    reply NOTE -m TEXT                  answer a note
    edit-text ARTICLE OLD NEW           correct words
    conflicts [ARTICLE]                 the open questions
    resolve CONFLICT --take X           answer one; --why WHY

ARTICLE is a name or an id, NOTE and CONFLICT an id. Output is JSON, one object a line; messages go to
standard error. Exits with 0 done, 1 failed, 4 no match, 6 server out of reach,
8 refused, or another server than the invitation says, 9 no library here.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import authoring
import links
from authoring import Mistake
from canonical import Refusal
from conflicts import conflicts
from library import Document, Library
from placement import Index, check_state, placement
from questions import Conflict, letter
from session import Closed, Session, WrongKey
from sync import Sync
from values import Check, Id, Target, parse_id


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS
    )
    parser.add_argument("--state", default=os.environ.get("GLOSS_REFERENCE", "reference.json"))
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, *positional: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name)
        for each in positional:
            added.add_argument(each)
        return added

    join = command("join", "link")
    join.add_argument("--as", dest="user", required=True)
    join.add_argument("--label", default="python")
    command("sync")
    command("list")
    command("show", "article")
    note = command("note", "article", "words")
    note.add_argument("-m", dest="body", default="")
    note.add_argument("--to", dest="proposal")
    note.add_argument("--kind", default="note")
    note.add_argument("--private", action="store_true")
    command("reply", "note").add_argument("-m", dest="body", required=True)
    command("edit-text", "article", "old", "new")
    command("conflicts").add_argument("article", nargs="?")
    resolve = command("resolve", "conflict")
    resolve.add_argument("--take", required=True)
    resolve.add_argument("--why")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    options = arguments(words)
    path = Path(options.state)
    try:
        if options.command == "join":
            return join(path, options)
        if not path.exists():
            return _failed(9, f"there is no library in {path}; join one first")
        library = Library.load(path)
        COMMANDS[options.command](library, options)
        library.save()
        return 0
    except Mistake as mistake:
        return _failed(4, str(mistake))
    except (Closed, OSError) as error:
        return _failed(6, f"{error}; what was done here is kept, try sync again")
    except (Refusal, WrongKey) as refusal:
        return _failed(8, str(refusal))
    except ValueError as error:
        return _failed(1, str(error))


def _failed(status: int, why: str) -> int:
    print(f"error: {why}", file=sys.stderr)
    return status


def _print(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False))


# The server


def join(path: Path, options: argparse.Namespace) -> int:
    if path.exists():
        library = Library.load(path)
        if library.data["library"]:
            raise Mistake(f"{path} has joined already; give another --state")
    link = links.parse(options.link)
    if not path.exists():
        library = Library.new(path)
    # Kept before they are sent: if the welcome is lost, the same hello is welcomed again.
    library.data |= {"host": link.host, "port": link.port, "fingerprint": link.fingerprint.hex()}
    library.save()
    device = {key: library.data[key] for key in ("device", "key")}
    secret = links.base64url(link.secret)
    credential = {"k": "invite", "secret": secret, "user": options.user, "label": options.label}
    with Session(link.host, link.port, link.fingerprint) as session:
        welcome = session.login(credential | device)
        library.data |= {"user": welcome["user"], "library": welcome["lib"]}
        _sync(library, session, welcome)
    return 0


def sync_command(library: Library, options: argparse.Namespace) -> None:
    data = library.data
    credential = {"k": "device", "device": data["device"], "key": data["key"]}
    with Session(data["host"], data["port"], bytes.fromhex(data["fingerprint"])) as session:
        _sync(library, session, session.login(credential))


def _sync(library: Library, session: Session, welcome: dict[str, Any]) -> None:
    meeting = Sync(library, session, welcome)
    try:
        meeting.run()
    finally:
        library.save()
    for notice in meeting.notices:
        print(notice, file=sys.stderr)
    _print({"sent": meeting.sent, "received": meeting.received, "diverged": sorted(meeting.diverged)})


# Articles


def _name(article: Document) -> str:
    name = article.replica.annotations.value(None, "name")
    return name if isinstance(name, str) else article.id


def _article(library: Library, name: str) -> tuple[Document, Document]:
    found = [pair for pair in library.articles() if name in (pair[0].id, _name(pair[0]))]
    if len(found) != 1:
        raise Mistake(f"{name} is the name of {len(found)} articles; list shows names and ids")
    return found[0]


def list_command(library: Library, options: argparse.Namespace) -> None:
    for article, annotations in library.articles():
        _print({"name": _name(article)} | {each.kind: _document(each) for each in (article, annotations)})


def _document(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "role": document.role,
        "at": document.at,
        "sum": document.checksum(),
        "state": f"{document.replica.state():016x}",
        "outbox": len(document.outbox),
        "refused": document.refused,
    }


def show_command(library: Library, options: argparse.Namespace) -> None:
    article, _ = _article(library, options.article)
    index = Index(article.replica)
    notes = [
        _note(index, annotations, note.id)
        for annotations in library.sets(article)
        for note in annotations.replica.annotations.listed("annotation")
    ]
    _print({"name": _name(article), "text": index.text.string(index.version), "notes": notes})


def _note(index: Index, annotations: Document, note: Id) -> dict[str, Any]:
    store = annotations.replica.annotations
    target = store.value(note, "target")
    is_target = isinstance(target, Target) and not isinstance(target, Check)
    place = placement(index, target if is_target else None)
    return {
        "id": str(note),
        "private": annotations.of is not None,
        "kind": store.entities[note].operation.g,
        "body": store.value(note, "body"),
        "proposal": store.value(note, "proposal"),
        "tags": [tag for tag, _ in store.tags(note)],
        "state": place.state,
        "ranges": place.ranges,
        "words": index.words(place.ranges),
        "check": check_state(index, annotations.replica, note)[0],
        "gone": store.gone(note),
        "replies": [
            {"id": str(reply.id), "body": store.value(reply.id, "body")} for reply in store.replies(note)
        ],
    }


# What people do


def note_command(library: Library, options: argparse.Namespace) -> None:
    article, annotations = _article(library, options.article)
    if options.private:
        annotations = library.private_set(article)
    kind = "suggestion" if options.proposal is not None else options.kind
    id = authoring.note(annotations, article, options.words, options.body, kind, options.proposal)
    _print({"id": str(id)})


def reply_command(library: Library, options: argparse.Namespace) -> None:
    note = parse_id(options.note)
    for annotations in [each for article, _ in library.articles() for each in library.sets(article)]:
        entity = annotations.replica.annotations.entities.get(note)
        if entity is not None and entity.kind == "annotation":
            _print({"id": str(authoring.reply(annotations, note, options.body))})
            return
    raise Mistake(f"there is no note {note}")


def edit_command(library: Library, options: argparse.Namespace) -> None:
    article, _ = _article(library, options.article)
    _print({"id": str(authoring.edit(article, options.old, options.new))})


# Conflicts


def conflicts_command(library: Library, options: argparse.Namespace) -> None:
    pairs = library.articles() if options.article is None else [_article(library, options.article)]
    for article, _ in pairs:
        for _, conflict in _open(library, article):
            _print({"article": _name(article)} | _conflict(conflict))


def _open(library: Library, article: Document) -> Iterator[tuple[Document, Conflict]]:
    """The questions about an article and its sets, each once, with the set it was found with."""
    for annotations in library.sets(article):
        for conflict in conflicts(Index(article.replica), annotations.replica):
            if annotations.of is None or conflict.document == int(annotations.id, 16):
                yield annotations, conflict


def _conflict(conflict: Conflict) -> dict[str, Any]:
    versions = [
        {"letter": letter(n), "content": version.content, "ops": [str(id) for id in version.operations]}
        for n, version in enumerate(conflict.versions)
    ]
    parts = {"base": conflict.base, "shown": conflict.shown, "versions": versions}
    return {"id": f"{conflict.id:016x}", "kind": conflict.kind} | conflict.subject | parts


def resolve_command(library: Library, options: argparse.Namespace) -> None:
    for article, _ in library.articles():
        for annotations, conflict in _open(library, article):
            if f"{conflict.id:016x}" == options.conflict:
                document = article if conflict.document % 2 == 0 else annotations
                id = authoring.resolve(document, conflict, options.take, options.why)
                _print({"id": str(id)})
                return
    raise Mistake(f"there is no open conflict {options.conflict}")


COMMANDS = {
    "sync": sync_command,
    "list": list_command,
    "show": show_command,
    "note": note_command,
    "reply": reply_command,
    "edit-text": edit_command,
    "conflicts": conflicts_command,
    "resolve": resolve_command,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

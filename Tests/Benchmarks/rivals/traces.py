"""Reads editing traces, and brings their positions into the unit that a library counts in."""

import gzip
import json
import os


class Trace:
    """A trace: a list of transactions, and the text they end in."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        trace = json.loads(data)
        self.name = os.path.basename(path).split(".")[0]
        self.transactions = trace["txns"]
        self.text = trace["endContent"]
        self.is_concurrent = trace.get("kind") == "concurrent"

    @property
    def is_ascii(self):
        return all(
            patch[2].isascii() for txn in self.transactions for patch in txn["patches"]
        )

    def patches(self):
        """All patches of a sequential trace: position, count deleted, text, in scalars."""
        return [tuple(patch) for txn in self.transactions for patch in txn["patches"]]

    def byte_patches(self):
        """The same in bytes of UTF-8."""
        wide = []  # places and widths of the characters of more than one byte, ascending
        result = []
        for position, deleted, inserted in self.patches():
            before = sum(width - 1 for place, width in wide if place < position)
            gone = sum(
                width - 1 for place, width in wide if position <= place < position + deleted
            )
            result.append((position + before, deleted + gone, inserted))
            shift = len(inserted) - deleted
            wide = (
                [entry for entry in wide if entry[0] < position]
                + [
                    (position + offset, len(character.encode()))
                    for offset, character in enumerate(inserted)
                    if ord(character) > 127
                ]
                + [
                    (place + shift, width)
                    for place, width in wide
                    if place >= position + deleted
                ]
            )
        return result

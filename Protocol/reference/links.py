"""Join links: changes.md, Base64url and join links."""

from __future__ import annotations

import re
from typing import NamedTuple

from canonical import base64url, from_base64url


class JoinLink(NamedTuple):
    """What an invitation looks like to people."""

    host: str
    port: int
    fingerprint: bytes
    secret: bytes

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == 7464 else f":{self.port}"
        return f"gloss://{host}{port}/#v1.{base64url(self.fingerprint)}.{base64url(self.secret)}"


def parse(text: str) -> JoinLink:
    """The parts of a link; raises `ValueError` if it is none."""
    form = r"gloss://(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:/@?#\s]+))(?::([0-9]{1,5}))?/#v1\.([^.]+)\.([^.]+)"
    match = re.fullmatch(form, text)
    if not match:
        raise ValueError("not a join link")
    port = int(match[3] or 7464)
    fingerprint, secret = from_base64url(match[4]), from_base64url(match[5])
    if not 1 <= port <= 65_535 or len(fingerprint) != 32 or not 1 <= len(secret) <= 64:
        raise ValueError("not a join link")
    return JoinLink(match[1] or match[2], port, fingerprint, secret)

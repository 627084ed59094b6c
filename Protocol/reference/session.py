"""A connection: TLS with a pinned key, lines, login, liveness: messages.md."""

from __future__ import annotations

import hashlib
import hmac
import socket
import ssl
from typing import Any

import messages
from canonical import Refusal

SIGN_OF_LIFE = 15
"""Seconds within which any line must come behind a `ping`."""


class Closed(Exception):
    """The connection has ended."""


def fingerprint_of(certificate: bytes) -> bytes:
    """The SHA-256 of the DER SubjectPublicKeyInfo in a DER certificate.

    The certificate is a sequence whose first element is a sequence of, after an optional version
    under tag [0]: serial number, algorithm, issuer, validity, subject, SubjectPublicKeyInfo.
    """
    body, _, _ = _element(certificate, 0)
    start, _, _ = _element(certificate, body)
    if certificate[start] == 0xA0:
        _, start, _ = _element(certificate, start)
    for _ in range(5):
        _, start, _ = _element(certificate, start)
    _, end, _ = _element(certificate, start)
    return hashlib.sha256(certificate[start:end]).digest()


def _element(data: bytes, start: int) -> tuple[int, int, int]:
    """Where the content of a DER element starts and ends, and its tag."""
    try:
        tag, length, content = data[start], data[start + 1], start + 2
        if length >= 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[content : content + count], "big")
            content += count
    except IndexError as error:
        raise Closed("the server's certificate cannot be read") from error
    if content + length > len(data):
        raise Closed("the server's certificate cannot be read")
    return content, content + length, tag


class WrongKey(Exception):
    """The server has another key than the invitation says."""


class Session:
    """A connection to the server whose key has a fingerprint."""

    def __init__(self, host: str, port: int, fingerprint: bytes) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        # Names, issuers and dates are not looked at: the key is compared below.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._socket = context.wrap_socket(socket.create_connection((host, port), timeout=10))
        certificate = self._socket.getpeercert(binary_form=True) or b""
        if not hmac.compare_digest(fingerprint_of(certificate), fingerprint):
            self._socket.close()
            raise WrongKey("the server has another key than the invitation says; nothing was sent to it")
        self._buffer = b""
        self._last_id = 0
        self._heartbeat = 30

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.send({"t": "bye", "ms": 0})
            self._socket.close()
        except OSError:
            pass  # It is gone already.

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def send(self, message: dict[str, Any]) -> None:
        self._socket.sendall(messages.encode(message) + b"\n")

    def receive(self) -> dict[str, Any]:
        """The next message that is not about the connection itself."""
        while True:
            try:
                message = messages.decode(self._line(), "server")
            except Refusal as refusal:
                if refusal.code == "unknown_type":
                    continue  # messages.md, Growth: a client passes over it.
                raise
            if message["t"] == "ping":
                self.send({"t": "pong"} | ({"n": message["n"]} if "n" in message else {}))
            elif message["t"] == "bye":
                raise Closed(f"the server ends it: {message.get('msg') or message.get('code', 'bye')}")
            elif message["t"] == "err" and message["scope"] == "conn":
                raise Refusal(message["code"], message.get("msg", "the server ends it"))
            elif message["t"] != "pong":
                return message

    def _line(self) -> bytes:
        self._socket.settimeout(self._heartbeat)
        pinged = False
        while b"\n" not in self._buffer:
            if len(self._buffer) > messages.LINE:
                raise Refusal("line_too_long", f"more than {messages.LINE} bytes")
            try:
                data = self._socket.recv(65_536)
            except TimeoutError as error:
                if pinged:
                    raise Closed("the server shows no sign of life") from error
                self.send({"t": "ping"})
                self._socket.settimeout(SIGN_OF_LIFE)
                pinged = True
                continue
            if not data:
                raise Closed("the server has closed the connection")
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line.removesuffix(b"\r")

    def login(self, credential: dict[str, Any]) -> dict[str, Any]:
        """Says `hello`; gives the `welcome`."""
        hello = {"t": "hello", "id": self.next_id(), "v": [1], "sw": "reference/1", "auth": credential}
        self.send(hello)
        welcome = self.receive()
        if welcome["t"] != "welcome" or welcome["id"] != hello["id"] or welcome["v"] != 1:
            raise Refusal("bad_frame", "no welcome")
        self._heartbeat = welcome["hb"]
        return welcome

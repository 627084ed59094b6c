"""The work of `gloss-bench server` on pycrdt-websocket, as far as the two do the same.

    websocket_load.py [--seconds N]

Prints a line of JSON for each figure. The server is a process of its own, TLS is on, a change is an
update whose text makes it 256 bytes. It acknowledges nothing: what a writer has outstanding is what a
follower of the same document has not got yet.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from pycrdt import Doc, Text, create_sync_message, create_update_message, handle_sync_message
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

SYNC, UPDATE = 0, 2
"""The first bytes of a message that brings an update: its type, and its type within that."""


class Server:
    """The server, with a store or without."""

    def __init__(self, folder: Path, port: int, stores: bool) -> None:
        self.database = folder / f"updates-{port}.sqlite" if stores else None
        self.port = port
        command = [sys.executable, str(Path(__file__).with_name("websocket_server.py")), str(port)]
        command += [str(folder / "certificate.pem"), str(folder / "key.pem")]
        self.process = subprocess.Popen(
            command + ([str(self.database)] if self.database else []), stderr=subprocess.DEVNULL
        )

    def memory(self) -> int:
        """Resident bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * 4_096

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait()

    async def connect(self, room: str) -> ClientConnection:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        for _ in range(200):
            try:
                return await connect(
                    f"wss://127.0.0.1:{self.port}/{room}", ssl=context, compression=None
                )
            except OSError:
                await asyncio.sleep(0.1)
        raise RuntimeError("the server does not come up")


class Pen:
    """Writes the changes of one author to one document; each says when it was written."""

    def __init__(self) -> None:
        self.doc: Doc = Doc()
        self.text = self.doc.get("text", type=Text)

    def write(self, words: str) -> bytes:
        before = self.doc.get_state()
        self.text += words
        return self.doc.get_update(before)

    def change(self) -> bytes:
        words = f"@{time.monotonic_ns()} "
        return self.write(words + "x" * (232 - len(words)))


def written_at(message: bytes) -> list[int]:
    """When the changes of a message were written, in nanoseconds."""
    return [int(part.split(b" ", 1)[0]) for part in message.split(b"@")[1:]]


async def join(server: Server, room: str) -> ClientConnection:
    """A connection that has everything there is. Under load some are closed at once: then another."""
    for _ in range(20):
        channel = await server.connect(room)
        doc: Doc = Doc()
        try:
            await channel.send(create_sync_message(doc))
            async for message in channel:
                if message[0] != SYNC:
                    continue
                answer = handle_sync_message(message[1:], doc)
                if answer is not None:
                    await channel.send(answer)
                if message[1] == 1:  # All that it lacked.
                    return channel
        except ConnectionClosed:
            await asyncio.sleep(0.1)
    raise RuntimeError("the server closes each connection")


def report(what: str, value: float, unit: str, **details: float) -> None:
    figure = {"schema": "gloss-bench.rival/1", "what": what, "value": round(value, 3), "unit": unit}
    print(json.dumps(figure | {key: round(number, 3) for key, number in details.items()}), flush=True)


def percentile(values: list[int], share: float) -> float:
    """In milliseconds."""
    return sorted(values)[int(share * (len(values) - 1))] / 1e6 if values else 0.0


async def relay(
    server: Server, documents: int, followers: int, seconds: int, outstanding: int, interval: float
) -> list[int]:
    """How long each change took to each follower: as many as are answered, or one each `interval`."""
    latencies: list[int] = []
    end = time.monotonic() + seconds

    async def listen(channel: ClientConnection, arrived: asyncio.Semaphore | None) -> None:
        with suppress(ConnectionClosed):
            async for message in channel:
                if message[:2] != bytes([SYNC, UPDATE]):
                    continue
                now = time.monotonic_ns()
                for at in written_at(message):
                    latencies.append(now - at)
                    if arrived is not None:
                        arrived.release()

    async def write(number: int, free: asyncio.Semaphore) -> None:
        channel, pen = await join(server, f"room{number}"), Pen()
        await asyncio.sleep(interval * number / documents)
        drain = asyncio.create_task(listen(channel, None))
        while time.monotonic() < end:
            if interval:
                await asyncio.sleep(interval)
            else:
                try:
                    await asyncio.wait_for(free.acquire(), 1)
                except TimeoutError:
                    continue
            try:
                await channel.send(create_update_message(pen.change()))
            except ConnectionClosed:  # Under load the server cuts some writers off: others go on.
                break
        drain.cancel()
        await channel.close()

    tasks, readers = [], []
    for number in range(documents):
        free = asyncio.Semaphore(outstanding)
        for follower in range(followers):
            channel = await join(server, f"room{number}")
            readers.append(
                asyncio.create_task(listen(channel, free if follower == 0 else None))
            )
        tasks.append(write(number, free))
    latencies.clear()
    end = time.monotonic() + seconds
    await asyncio.gather(*tasks)
    for reader in readers:
        reader.cancel()
    return latencies


async def most(server: Server, seconds: int, name: str) -> None:
    latencies = await relay(server, 100, 1, seconds, 8, 0)
    report(
        f"changes relayed, {name}", len(latencies) / seconds, "1/s",
        p50_ms=percentile(latencies, 0.5), p99_ms=percentile(latencies, 0.99),
    )


async def fan_out(server: Server, seconds: int, name: str) -> None:
    latencies = await relay(server, 100, 10, seconds, 1_000, 0.4)
    report(
        f"push to peer, 100 documents with 10 followers, {name}, p99", percentile(latencies, 0.99),
        "ms", p50_ms=percentile(latencies, 0.5), deliveries_per_s=len(latencies) / seconds,
    )


async def idle(server: Server, count: int) -> None:
    before = server.memory()
    channels = [await join(server, f"idle{number // 2}") for number in range(count)]
    await asyncio.sleep(1)
    report("resident memory of an idle connection", (server.memory() - before) / count / 1_024, "KiB")
    for channel in channels:
        await channel.close()


async def letter(server: Server) -> None:
    reader, writer, pen = await join(server, "letter"), await join(server, "letter"), Pen()
    for _ in range(2):
        await writer.send(create_update_message(pen.write("x")))
        async for message in reader:
            if message[:2] == bytes([SYNC, UPDATE]):
                break
    report("a live one-letter change, its frame whole", len(message) + 2, "bytes")


async def killed(server: Server, seconds: int) -> None:
    """Kills the server under load, and looks what others had been told and the store does not have."""
    seen: dict[str, set[int]] = {}

    async def listen(room: str, channel: ClientConnection) -> None:
        try:
            async for message in channel:
                if message[:2] == bytes([SYNC, UPDATE]):
                    seen.setdefault(room, set()).update(written_at(message))
        except Exception:  # noqa: BLE001 (it was killed)
            pass

    async def write(channel: ClientConnection) -> None:
        pen = Pen()
        try:
            while True:
                await channel.send(create_update_message(pen.change()))
                await asyncio.sleep(0.05)
        except Exception:  # noqa: BLE001 (it was killed)
            pass

    tasks = []
    for number in range(50):
        room = f"killed{number}"
        tasks.append(asyncio.create_task(listen(room, await join(server, room))))
        tasks.append(asyncio.create_task(write(await join(server, room))))
    await asyncio.sleep(seconds)
    server.stop(signal.SIGKILL)
    await asyncio.gather(*tasks)
    kept: dict[str, set[int]] = {}
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as database:
        for path, update in database.execute("SELECT path, yupdate FROM yupdates"):
            kept.setdefault(path.strip("/"), set()).update(written_at(update))
    told = sum(map(len, seen.values()))
    lost = sum(len(times - kept.get(room, set())) for room, times in seen.items())
    report("changes that others had and the store lost to kill -9", lost, "changes", seen=told)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=8)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
            " -subj /CN=localhost -keyout key.pem -out certificate.pem".split(),
            cwd=folder, check=True, capture_output=True,
        )
        port = 7_564
        for stores, name in ((False, "no store"), (True, "store in SQLite")):
            for work in (most, fan_out):
                server = Server(folder, port, stores)
                await work(server, seconds, name)
                server.stop(signal.SIGKILL)
                port += 1
        server = Server(folder, port, False)
        await letter(server)
        await idle(server, 1_000)
        server.stop(signal.SIGKILL)
        await killed(Server(folder, port + 1, True), seconds)


asyncio.run(main())

"""pycrdt-websocket as a server over TLS: no store, or a store in SQLite.

    websocket_server.py PORT CERTIFICATE KEY [DATABASE]
"""

from __future__ import annotations

import asyncio
import sys

import uvicorn
from pycrdt.store import SQLiteYStore
from pycrdt.websocket import ASGIServer, WebsocketServer, YRoom


class StoringServer(WebsocketServer):
    """Keeps what each room gets, as its documentation shows."""

    def __init__(self, database: str) -> None:
        super().__init__(auto_clean_rooms=False)
        self._store = type("Store", (SQLiteYStore,), {"db_path": database})

    async def prepare(self) -> None:
        """Makes the database: rooms that are opened at once would get in each other's way."""
        async with self._store(path="prepared") as store:
            await store.db_initialized.wait()

    async def get_room(self, name: str) -> YRoom:
        if name not in self.rooms:
            self.rooms[name] = YRoom(ready=True, ystore=self._store(path=name))
        await self.start_room(self.rooms[name])
        return self.rooms[name]


async def main() -> None:
    port, certificate, key, *database = sys.argv[1:]
    rooms = StoringServer(database[0]) if database else WebsocketServer(auto_clean_rooms=False)
    config = uvicorn.Config(
        ASGIServer(rooms),
        host="127.0.0.1",
        port=int(port),
        ssl_certfile=certificate,
        ssl_keyfile=key,
        log_level="error",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
    )
    if isinstance(rooms, StoringServer):
        await rooms.prepare()
    async with rooms:
        await uvicorn.Server(config).serve()


asyncio.run(main())

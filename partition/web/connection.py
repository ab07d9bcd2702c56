"""A connection that nobody may hold for nothing: what is asked has to arrive, and at some speed."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

GRACE_SECONDS = 30.0
BYTES_PER_SECOND_LEAST = 16 * 2**10


class TimedConnection(H11Protocol):
    """One browser's connection. It is dropped where a request is not begun, or not whole, in time: so long, and longer
    by what has come of it. What the server takes for its answer counts for nothing."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._clock: asyncio.TimerHandle | None = None
        self._since, self._bytes = 0.0, 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._mind()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._bytes += len(data)
        self._mind()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._mind()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._rest()

    def _mind(self) -> None:
        """Start the clock where a request is to come and it does not run, and stop it where one is whole."""
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._rest()
        elif self._clock is None:
            self._since, self._bytes = self.loop.time(), 0
            self._clock = self.loop.call_later(GRACE_SECONDS, self._look)

    def _look(self) -> None:
        until = self._since + GRACE_SECONDS + self._bytes / BYTES_PER_SECOND_LEAST
        if self.loop.time() >= until:
            self.transport.abort()
        else:
            self._clock = self.loop.call_at(until, self._look)

    def _rest(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

"""The application: pages over a workspace and the work under way, behind the gate."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware

from partition.storage.project_file import Project
from partition.web.boundary import Boundary
from partition.web.errors import TROUBLES
from partition.web.pages import ROUTES
from partition.web.security import Gate, Keys
from partition.web.work import Work
from partition.web.workspace import Workspace

if TYPE_CHECKING:
    from uvicorn import Server
from partition.web.context import Desk

HERE = "127.0.0.1"


def make_app(
    project: Project,
    hosts: Collection[str],
    keys: Keys,
    served_to: str = "",
    guide: Callable[[], Mapping[str, bytes]] = dict,
) -> Starlette:
    """The pages of a project, served under `hosts` (names with port) to who holds the keys.

    `guide` gives the guide's files by name; it is called when the first of them is asked for.
    """

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        work = Work(project.end)
        app.state.desk = Desk(Workspace(project), work, served_to, cache(guide))
        try:
            yield
        finally:
            await work.close()

    return Starlette(
        routes=ROUTES,
        middleware=[Middleware(Gate, hosts=hosts, keys=keys), Middleware(Boundary)],
        exception_handlers=TROUBLES,
        lifespan=life,
    )


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens, on any free port for 0. Raises OSError where that cannot be."""
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(128)  # at once: who is told the address may come before the server takes over
    return listener


def serve(app: Starlette, listener: socket.socket) -> None:
    """Serve until Ctrl-C."""
    server_of(app).run(sockets=[listener])


def server_of(app: Starlette) -> Server:
    """The server of an application, not yet running."""
    import uvicorn

    from partition.web.connection import TimedConnection

    config = uvicorn.Config(
        app,
        http=TimedConnection,
        ws="none",
        log_level="warning",
        access_log=False,  # it would hold the token
        server_header=False,
        proxy_headers=False,
        limit_concurrency=200,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=1,  # pages that follow the work hold a connection open
    )
    return uvicorn.Server(config)

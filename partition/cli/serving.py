"""`serve`: the page an officer works in, on this machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from partition.cli.shared import WRONG_USAGE, refusing

TOKEN_LENGTH_MIN = 20
LISTEN_WORDS = """\
Serving others at {address}. Whoever is on that network and has the address with its token sees and changes
everything in this project, internal papers too. Nothing is encrypted on the way: use it on a network you trust, or
through an SSH tunnel instead, and stop it with Ctrl-C when you are done."""


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0: any that is free.")] = 0,
    project: Annotated[
        Path, typer.Option("--project", help="Project file, made if need be; pages read files in its folder only.")
    ] = Path("partnerships/project.gpkg"),
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, and open no browser.")] = False,
    listen: Annotated[
        str | None,
        typer.Option("--listen", metavar="ADDRESS", help="Serve others too, at this machine's address; needs --token."),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option("--token", envvar="PARTNERSHIPS_TOKEN", help="What opens the page; none: made up each time."),
    ] = None,
) -> None:
    """Open the page to work in: load a county, find partnerships, look at the map, compare, keep. For you only."""
    address = _address(listen, token)
    try:
        from partition.web.app import listening, make_app
        from partition.web.app import serve as serve_app
        from partition.web.security import Keys
    except ImportError as missing:
        typer.echo(f"The page needs the extra web ({missing}): pip install 'school-partnerships[web]'", err=True)
        raise typer.Exit(WRONG_USAGE) from None
    with refusing(False):
        from geodata.files import writable_folder
        from partition.storage.project_file import Project

        writable_folder(project.parent)
        kept = Project(project)
    try:
        listener = listening(address, port)
    except OSError as wrong:
        typer.echo(f"{address}:{port} cannot be listened on ({wrong.strerror}); try another --port", err=True)
        raise typer.Exit(WRONG_USAGE) from None
    port = listener.getsockname()[1]
    shown = f"[{address}]" if ":" in address else address
    hosts = [f"{shown}:{port}"] if listen else [f"{shown}:{port}", f"localhost:{port}"]
    keys = Keys(token) if token else Keys()
    opened = f"http://{shown}:{port}/?token={keys.token}"
    if listen:
        typer.echo(LISTEN_WORDS.format(address=f"{shown}:{port}"), err=True)
    typer.echo(f"Project: {kept.path}\nOpen {opened}\nCtrl-C ends it; a search under way keeps its best plan so far.")
    if not no_browser:
        _open_soon(opened)
    served_to = f"{shown}:{port}" if listen else ""
    serve_app(make_app(kept, hosts, keys, served_to, _guide(context.find_root())), listener)


def _guide(root: Any) -> Callable[[], dict[str, bytes]]:
    """Return what makes the guide once somebody opens it."""

    def made() -> dict[str, bytes]:
        from partition.cli.guide.site import site

        return site(root)

    return made


def _address(listen: str | None, token: str | None) -> str:
    """The address to listen on: this machine's own, unless others are to be served, which needs a token."""
    if token is not None and (len(token) < TOKEN_LENGTH_MIN or not token.isascii() or not token.isalnum()):
        words = f"give at least {TOKEN_LENGTH_MIN} letters and digits, such as: openssl rand -hex 16"
        raise typer.BadParameter(words, param_hint="--token")
    if listen is None:
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(listen)
    except ValueError:
        raise typer.BadParameter("give this machine's address in numbers, such as 192.168.1.20") from None
    if address.is_unspecified:
        raise typer.BadParameter("name the one address that others use; all of them at once is not served")
    if token is None:
        words = "serving others needs a token that you choose and hand on: --token, or PARTNERSHIPS_TOKEN"
        raise typer.BadParameter(words, param_hint="--listen")
    return str(address)


def _open_soon(address: str) -> None:
    """Open the browser once the page is there, without holding it up."""
    import webbrowser
    from threading import Timer

    timer = Timer(0.7, webbrowser.open, [address])
    timer.daemon = True
    timer.start()

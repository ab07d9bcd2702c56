"""`guide`: the guide, opened from the disk, or one passage of it in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from partition.cli.shared import WRONG_USAGE, refusing, show


def guide(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="A setting, a command, a kind of fault or a page, to read here; none: all of it."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write the guide's pages into; none: the cache's.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Say where it is, and open no browser.")] = False,
) -> None:
    """Open the guide, which needs no network; with a name, say what it has to say about that."""
    root: Any = context.find_root()
    if name is not None:
        from partition.cli.guide.passages import passage

        found = passage(name, root)
        if isinstance(found, list):
            like = f"; did you mean {' or '.join(found)}?" if found else "; `partnerships guide` opens all of it"
            typer.echo(f"the guide has nothing called {name}{like}", err=True)
            raise typer.Exit(WRONG_USAGE)
        address, text = found
        _show_markdown(text)
        show(f"\nin the guide: {address}")
        if out is None:
            return
    folder = _kept_folder() if out is None else out
    with refusing(False, folder):
        from geodata.files import replacing, together
        from partition.cli.guide.site import site

        files = site(root)
        with together():
            for file, content in files.items():
                with replacing(folder / file) as temporary:
                    temporary.write_bytes(content)
    first = folder / "index.html"
    show(f"guide: {first}")
    if not no_browser and out is None:
        import webbrowser

        webbrowser.open(first.resolve().as_uri())


def _kept_folder() -> Path:
    from geodata.cache import directory

    return directory() / "guide"


def _show_markdown(text: str) -> None:
    """Show Markdown on a terminal as it is meant to look, and elsewhere as it is written."""
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        show(text)

"""The command `partnerships`: it reads, calls one function, and prints.

This module holds the entry point alone, and `app`, the commands, which load when they are first asked for: Ctrl-C is
quiet from here on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.cli.commands import app as app


def main() -> None:
    """The entry point."""
    try:
        from partition.cli.running import run

        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def __getattr__(name: str) -> object:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from partition.cli.commands import app

    return app

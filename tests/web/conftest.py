"""Pages are tested in a browser that reaches this machine only."""

from browser import chromium

__all__ = ["chromium"]

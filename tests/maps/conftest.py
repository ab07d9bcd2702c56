"""The map's pages are tested in a browser with no network."""

from browser import chromium, visit

__all__ = ["chromium", "visit"]

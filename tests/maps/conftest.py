"""The map's pages are tested in a browser with no network."""

from browser import visit

__all__ = ["visit"]

"""Marks on pages and papers: the notice on internal copies, and letters for plans shown beside one another."""

from __future__ import annotations

INTERNAL = "Internal: not for publication"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Short names of plans shown beside one another."""

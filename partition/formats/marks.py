"""What a page or a paper says of itself."""

from __future__ import annotations

INTERNAL = "Internal: not for publication"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What plans beside one another are called for short."""

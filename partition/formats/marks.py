"""What a page or a paper says of itself."""

from __future__ import annotations

INTERNAL = "Internal: not for publication"

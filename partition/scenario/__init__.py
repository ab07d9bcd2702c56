"""The scenario file, and what it means over its data."""

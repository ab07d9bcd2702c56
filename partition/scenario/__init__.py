"""The scenario file: reading, writing, and the problem that the file states over its data."""

"""Files that last: the plan file, written, read back and verified, and the project file."""

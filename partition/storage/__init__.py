"""Files that last: the plan file (written, read back and verified), the project file, and the log of a crash."""

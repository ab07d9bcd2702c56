"""Many scenarios at once: what is varied, each one's run, and what they come to side by side."""

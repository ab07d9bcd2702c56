"""Will it hold: whether a group of heads would all rather form a partnership of their own."""

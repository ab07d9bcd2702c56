"""What a plan comes to: its account, what breaks, what changes, who is not yet placed and why."""

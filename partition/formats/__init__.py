"""What files hold, whatever they tell: Markdown, SVG, databases from anybody, and the tables of a plan file."""

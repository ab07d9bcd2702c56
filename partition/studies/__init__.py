"""Studies: one folder for each question that people ask about a plan. No study imports another."""

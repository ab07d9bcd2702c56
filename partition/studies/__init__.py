"""One folder a question that people ask of a plan; no study knows another."""

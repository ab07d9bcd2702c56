"""What is decided: an area, who takes part, plans, rules, costs, and the problem they make."""

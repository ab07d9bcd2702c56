"""Federations: which pairs of heads the criteria allow could share a head, ranked by columns the user has."""

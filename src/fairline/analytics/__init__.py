"""Summaries of games played and contexts of games to come.

Enters: raw rows, every revision of them. Leaves: one row per player-game and team-game for each moment at which its
box score changed (`known_at` until `superseded_at`), and one context row per player and team of a game to come.
Guarantees: definitions hold for any number of overtimes; what a source lacks is null and so is all that depends on it.
"""

"""The feature store: what was known of a player before a game, in one ordered contract.

Enters: analytics summaries and versions of games, injury reports, line-ups, quotes. Leaves: one row per (game, player,
cutoff) with every feature's value and source, and the row's quality.
Guarantees: nothing known after the cutoff is read; the same expressions serve tonight's slate, a season's backfill and
training; what is missing is null with its reason, never a default.
"""

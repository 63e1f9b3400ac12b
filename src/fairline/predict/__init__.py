"""Forecasts and prices: a probability for every count, and what each quote is worth against it.

Enters: feature rows, quotes as of a cutoff, past outcomes. Leaves: one distribution per player, market and system, and
one prediction per quote. Guarantees: a model refuses features it was not trained on; a system that lacks its input
says so in its own rows; no system stands in for another.
"""

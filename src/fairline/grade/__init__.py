"""Grades: how each priced quote and each distribution ended, and what that says of the systems.

Enters: predictions, and results as known by a moment. Leaves: one row per prediction and revision of its result,
performance by day and system. Guarantees: over, under, push and void come from `settle` alone; only real quotes seen
before tip-off count as bets; nothing is graded twice, and a corrected box score is a new revision.
"""

"""Judging forecasts against the market, on what was known at the cutoff.

Enters: one row per (game, player, market, system) with its result, its line and the market's price, and the
distribution that the system gave. Leaves: the same rows with their scores, one summary (`report.json`) and one page
(`report.html`). Guarantees: every comparison is paired, on the same rows; every interval resamples whole game dates;
the order of the rows changes nothing; what cannot be judged is null or INSUFFICIENT, never a number.

`scores` scores rows, `summary` sums them up; `report` and `terminal` show a summary and judge nothing.
"""

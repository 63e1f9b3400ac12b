"""The vocabulary: dates, ids, teams, markets, lines, odds, distributions, settlement. Pure; imports nothing of ours."""

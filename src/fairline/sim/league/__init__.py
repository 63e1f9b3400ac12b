"""The simulated league: made-up seasons played possession by possession, from a seed.

In: a seed, the years, the teams. Out: people with fictional names, a calendar, every game with all its plays, injury
reports, books' quotes, and for each player the distribution that nobody else knows. Guaranteed: equal arguments give
equal bytes; each part draws from its own stream; nothing a game is asked about before tip-off depends on its result.
"""

"""The simulated league's games as the providers would tell of them, for the replay to answer with.

In: a league, a day, an instant. Out: recorded answers at the addresses at which the scrapers ask, which say no more
than was known at that instant. Guaranteed: equal questions of equal leagues get equal bytes.
"""

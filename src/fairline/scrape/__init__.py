"""Scrape: questions go out to providers, their answers come in as captures. Nothing here reads what an answer says.

In: what is wanted (a day, its games, a season). Out: captures in the object store, one per answer, error answers too,
and what the provider said of quotas and health. Guaranteed: an answer is kept before anything reads it; no host is
asked faster than its source allows; a source that fails is left alone until a probe succeeds.
"""

"""What the world may read: static JSON under `v1/`, each file with its JSON Schema.

Enters: a slate's forecasts and prices, its grades. Leaves: `v1/predictions/{date}.json`, `v1/best-bets/{date}.json`,
`v1/results/{date}.json`, and every revision of each as `.../{date}/r{n}.json`. Guarantees: a file is valid and whole
or absent; a revision never changes; the same content is the same revision; no wall clock is inside, so a replay
publishes the same bytes.
"""

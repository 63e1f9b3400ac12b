"""ESPN's words for the state of a game, in ours."""

import polars as pl

OFF = "postponed|canceled|cancelled|suspended|forfeit"
OF_STATES = {"pre": "scheduled", "in": "live"}


def status_of(state: pl.Expr, words: pl.Expr) -> pl.Expr:
    """The state of a game from `pre`, `in` or `post` and the words beside it.

    A postponed game is `post` too, with no one's points; whatever else is neither is unknown.
    """
    said = words.str.to_lowercase()
    return (
        pl.when(said.str.contains(OFF)).then(pl.lit("postponed"))
        .when((state == "post") & said.str.contains("final")).then(pl.lit("final"))
        .otherwise(state.replace_strict(OF_STATES, default="unknown", return_dtype=pl.String))
        .fill_null("unknown")
    )  # fmt: skip

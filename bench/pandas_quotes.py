"""The `market` contract in pandas: the quotes standing at a cutoff, and what the books say together."""

from __future__ import annotations

import numpy as np
import pandas as pd

PLAYER = ["game_id", "player_id", "cutoff"]
QUOTE = [*PLAYER, "book", "half_points", "captured_at"]


def standing(quotes: pd.DataFrame, versions: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Quotes of each book's last capture by the cutoff and before tip-off (`latest`), and of the first (`opening`)."""
    tips = pd.merge_asof(
        asked[["game_id", "cutoff"]].drop_duplicates().sort_values("cutoff"),
        versions[["game_id", "known_at", "tip_at"]].sort_values("known_at"), left_on="cutoff", right_on="known_at",
        by="game_id",
    )  # fmt: skip
    known = asked.merge(quotes, on=["game_id", "player_id"]).query("captured_at <= cutoff")
    known = known.merge(tips[["game_id", "cutoff", "tip_at"]], on=["game_id", "cutoff"], how="left")
    assumed = known["tip_at"] + pd.Timedelta(minutes=10)
    known = known[known["captured_at"] < pd.concat([assumed, known["commence_at"]], axis=1).max(axis=1)].copy()
    known["latest"] = known["captured_at"] == known.groupby([*PLAYER, "book"])["captured_at"].transform("max")
    known["opening"] = known["captured_at"] == known.groupby(PLAYER)["captured_at"].transform("min")
    known = known[known["latest"] | known["opening"]].sort_values([*QUOTE, "source"])
    return known.drop_duplicates(QUOTE).drop(columns=["tip_at", "commence_at"])


def consensus(quotes: pd.DataFrame) -> pd.DataFrame:
    """Per player: the line, the opening line, the move between, dispersion over books, and P(over) at the line."""
    latest, opening = (_main_quotes(quotes[quotes[when]]) for when in ("latest", "opening"))
    told = latest.groupby(PLAYER).agg(market_line=("main", "first"), line_dispersion=("line", "std"))
    told["opening_line"] = opening.groupby(PLAYER)["main"].first()
    told["line_move"] = told["market_line"] - told["opening_line"]
    at_line = latest[latest["line"] == latest["main"]]
    fair = _power_over(1 / at_line["over_decimal"].to_numpy(), 1 / at_line["under_decimal"].to_numpy())
    log_odds = at_line[PLAYER].assign(log_odds=np.log(fair / (1 - fair))).groupby(PLAYER)["log_odds"].mean()
    told["market_p_over"] = 1 / (1 + np.exp(-log_odds))
    return told.assign(has_line=1.0).reset_index()


def _main_quotes(quotes: pd.DataFrame) -> pd.DataFrame:
    """Each book's two-sided quote priced nearest even, and the line most books share (ties: the lower median)."""
    sided = quotes.dropna(subset=["over_decimal", "under_decimal"])
    uneven = (1 / sided["over_decimal"] - 1 / sided["under_decimal"]).abs()
    sided = sided.assign(line=sided["half_points"] / 2, uneven=uneven).sort_values([*PLAYER, "book", "uneven", "line"])
    one = sided.drop_duplicates([*PLAYER, "book", "captured_at"])
    books = one.groupby([*PLAYER, "line"]).size().rename("books").reset_index()
    tied = books[books["books"] == books.groupby(PLAYER)["books"].transform("max")]
    main = tied.groupby(PLAYER)["line"].quantile(0.5, interpolation="lower").rename("main")
    return one.merge(main, on=PLAYER)


def _power_over(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    """Fair P(over) of raw probabilities: both to the one power that makes them sum to 1, found by halving."""
    low, high = np.zeros_like(over), np.full_like(over, 64.0)
    for _ in range(60):
        power = (low + high) / 2
        too_much = over**power + under**power > 1
        low, high = np.where(too_much, power, low), np.where(too_much, high, power)
    return over**power

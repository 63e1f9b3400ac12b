-- Closes: each book's last two-sided quote of a line in the 30 minutes before tip-off. Reads `games` (game_id, tip_at).
SELECT quote.game_id, quote.player_id, quote.market, quote.half_points, quote.over_decimal, quote.under_decimal
FROM raw.prop_quotes AS quote
JOIN games
    ON games.game_id = quote.game_id
    AND quote.captured_at < games.tip_at
    AND quote.captured_at >= games.tip_at - INTERVAL 30 MINUTE
WHERE quote.over_decimal IS NOT NULL AND quote.under_decimal IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY quote.game_id, quote.player_id, quote.market, quote.half_points, quote.book
    ORDER BY quote.captured_at DESC, quote.source
) = 1
ORDER BY ALL

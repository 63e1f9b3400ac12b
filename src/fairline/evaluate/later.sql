-- The two-sided quotes of each player's line after his cutoff and before tip-off: of the game's next capture, and of
-- each book's last one within $close_minutes of tip-off. Reads `judged` (game_id, player_id, cutoff, half_points,
-- next_capture_at, tip_off_at) and $market.
SELECT
    judged.game_id,
    judged.player_id,
    judged.cutoff,
    judged.half_points,
    quote.over_decimal,
    quote.under_decimal,
    quote.captured_at = judged.next_capture_at AS of_next_capture,
    quote.captured_at >= judged.tip_off_at - to_minutes($close_minutes)
        AND quote.captured_at = max(quote.captured_at) OVER (
            PARTITION BY judged.game_id, judged.player_id, judged.cutoff, quote.book
        ) AS at_close
FROM judged
JOIN raw.prop_quotes AS quote
    ON quote.game_id = judged.game_id
    AND quote.player_id = judged.player_id
    AND quote.half_points = judged.half_points
    AND quote.captured_at > judged.cutoff
    AND quote.captured_at < judged.tip_off_at
WHERE quote.market = $market AND quote.over_decimal IS NOT NULL AND quote.under_decimal IS NOT NULL
ORDER BY judged.game_id, judged.player_id, quote.book, quote.captured_at, quote.source

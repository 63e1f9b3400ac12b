-- Every quote of a player's market in a period, in order of book and time. Reads `tips` (game_id, game_date, tipped_at),
-- $player, $market, $book (null for every book), $first and $last.
SELECT
    quote.game_id,
    quote.game_date,
    quote.player_id,
    quote.market,
    quote.book,
    quote.captured_at,
    quote.half_points,
    quote.over_decimal,
    quote.under_decimal,
    quote.source,
    tips.tipped_at,
    -- For a date the game was not played on, no quote is of a game under way.
    coalesce(quote.captured_at >= tips.tipped_at, FALSE) AS in_game
FROM raw.prop_quotes AS quote
LEFT JOIN tips ON tips.game_id = quote.game_id AND tips.game_date = quote.game_date
WHERE quote.player_id = $player
    AND quote.market = $market
    AND quote.book = coalesce($book, quote.book)
    AND quote.game_date BETWEEN $first AND $last
ORDER BY quote.game_date, quote.game_id, quote.book, quote.captured_at, quote.half_points,
    {line_rank}, quote.source

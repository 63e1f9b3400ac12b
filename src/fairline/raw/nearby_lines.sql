-- The quotes of captures that another source's capture of the same book and market is near to: every line of both.
-- Reads $first and $last.
WITH captures AS (
    SELECT DISTINCT game_id, game_date, player_id, market, book, source, captured_at
    FROM raw.prop_quotes
    WHERE game_date BETWEEN $first AND $last
        AND (SELECT count(DISTINCT source) FROM raw.prop_quotes WHERE game_date BETWEEN $first AND $last) > 1
),
pairs AS (
    SELECT own.*, other.source AS other_source, other.captured_at AS other_captured_at
    FROM (SELECT *, {line_rank} AS place FROM captures) AS own
    JOIN (SELECT *, {line_rank} AS place FROM captures) AS other
        ON other.game_id = own.game_id
        AND other.game_date = own.game_date
        AND other.player_id = own.player_id
        AND other.market = own.market
        AND other.book = own.book
    WHERE (own.place < other.place OR own.place = other.place AND own.source < other.source)
        AND other.captured_at BETWEEN own.captured_at - INTERVAL {same_line_minutes} MINUTE
            AND own.captured_at + INTERVAL {same_line_minutes} MINUTE
    -- Of an offer, the last time the two could be compared.
    QUALIFY row_number() OVER (
        PARTITION BY own.game_id, own.game_date, own.player_id, own.market, own.book, own.source, other.source
        ORDER BY own.captured_at DESC, other.captured_at DESC
    ) = 1
)
SELECT
    pairs.game_id, pairs.game_date, pairs.player_id, pairs.market, pairs.book, pairs.source, pairs.other_source,
    quote.source = pairs.source AS own, quote.player_name, quote.captured_at, quote.half_points, quote.over_decimal,
    quote.under_decimal
FROM pairs
JOIN raw.prop_quotes AS quote
    ON quote.game_id = pairs.game_id
    AND quote.game_date = pairs.game_date
    AND quote.player_id = pairs.player_id
    AND quote.market = pairs.market
    AND quote.book = pairs.book
    AND (
        quote.source = pairs.source AND quote.captured_at = pairs.captured_at
        OR quote.source = pairs.other_source AND quote.captured_at = pairs.other_captured_at
    )
ORDER BY ALL

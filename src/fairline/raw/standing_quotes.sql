-- The quotes of each book's last capture before a moment, or of its first ($opening): every line of it. Where several
-- sources captured the book at about the same time the better-ranked one counts, whole. The last capture is found from
-- six columns and only then its rows are read, which takes a tenth of the time and memory of ranking all rows in a
-- window. Reads `moments` (game_id, before) and $opening.
WITH of_sources AS (
    SELECT
        quote.game_id,
        quote.game_date,
        moments.before,
        quote.player_id,
        quote.market,
        quote.book,
        quote.source,
        CASE WHEN $opening THEN min(quote.captured_at) ELSE max(quote.captured_at) END AS captured_at
    FROM raw.prop_quotes AS quote
    JOIN moments
        ON moments.game_id = quote.game_id AND quote.captured_at < moments.before AND quote.known_at < moments.before
    GROUP BY
        quote.game_id, quote.game_date, moments.before, quote.player_id, quote.market, quote.book, quote.source
),
nearest AS (
    SELECT game_id, game_date, before, player_id, market, book,
        CASE WHEN $opening THEN min(captured_at) ELSE max(captured_at) END AS captured_at
    FROM of_sources
    GROUP BY game_id, game_date, before, player_id, market, book
    HAVING count(*) > 1
),
passed_over AS (
    -- Few offers have several sources: only those are ranked.
    SELECT several.game_id, several.game_date, several.before, several.player_id, several.market, several.book,
        several.source
    FROM (SELECT *, {line_rank} AS place FROM of_sources) AS several
    JOIN nearest
        ON nearest.game_id = several.game_id
        AND nearest.game_date = several.game_date
        AND nearest.before = several.before
        AND nearest.player_id = several.player_id
        AND nearest.market = several.market
        AND nearest.book = several.book
    QUALIFY row_number() OVER (
        PARTITION BY several.game_id, several.game_date, several.before, several.player_id, several.market, several.book
        ORDER BY
            CASE WHEN several.captured_at BETWEEN nearest.captured_at - INTERVAL {same_line_minutes} MINUTE
                AND nearest.captured_at + INTERVAL {same_line_minutes} MINUTE THEN 0 ELSE 1 END,
            place,
            several.source
    ) > 1
),
captures AS (
    SELECT of_sources.*
    FROM of_sources
    WHERE NOT EXISTS (
        SELECT 1 FROM passed_over
        WHERE passed_over.game_id = of_sources.game_id
            AND passed_over.game_date = of_sources.game_date
            AND passed_over.before = of_sources.before
            AND passed_over.player_id = of_sources.player_id
            AND passed_over.market = of_sources.market
            AND passed_over.book = of_sources.book
            AND passed_over.source = of_sources.source
    )
)
SELECT
    quote.game_id,
    quote.game_date,
    captures.before,
    quote.player_id,
    quote.market,
    quote.book,
    quote.half_points,
    quote.over_decimal,
    quote.under_decimal,
    quote.captured_at,
    quote.source
FROM captures
JOIN raw.prop_quotes AS quote
    ON quote.game_id = captures.game_id
    AND quote.game_date = captures.game_date
    AND quote.player_id = captures.player_id
    AND quote.market = captures.market
    AND quote.book = captures.book
    AND quote.source = captures.source
    AND quote.captured_at = captures.captured_at
    AND quote.known_at < captures.before
ORDER BY
    quote.game_id, quote.game_date, captures.before, quote.player_id, quote.market, quote.book, quote.half_points

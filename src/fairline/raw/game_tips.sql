-- When each quoted game of a period tipped off, as known afterwards: the later of the schedule's tip-off plus ten minutes
-- and the provider's own. Of a game moved to another date, only the quotes for that date tell. Hindsight: never an input
-- of a forecast. Reads `scheduled` (game_id, game_date, tip_at), $first and $last.
WITH commenced AS (
    SELECT quote.game_id, quote.game_date, max(quote.commence_at) AS commence_at
    FROM raw.prop_quotes AS quote
    WHERE quote.game_date BETWEEN $first AND $last
    GROUP BY quote.game_id, quote.game_date
)
SELECT
    scheduled.game_id,
    scheduled.game_date,
    -- Some engines' greatest() ignores nulls, some do not.
    greatest(
        coalesce(scheduled.tip_at + INTERVAL 10 MINUTE, commenced.commence_at),
        coalesce(commenced.commence_at, scheduled.tip_at + INTERVAL 10 MINUTE)
    ) AS tipped_at
FROM scheduled
JOIN commenced ON commenced.game_id = scheduled.game_id AND commenced.game_date = scheduled.game_date
ORDER BY scheduled.game_id

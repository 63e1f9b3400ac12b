-- Where sources state a game's result or a player's box score otherwise than the best-ranked source that states it, by
-- more than is tolerated; each source by its last word. Reads `tolerances` (statistic, tolerance), $first and $last.
WITH lines AS (
    SELECT *, {source_rank} AS place
    FROM raw.player_box_scores
    WHERE game_date BETWEEN $first AND $last
    QUALIFY row_number() OVER (PARTITION BY source, game_id, player_id ORDER BY known_at DESC) = 1
),
sources AS (
    SELECT game_id, source, min(place) AS place,
        row_number() OVER (PARTITION BY game_id ORDER BY min(place), source) AS turn
    FROM lines
    GROUP BY game_id, source
),
pairs AS (
    SELECT best.game_id, best.source, other.source AS other_source
    FROM sources AS best
    JOIN sources AS other ON other.game_id = best.game_id AND other.turn > 1
    WHERE best.turn = 1
),
own AS (
    SELECT pairs.other_source, lines.* FROM pairs JOIN lines ON lines.game_id = pairs.game_id AND lines.source = pairs.source
),
other AS (
    SELECT pairs.source AS best_source, lines.*
    FROM pairs
    JOIN lines ON lines.game_id = pairs.game_id AND lines.source = pairs.other_source
),
counted AS (
    SELECT own.game_date, own.game_id, own.player_id, own.player_name, tolerances.statistic, tolerances.tolerance,
        own.source, other.source AS other_source,
        CASE tolerances.statistic {own_values} END AS stated,
        CASE tolerances.statistic {other_values} END AS other_stated
    FROM own
    JOIN other
        ON other.game_id = own.game_id AND other.player_id = own.player_id AND other.source = own.other_source
    CROSS JOIN tolerances
),
played AS (
    -- Whom one of the two does not have; a cameo of seconds is left out by some.
    SELECT own.game_date, own.game_id, own.player_id, own.player_name, own.source, own.other_source, 1 AS stated,
        0 AS other_stated
    FROM own
    LEFT JOIN other
        ON other.game_id = own.game_id AND other.player_id = own.player_id AND other.source = own.other_source
    WHERE other.player_id IS NULL AND own.minutes >= 1
    UNION ALL
    SELECT other.game_date, other.game_id, other.player_id, other.player_name, other.best_source, other.source, 0, 1
    FROM other
    LEFT JOIN own
        ON own.game_id = other.game_id AND own.player_id = other.player_id AND own.other_source = other.source
    WHERE own.player_id IS NULL AND other.minutes >= 1
),
results AS (
    SELECT *, {source_rank} AS place
    FROM raw.games
    WHERE statement = 'result' AND game_date BETWEEN $first AND $last
    QUALIFY row_number() OVER (PARTITION BY source, game_id ORDER BY known_at DESC) = 1
),
best AS (
    SELECT * FROM results
    WHERE home_points IS NOT NULL AND away_points IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY game_id ORDER BY place, source) = 1
),
scores AS (
    SELECT best.game_date, best.game_id, 'home_points' AS statistic, best.source, results.source AS other_source,
        best.home_points AS stated, results.home_points AS other_stated
    FROM best JOIN results ON results.game_id = best.game_id AND results.home_points <> best.home_points
    UNION ALL
    SELECT best.game_date, best.game_id, 'away_points', best.source, results.source, best.away_points,
        results.away_points
    FROM best JOIN results ON results.game_id = best.game_id AND results.away_points <> best.away_points
)
SELECT 'box_score' AS part, game_date, game_id, player_id, player_name, statistic, CAST(NULL AS VARCHAR) AS book, source,
    CAST(stated AS DOUBLE) AS stated, other_source, CAST(other_stated AS DOUBLE) AS other_stated, tolerance
FROM counted
WHERE abs(stated - other_stated) > tolerance
UNION ALL
SELECT 'box_score', game_date, game_id, player_id, player_name, 'played', NULL, source, stated, other_source,
    other_stated, 0
FROM played
UNION ALL
SELECT 'result', game_date, game_id, NULL, NULL, statistic, NULL, source, stated, other_source, other_stated, 0
FROM scores
ORDER BY part DESC, game_date, game_id, player_id, statistic, other_source

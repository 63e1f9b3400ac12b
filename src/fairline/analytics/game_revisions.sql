-- The moments at which what is held about a game's box score changed, each valid until the next.
WITH moments AS (
    SELECT game_id, known_at FROM raw.player_box_scores
    UNION
    SELECT game_id, known_at FROM raw.shots
    UNION
    SELECT box.game_id, exact.known_at
    FROM raw.exact_minutes AS exact
    JOIN raw.player_box_scores AS box ON box.player_id = exact.player_id AND box.game_date = exact.game_date
),
first_box AS (
    SELECT game_id, min(known_at) AS known_at FROM raw.player_box_scores GROUP BY game_id
)
SELECT
    moments.game_id,
    moments.known_at,
    coalesce(
        lead(moments.known_at) OVER (PARTITION BY moments.game_id ORDER BY moments.known_at),
        TIMESTAMPTZ '9999-01-01 00:00:00+00'
    ) AS superseded_at
FROM moments
JOIN first_box ON first_box.game_id = moments.game_id
WHERE moments.known_at >= first_box.known_at

-- Each player's status as the contexts of games see it, with the source and the words it rests on: of those who say that
-- status the last, else what his last box score said of why he did not play. Reads `context` (player_id, team_id, status,
-- reported_at) and $at.
WITH words AS (
    SELECT context.player_id, word.*,
        row_number() OVER (
            PARTITION BY context.player_id
            ORDER BY
                CASE WHEN word.scope = 'absence' THEN 1 ELSE 0 END,
                word.reported_at DESC, word.source
        ) AS place
    FROM context
    JOIN (SELECT player_id AS named, * EXCLUDE (player_id) FROM analytics.player_availability) AS word
        ON word.named = context.player_id
        AND word.known_at <= $at
        AND $at < word.superseded_at
        AND (word.status = context.status OR context.status IS NULL AND word.scope = 'absence')
        -- The user's news of this game, and no other's; while it counts nobody else's words are behind the status.
        AND coalesce(word.news_id, 0) = coalesce(context.news_id, 0)
),
unlisted AS (
    SELECT context.player_id, max_by(report.source, report.reported_at) AS source
    FROM context
    JOIN analytics.injury_coverage AS report
        ON (report.team_id = context.team_id OR report.scope = 'league')
        AND report.known_at <= $at
        AND $at < report.superseded_at
    GROUP BY context.player_id
)
SELECT
    context.player_id,
    coalesce(names.player_name, CAST(context.player_id AS VARCHAR)) AS player,
    context.team_id,
    coalesce(context.status, 'unknown') AS status,
    words.status_since AS since,
    CASE WHEN words.source IS NOT NULL THEN words.source WHEN context.status = 'available' THEN unlisted.source END
        AS source,
    CASE
        WHEN words.source IS NOT NULL THEN words.words
        WHEN context.status = 'available' THEN 'not listed'
        ELSE 'no report of 36 hours speaks of him'
    END AS words,
    words.game_date,
    coalesce(context.reported_at, words.reported_at) AS reported_at
FROM context
LEFT JOIN words ON words.player_id = context.player_id AND words.place = 1
LEFT JOIN unlisted ON unlisted.player_id = context.player_id
LEFT JOIN names ON names.player_id = context.player_id
ORDER BY
    CASE context.status WHEN 'out' THEN 0 WHEN 'doubtful' THEN 1 WHEN 'questionable' THEN 2 WHEN 'probable' THEN 3
        WHEN 'available' THEN 5 ELSE 4 END,
    player

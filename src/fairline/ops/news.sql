-- Everything the user has told by $now (of $player alone, unless null), the last first: until when it counts, and what
-- ended it: he himself, a report that said something new, or the game.
SELECT told.news_id, told.player_id, told.player_name, told.team_id, told.game_date, told.status, told.minutes,
    told.words, told.known_at, standing.superseded_at AS until,
    coalesce(standing.superseded_at > $now, FALSE) AS counts,
    CASE
        WHEN standing.superseded_at > $now THEN NULL
        WHEN coalesce(told.next_at, standing.superseded_at) <= standing.superseded_at THEN 'you'
        WHEN standing.superseded_at = CAST(told.game_date AS TIMESTAMPTZ) + INTERVAL 36 HOUR THEN 'the game'
        ELSE 'a report'
    END AS ended_by
FROM (
    SELECT *, lead(known_at, 1, TIMESTAMPTZ '9999-01-01 00:00:00+00') OVER (
        PARTITION BY player_id, game_date ORDER BY known_at, news_id
    ) AS next_at
    FROM raw.user_news
) AS told
LEFT JOIN analytics.player_availability AS standing
    ON standing.news_id = told.news_id AND standing.known_at = told.known_at
WHERE told.status <> 'withdrawn' AND told.known_at <= $now AND ($player IS NULL OR told.player_id = $player)
ORDER BY told.known_at DESC, told.news_id DESC

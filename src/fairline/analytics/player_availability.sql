-- What each source said of each player it named, from when it was had until the source spoke of him or of those it
-- speaks of again, 36 hours at most; reports that repeat it word for word are one spell. What a game's box score said of
-- why he did not play tells nothing of the next game: it is unknown, and ends after three days. The user's own news of a
-- date's game counts until he takes it back or says otherwise, or until a report says something new of the player:
-- another status, a first listing, or none where he was listed. A report that repeats itself, or is silent, is not new.
WITH covered AS (
    SELECT *, min(game_date) OVER (PARTITION BY source, reported_at, team_id) AS next_game_date
    FROM analytics.injury_coverage
),
pages AS (
    -- Lists in pages: one is read within an hour. Whom the next list does not name within its hour has recovered.
    SELECT source, reported_at, sum(begins) OVER (PARTITION BY source ORDER BY reported_at) AS list
    FROM (
        SELECT source, reported_at,
            CASE WHEN reported_at > lag(reported_at) OVER (PARTITION BY source ORDER BY reported_at) + INTERVAL 1 HOUR
                THEN 1 ELSE 0 END AS begins
        FROM (SELECT DISTINCT source, reported_at FROM raw.injury_reports WHERE source IN ({injuries_in_pages}))
    )
),
lists AS (
    SELECT source, list, min(reported_at) AS begun_at FROM pages GROUP BY source, list
),
words AS (
    SELECT told.source, covered.scope, told.player_id, told.team_id, covered.game_date, told.status,
        told.reason AS words, told.reported_at, greatest(told.known_at, covered.known_at) AS known_at,
        covered.superseded_at
    FROM raw.injury_reports AS told
    JOIN covered
        ON covered.source = told.source AND covered.reported_at = told.reported_at AND covered.scope = 'league'
    UNION ALL
    SELECT told.source, covered.scope, told.player_id, told.team_id, covered.game_date, told.status, told.reason,
        told.reported_at, greatest(told.known_at, covered.known_at), covered.superseded_at
    FROM raw.injury_reports AS told
    JOIN covered
        ON covered.source = told.source
        AND covered.reported_at = told.reported_at
        AND covered.team_id = told.team_id
        AND (covered.game_date IS NULL OR covered.game_date = covered.next_game_date)
    UNION ALL
    SELECT told.source, covered.scope, told.player_id, told.team_id, covered.game_date, told.status, told.reason,
        told.reported_at, greatest(told.known_at, covered.known_at), covered.superseded_at
    FROM raw.later_injury_reports AS told
    JOIN covered
        ON covered.source = told.source
        AND covered.reported_at = told.reported_at
        AND covered.team_id = told.team_id
        AND covered.game_date = told.game_date
    UNION ALL
    SELECT told.source, 'list', told.player_id, told.team_id, CAST(NULL AS DATE), told.status, told.reason,
        told.reported_at, told.known_at,
        least(
            told.reported_at + INTERVAL 36 HOUR,
            coalesce(following.begun_at + INTERVAL 1 HOUR, told.reported_at + INTERVAL 36 HOUR),
            coalesce(
                lead(told.known_at) OVER (PARTITION BY told.source, told.player_id ORDER BY told.reported_at),
                told.reported_at + INTERVAL 36 HOUR
            )
        )
    FROM raw.injury_reports AS told
    JOIN pages ON pages.source = told.source AND pages.reported_at = told.reported_at
    LEFT JOIN lists AS following ON following.source = pages.source AND following.list = pages.list + 1
    UNION ALL
    SELECT source, 'absence', player_id, team_id, CAST(NULL AS DATE), 'unknown',
        absence || coalesce(': ' || reason, '') || ' on ' || CAST(game_date AS VARCHAR), known_at, known_at,
        least(
            known_at + INTERVAL 72 HOUR,
            coalesce(
                lead(known_at) OVER (PARTITION BY source, player_id ORDER BY known_at, game_id),
                known_at + INTERVAL 72 HOUR
            )
        )
    FROM raw.inactives
),
standing AS (
    SELECT *,
        CASE WHEN known_at = lag(superseded_at) OVER his_words AND status = lag(status) OVER his_words
            THEN 0 ELSE 1 END AS new_status,
        CASE WHEN known_at = lag(superseded_at) OVER his_words AND status = lag(status) OVER his_words
            AND coalesce(words, '') = coalesce(lag(words) OVER his_words, '')
            AND coalesce(team_id, 0) = coalesce(lag(team_id) OVER his_words, 0)
            THEN 0 ELSE 1 END AS new_words
    FROM words
    WHERE known_at < superseded_at
    WINDOW his_words AS (PARTITION BY source, scope, player_id ORDER BY known_at)
),
numbered AS (
    SELECT *,
        sum(new_status) OVER his_words AS status_spell,
        sum(new_words) OVER his_words AS spell
    FROM standing
    WINDOW his_words AS (PARTITION BY source, scope, player_id ORDER BY known_at)
),
since AS (
    SELECT *, min(known_at) OVER (PARTITION BY source, scope, player_id, status_spell) AS status_since FROM numbered
),
dropped AS (
    SELECT player_id, game_date, superseded_at AS changed_at
    FROM (
        SELECT *, lead(known_at) OVER his_words AS next_known_at
        FROM standing
        WINDOW his_words AS (PARTITION BY source, scope, player_id ORDER BY known_at)
    )
    WHERE scope <> 'absence'
        AND status NOT IN ('available', 'unknown')
        AND superseded_at < reported_at + INTERVAL 36 HOUR
        AND coalesce(next_known_at, TIMESTAMPTZ '9999-01-01 00:00:00+00') > superseded_at
),
changes AS (
    SELECT DISTINCT player_id, game_date, status_since AS changed_at
    FROM since
    WHERE scope <> 'absence' AND status <> 'unknown'
    UNION ALL
    SELECT player_id, game_date, changed_at FROM dropped
),
news AS (
    -- After the date's last game there is nothing left to say of it.
    SELECT *,
        least(
            CAST(game_date AS TIMESTAMPTZ) + INTERVAL 36 HOUR,
            coalesce(lead(known_at) OVER of_game, TIMESTAMPTZ '9999-01-01 00:00:00+00')
        ) AS ended_at
    FROM raw.user_news
    WINDOW of_game AS (PARTITION BY player_id, game_date ORDER BY known_at, news_id)
),
standing_news AS (
    SELECT news.news_id, news.player_id, news.source, news.team_id, news.game_date, news.status, news.words,
        news.known_at, least(news.ended_at, coalesce(min(changes.changed_at), news.ended_at)) AS superseded_at
    FROM news
    LEFT JOIN changes
        ON changes.player_id = news.player_id
        AND changes.changed_at > news.known_at
        AND coalesce(changes.game_date, news.game_date) = news.game_date
    WHERE news.status <> 'withdrawn'
    GROUP BY news.news_id, news.player_id, news.source, news.team_id, news.game_date, news.status, news.words,
        news.known_at, news.ended_at
)
SELECT
    player_id,
    source,
    scope,
    team_id,
    game_date,
    status,
    words,
    min(reported_at) AS reported_at,
    status_since,
    min(known_at) AS known_at,
    max(superseded_at) AS superseded_at,
    CAST(NULL AS INTEGER) AS news_id
FROM since
GROUP BY player_id, source, scope, team_id, game_date, status, words, status_since, spell
UNION ALL
SELECT
    player_id,
    source,
    'news ' || CAST(game_date AS VARCHAR),
    team_id,
    game_date,
    status,
    words,
    known_at,
    known_at,
    known_at,
    superseded_at,
    news_id
FROM standing_news
WHERE known_at < superseded_at

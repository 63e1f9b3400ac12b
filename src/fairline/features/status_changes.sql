-- The latest change of status, between consecutive reports of one source on his team in the three days before the cutoff,
-- of each player or a teammate; what the user says of one, or takes back, is a change too. A player a report does not
-- list is available. Reads `player_context`, `team_context`.
WITH sides AS (
    SELECT DISTINCT player.game_id, player.cutoff, player.player_id, player.team_id, team.game_date
    FROM player_context AS player
    JOIN team_context AS team
        ON team.game_id = player.game_id AND team.cutoff = player.cutoff AND team.team_id = player.team_id
),
reports AS (
    -- A report that speaks of two games of the team is taken as it speaks of this one.
    SELECT sides.game_id, sides.cutoff, sides.team_id, coverage.source, coverage.scope, coverage.reported_at,
        coverage.known_at
    FROM (SELECT DISTINCT game_id, cutoff, team_id, game_date FROM sides) AS sides
    JOIN analytics.injury_coverage AS coverage
        ON coverage.known_at <= sides.cutoff
        AND coverage.reported_at > sides.cutoff - INTERVAL 72 HOUR
        AND coalesce(coverage.team_id, sides.team_id) = sides.team_id
        AND coalesce(coverage.game_date, sides.game_date) <= sides.game_date
    QUALIFY row_number() OVER (
        PARTITION BY sides.game_id, sides.cutoff, sides.team_id, coverage.source, coverage.reported_at
        ORDER BY coverage.game_date DESC
    ) = 1
),
stated AS (
    SELECT
        sides.game_id,
        sides.cutoff,
        sides.player_id,
        sides.team_id,
        reports.reported_at,
        coalesce(listed.status, 'available') AS status,
        lag(coalesce(listed.status, 'available')) OVER (
            PARTITION BY sides.game_id, sides.cutoff, sides.player_id, reports.source ORDER BY reports.reported_at
        ) AS status_before
    FROM sides
    JOIN reports
        ON reports.game_id = sides.game_id AND reports.cutoff = sides.cutoff AND reports.team_id = sides.team_id
    LEFT JOIN analytics.player_availability AS listed
        ON listed.source = reports.source
        AND listed.scope = reports.scope
        AND listed.player_id = sides.player_id
        AND listed.known_at <= reports.known_at
        AND reports.known_at < listed.superseded_at
),
news AS (
    SELECT sides.game_id, sides.cutoff, sides.team_id, word.known_at, word.superseded_at
    FROM sides
    JOIN analytics.player_availability AS word
        ON word.news_id IS NOT NULL
        AND word.player_id = sides.player_id
        AND word.game_date = sides.game_date
        AND word.known_at <= sides.cutoff
),
changes AS (
    SELECT game_id, cutoff, team_id, reported_at AS changed_at
    FROM stated
    WHERE status_before IS NOT NULL AND status <> status_before
    UNION ALL
    SELECT game_id, cutoff, team_id, known_at FROM news
    UNION ALL
    SELECT game_id, cutoff, team_id, superseded_at FROM news WHERE superseded_at <= cutoff
),
changed AS (
    SELECT game_id, cutoff, team_id, max(changed_at) AS status_changed_at
    FROM changes
    GROUP BY game_id, cutoff, team_id
)
SELECT sides.game_id, sides.cutoff, sides.player_id, changed.status_changed_at
FROM sides
JOIN changed
    ON changed.game_id = sides.game_id AND changed.cutoff = sides.cutoff AND changed.team_id = sides.team_id

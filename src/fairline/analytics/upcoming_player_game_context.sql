-- Who may play in each game to come, as known at the cutoff: the rosters of both teams, and whoever is asked for (a
-- quoted player); with his availability by the last injury report of 36 hours. Never the box score of the game itself.
-- Reads `team_context` and `asked` (game_id, cutoff, player_id, team_id: stated by the quote, else null).
WITH rostered AS (
    SELECT context.game_id, context.cutoff, spell.player_id, spell.team_id
    FROM team_context AS context
    JOIN analytics.roster_spells AS spell
        ON spell.team_id = context.team_id
        AND spell.known_at <= context.cutoff
        AND context.cutoff < spell.superseded_at
),
people AS (
    SELECT
        coalesce(asked.game_id, rostered.game_id) AS game_id,
        coalesce(asked.cutoff, rostered.cutoff) AS cutoff,
        coalesce(asked.player_id, rostered.player_id) AS player_id,
        coalesce(asked.team_id, rostered.team_id) AS team_id,
        asked.player_id IS NOT NULL AS asked
    FROM rostered
    FULL JOIN asked
        ON asked.game_id = rostered.game_id
        AND asked.cutoff = rostered.cutoff
        AND asked.player_id = rostered.player_id
),
moments AS (
    SELECT DISTINCT cutoff FROM cutoffs
),
reports AS (
    SELECT moments.cutoff, max(report.reported_at) AS reported_at
    FROM moments
    JOIN raw.injury_snapshots AS report
        ON report.known_at <= moments.cutoff AND report.reported_at > moments.cutoff - INTERVAL 36 HOUR
    GROUP BY moments.cutoff
),
listed AS (
    SELECT reported_at, player_id, min(status) AS status FROM raw.injury_reports GROUP BY reported_at, player_id
)
SELECT
    people.game_id,
    people.cutoff,
    people.player_id,
    people.team_id,
    people.asked,
    CASE WHEN reports.reported_at IS NOT NULL THEN coalesce(listed.status, 'available') END AS status,
    reports.reported_at
FROM people
LEFT JOIN reports ON reports.cutoff = people.cutoff
LEFT JOIN listed ON listed.reported_at = reports.reported_at AND listed.player_id = people.player_id

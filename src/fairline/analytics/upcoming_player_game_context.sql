-- Who may play in each game to come, as known at the cutoff: the rosters of both teams, whoever a quote of the game states
-- to be of one of them, and whoever is asked for; with his availability by the last injury reports of 36 hours. Never the
-- box score of the game itself. Reads `team_context` and `asked` (game_id, cutoff, player_id, team_id: stated by who
-- asks, else null). Who is asked for adds rows and changes none: whom a team has does not depend on who is priced.
WITH stated AS (
    SELECT context.game_id, context.cutoff, quoted.player_id, quoted.team_id
    FROM team_context AS context
    JOIN (
        SELECT game_id, player_id, team_id, min(known_at) AS known_at
        FROM raw.prop_quotes
        WHERE team_id IS NOT NULL
        GROUP BY game_id, player_id, team_id
    ) AS quoted
        ON quoted.game_id = context.game_id
        AND quoted.team_id = context.team_id
        AND quoted.known_at <= context.cutoff
    QUALIFY row_number() OVER (
        PARTITION BY context.game_id, context.cutoff, quoted.player_id ORDER BY quoted.known_at DESC, quoted.team_id
    ) = 1
),
rostered AS (
    SELECT context.game_id, context.cutoff, spell.player_id, spell.team_id
    FROM team_context AS context
    JOIN analytics.roster_spells AS spell
        ON spell.team_id = context.team_id
        AND spell.known_at <= context.cutoff
        AND context.cutoff < spell.superseded_at
),
members AS (
    SELECT
        coalesce(stated.game_id, rostered.game_id) AS game_id,
        coalesce(stated.cutoff, rostered.cutoff) AS cutoff,
        coalesce(stated.player_id, rostered.player_id) AS player_id,
        coalesce(stated.team_id, rostered.team_id) AS team_id
    FROM rostered
    FULL JOIN stated
        ON stated.game_id = rostered.game_id
        AND stated.cutoff = rostered.cutoff
        AND stated.player_id = rostered.player_id
),
people AS (
    SELECT
        coalesce(members.game_id, asked.game_id) AS game_id,
        coalesce(members.cutoff, asked.cutoff) AS cutoff,
        coalesce(members.player_id, asked.player_id) AS player_id,
        coalesce(members.team_id, asked.team_id) AS team_id,
        members.player_id IS NOT NULL AS rostered,
        asked.player_id IS NOT NULL AS asked
    FROM members
    FULL JOIN asked
        ON asked.game_id = members.game_id
        AND asked.cutoff = members.cutoff
        AND asked.player_id = members.player_id
),
moments AS (
    SELECT DISTINCT cutoff FROM cutoffs
),
reports AS (
    SELECT moments.cutoff, report.source, max(report.reported_at) AS reported_at
    FROM moments
    JOIN raw.injury_snapshots AS report
        ON report.known_at <= moments.cutoff
        AND report.reported_at <= moments.cutoff
        AND report.reported_at > moments.cutoff - INTERVAL 36 HOUR
    GROUP BY moments.cutoff, report.source
),
latest AS (
    SELECT cutoff, max(reported_at) AS reported_at FROM reports GROUP BY cutoff
),
listed AS (
    -- Where sources differ the graver word counts; `unknown` says nothing, so any other comes before it.
    SELECT reports.cutoff, report.player_id, report.status
    FROM reports
    JOIN raw.injury_reports AS report
        ON report.source = reports.source
        AND report.reported_at = reports.reported_at
        AND report.known_at <= reports.cutoff
    QUALIFY row_number() OVER (
        PARTITION BY reports.cutoff, report.player_id
        ORDER BY CASE report.status WHEN 'out' THEN 0 WHEN 'doubtful' THEN 1 WHEN 'questionable' THEN 2
            WHEN 'probable' THEN 3 WHEN 'available' THEN 4 ELSE 5 END
    ) = 1
)
SELECT
    people.game_id,
    people.cutoff,
    people.player_id,
    people.team_id,
    people.rostered,
    people.asked,
    CASE WHEN latest.reported_at IS NOT NULL THEN coalesce(listed.status, 'available') END AS status,
    latest.reported_at
FROM people
LEFT JOIN latest ON latest.cutoff = people.cutoff
LEFT JOIN listed ON listed.cutoff = people.cutoff AND listed.player_id = people.player_id

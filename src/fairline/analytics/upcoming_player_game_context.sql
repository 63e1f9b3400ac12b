-- Who may play in each game to come, as known at the cutoff: the rosters of both teams, whoever a quote of the game states
-- to be of one of them, and whoever is asked for; with his availability by the last injury reports of 36 hours, or by the
-- user's own news of that game while it counts, which comes before them. Never the box score of the game itself. Reads
-- `team_context` and `asked` (game_id, cutoff, player_id, team_id: stated by who asks, else null). Who is asked for adds
-- rows and changes none: whom a team has does not depend on who is priced.
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
league_reports AS (
    SELECT moments.cutoff, max(report.reported_at) AS reported_at
    FROM moments
    JOIN analytics.injury_coverage AS report
        ON report.scope = 'league' AND report.known_at <= moments.cutoff AND moments.cutoff < report.superseded_at
    GROUP BY moments.cutoff
),
team_reports AS (
    -- Of each source the report on this game; before there is one, on the team's game before.
    SELECT context.game_id, context.cutoff, context.team_id, report.source, report.scope, report.reported_at
    FROM team_context AS context
    JOIN analytics.injury_coverage AS report
        ON report.team_id = context.team_id
        AND report.known_at <= context.cutoff
        AND context.cutoff < report.superseded_at
        AND coalesce(report.game_date, context.game_date) <= context.game_date
    QUALIFY row_number() OVER (
        PARTITION BY context.game_id, context.cutoff, context.team_id, report.source
        ORDER BY coalesce(report.game_date, context.game_date) DESC, report.reported_at DESC
    ) = 1
),
covered AS (
    SELECT game_id, cutoff, team_id, max(reported_at) AS reported_at
    FROM team_reports
    GROUP BY game_id, cutoff, team_id
),
said AS (
    SELECT people.game_id, people.cutoff, people.player_id, said.status, said.reported_at
    FROM (
        SELECT moments.cutoff, word.player_id, word.status, word.reported_at
        FROM moments
        JOIN analytics.player_availability AS word
            ON word.scope IN ('league', 'list')
            AND word.known_at <= moments.cutoff
            AND moments.cutoff < word.superseded_at
    ) AS said
    JOIN people ON people.cutoff = said.cutoff AND people.player_id = said.player_id
    UNION ALL
    SELECT report.game_id, report.cutoff, word.player_id, word.status, word.reported_at
    FROM team_reports AS report
    JOIN analytics.player_availability AS word
        ON word.source = report.source
        AND word.scope = report.scope
        AND word.known_at <= report.cutoff
        AND report.cutoff < word.superseded_at
),
listed AS (
    -- Where sources differ the graver word counts; `unknown` says nothing, so any other comes before it.
    SELECT game_id, cutoff, player_id, status, reported_at
    FROM said
    QUALIFY row_number() OVER (
        PARTITION BY game_id, cutoff, player_id
        ORDER BY CASE status WHEN 'out' THEN 0 WHEN 'doubtful' THEN 1 WHEN 'questionable' THEN 2
            WHEN 'probable' THEN 3 WHEN 'available' THEN 4 ELSE 5 END, reported_at DESC
    ) = 1
),
news AS (
    SELECT games.game_id, games.cutoff, word.player_id, word.status, word.reported_at, word.news_id
    FROM (SELECT DISTINCT game_id, cutoff, game_date FROM team_context) AS games
    JOIN analytics.player_availability AS word
        ON word.news_id IS NOT NULL
        AND word.game_date = games.game_date
        AND word.known_at <= games.cutoff
        AND games.cutoff < word.superseded_at
)
SELECT
    people.game_id,
    people.cutoff,
    people.player_id,
    people.team_id,
    people.rostered,
    people.asked,
    -- Of a team that has not told, an unlisted player's status is not known.
    CASE
        WHEN news.player_id IS NOT NULL THEN news.status
        WHEN listed.player_id IS NOT NULL THEN listed.status
        WHEN league_reports.reported_at IS NOT NULL OR covered.reported_at IS NOT NULL THEN 'available'
    END AS status,
    coalesce(
        news.reported_at,
        greatest(
            coalesce(league_reports.reported_at, covered.reported_at),
            coalesce(covered.reported_at, league_reports.reported_at)
        ),
        listed.reported_at
    ) AS reported_at,
    news.news_id
FROM people
LEFT JOIN league_reports ON league_reports.cutoff = people.cutoff
LEFT JOIN covered
    ON covered.game_id = people.game_id AND covered.cutoff = people.cutoff AND covered.team_id = people.team_id
LEFT JOIN listed
    ON listed.game_id = people.game_id AND listed.cutoff = people.cutoff AND listed.player_id = people.player_id
LEFT JOIN news
    ON news.game_id = people.game_id AND news.cutoff = people.cutoff AND news.player_id = people.player_id

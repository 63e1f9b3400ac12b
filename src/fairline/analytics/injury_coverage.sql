-- Of whom each injury report speaks, from when it was had until the source speaks of them again, 36 hours at most: the
-- whole league; a team's next game, once the team has submitted; or a team whose roster names every injury.
WITH stated AS (
    SELECT source, 'league' AS scope, CAST(NULL AS BIGINT) AS team_id, CAST(NULL AS DATE) AS game_date, reported_at,
        greatest(known_at, reported_at) AS known_at
    FROM raw.injury_snapshots
    WHERE source NOT IN ({reports_by_team})
    UNION ALL
    SELECT source, CAST(team_id AS VARCHAR) || ' ' || CAST(game_date AS VARCHAR), team_id, game_date, reported_at,
        greatest(known_at, reported_at)
    FROM raw.injury_report_teams
    WHERE submitted
    UNION ALL
    SELECT source, CAST(team_id AS VARCHAR), team_id, CAST(NULL AS DATE), listed_at, greatest(min(known_at), listed_at)
    FROM raw.rosters
    WHERE source IN ({rosters_with_injuries})
    GROUP BY source, team_id, listed_at
)
SELECT
    source,
    scope,
    team_id,
    game_date,
    reported_at,
    known_at,
    least(
        reported_at + INTERVAL 36 HOUR,
        coalesce(
            min(known_at) OVER (
                PARTITION BY source, scope ORDER BY reported_at ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
            ),
            TIMESTAMPTZ '9999-01-01 00:00:00+00'
        )
    ) AS superseded_at
FROM stated

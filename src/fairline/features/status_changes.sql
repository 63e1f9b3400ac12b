-- The latest change of status, between consecutive reports of the three days before the cutoff, of each player or a
-- teammate. A player not listed is available. Reads `player_context`.
WITH sides AS (
    SELECT DISTINCT game_id, cutoff, player_id, team_id FROM player_context WHERE team_id IS NOT NULL
),
reports AS (
    SELECT DISTINCT sides.game_id, sides.cutoff, snapshot.source, snapshot.reported_at
    FROM (SELECT DISTINCT game_id, cutoff FROM sides) AS sides
    JOIN raw.injury_snapshots AS snapshot
        ON snapshot.known_at <= sides.cutoff AND snapshot.reported_at > sides.cutoff - INTERVAL 72 HOUR
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
    JOIN reports ON reports.game_id = sides.game_id AND reports.cutoff = sides.cutoff
    LEFT JOIN raw.injury_reports AS listed
        ON listed.source = reports.source
        AND listed.reported_at = reports.reported_at
        AND listed.player_id = sides.player_id
        AND listed.known_at <= sides.cutoff
),
changed AS (
    SELECT game_id, cutoff, team_id, max(reported_at) AS status_changed_at
    FROM stated
    WHERE status_before IS NOT NULL AND status <> status_before
    GROUP BY game_id, cutoff, team_id
)
SELECT sides.game_id, sides.cutoff, sides.player_id, changed.status_changed_at
FROM sides
JOIN changed
    ON changed.game_id = sides.game_id AND changed.cutoff = sides.cutoff AND changed.team_id = sides.team_id

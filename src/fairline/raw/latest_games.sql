-- One row per game: the schedule of the source whose word counts first, and the result of the first source that has one.
-- `cutoff` limits both to what was known by then.
WITH known AS (
    SELECT *, {precedence} AS precedence FROM raw.games WHERE known_at <= $cutoff
),
schedule AS (
    SELECT * FROM known
    QUALIFY row_number() OVER (
        PARTITION BY game_id ORDER BY CASE statement WHEN 'schedule' THEN 0 ELSE 1 END, precedence, known_at DESC
    ) = 1
),
result AS (
    SELECT * FROM known
    WHERE statement = 'result'
    QUALIFY row_number() OVER (
        PARTITION BY game_id
        ORDER BY CASE WHEN home_points IS NULL THEN 1 ELSE 0 END, precedence, known_at DESC
    ) = 1
)
SELECT
    schedule.game_id,
    schedule.game_date,
    schedule.season,
    schedule.game_type,
    schedule.tip_at,
    schedule.home_team_id,
    schedule.away_team_id,
    result.home_points,
    result.away_points,
    coalesce(result.status, schedule.status) AS status,
    result.overtimes,
    schedule.arena,
    schedule.neutral
FROM schedule
LEFT JOIN result ON result.game_id = schedule.game_id

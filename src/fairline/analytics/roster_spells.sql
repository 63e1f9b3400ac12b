-- Which team each player belonged to, from one piece of evidence to the next that names another team: the box scores he
-- appeared in and the line-ups he was projected for. Trades show when the first evidence of the new team is known.
WITH evidence AS (
    SELECT player_id, team_id, known_at FROM analytics.player_game_summary
    UNION
    SELECT player_id, team_id, known_at FROM raw.projected_lineups
),
ordered AS (
    SELECT
        player_id,
        team_id,
        known_at,
        lag(team_id) OVER (PARTITION BY player_id ORDER BY known_at, team_id) AS team_before
    FROM evidence
)
SELECT
    player_id,
    team_id,
    known_at,
    coalesce(
        lead(known_at) OVER (PARTITION BY player_id ORDER BY known_at, team_id), TIMESTAMPTZ '9999-01-01 00:00:00+00'
    ) AS superseded_at
FROM ordered
WHERE team_before IS NULL OR team_before <> team_id

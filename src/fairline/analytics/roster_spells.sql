-- Which team each player belonged to, from one piece of evidence to the next that names another team: the box scores he
-- appeared in and the line-ups he was projected for. Trades show when the first evidence of the new team is known; what
-- is learnt or corrected later about games before the trade does not undo it.
WITH evidence AS (
    SELECT player_id, team_id, known_at, valid_at FROM analytics.player_game_summary
    UNION
    SELECT player_id, team_id, known_at, reported_at FROM raw.projected_lineups
),
learnt AS (
    SELECT
        *,
        max(valid_at) OVER (PARTITION BY player_id ORDER BY known_at) AS latest_valid_at,
        row_number() OVER (PARTITION BY player_id, known_at ORDER BY valid_at DESC, team_id) AS place
    FROM evidence
),
ordered AS (
    SELECT player_id, team_id, known_at, lag(team_id) OVER (PARTITION BY player_id ORDER BY known_at) AS team_before
    FROM learnt
    WHERE place = 1 AND valid_at = latest_valid_at
)
SELECT
    player_id,
    team_id,
    known_at,
    coalesce(
        lead(known_at) OVER (PARTITION BY player_id ORDER BY known_at), TIMESTAMPTZ '9999-01-01 00:00:00+00'
    ) AS superseded_at
FROM ordered
WHERE team_before IS NULL OR team_before <> team_id

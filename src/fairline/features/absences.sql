-- What teammates leave tonight against the team's last ten games. Reported: minutes, shots and usage-minutes of those out
-- or doubtful, null without a report of 36 hours. Expected: recent share of games less the chance of playing, so that a
-- star's return counts against it. Each sum is the whole team's: `final` takes the player's own part off. Reads `people`.
WITH teammates AS (
    SELECT
        game_id,
        cutoff,
        team_id,
        recent_minutes,
        recent_shots,
        recent_usage_minutes,
        vacated_minutes,
        vacated_shots,
        CASE WHEN status IS NOT NULL THEN CASE WHEN status IN ('out', 'doubtful') THEN 1 ELSE 0 END END AS absent
    FROM people
    WHERE counted AND team_id IS NOT NULL
)
SELECT
    game_id,
    cutoff,
    team_id,
    sum(recent_usage_minutes) AS team_usage_minutes,
    sum(absent * recent_minutes) AS absent_minutes,
    sum(absent * recent_shots) AS absent_shots,
    sum(absent * recent_usage_minutes) AS absent_usage_minutes,
    sum(vacated_minutes) AS vacated_minutes,
    sum(vacated_shots) AS vacated_shots
FROM teammates
GROUP BY game_id, cutoff, team_id

-- What teammates leave tonight against the team's last ten games. Reported: minutes, shots and usage-minutes of those out
-- or doubtful, null without a report of 36 hours. Expected: recent share of games less the chance of playing, so that a
-- star's return counts against it. Each sum is the whole team's: `final` takes the player's own part off. Reads `people`.
SELECT
    game_id,
    cutoff,
    team_id,
    sum(recent_usage_minutes) AS team_usage_minutes,
    CASE WHEN count(status) > 0 AND count(recent_minutes) > 0 THEN sum(CASE WHEN status IN ('out', 'doubtful') THEN recent_minutes ELSE 0 END) END
        AS absent_minutes,
    CASE WHEN count(status) > 0 AND count(recent_minutes) > 0 THEN sum(CASE WHEN status IN ('out', 'doubtful') THEN recent_shots ELSE 0 END) END
        AS absent_shots,
    CASE WHEN count(status) > 0 AND count(recent_minutes) > 0 THEN sum(CASE WHEN status IN ('out', 'doubtful') THEN recent_usage_minutes ELSE 0 END) END
        AS absent_usage_minutes,
    sum(vacated_minutes) AS vacated_minutes,
    sum(vacated_shots) AS vacated_shots
FROM people
WHERE counted AND team_id IS NOT NULL
GROUP BY game_id, cutoff, team_id

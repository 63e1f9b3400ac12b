-- What the teammates reported out or doubtful leave: recent minutes, shots and usage-minutes, each weighted by the share
-- of the team's last ten games the teammate played in. Null without a report of the last 36 hours. Reads `people`.
SELECT
    game_id,
    cutoff,
    team_id,
    sum(recent_usage_minutes) AS team_usage_minutes,
    CASE WHEN count(status) > 0 THEN sum(CASE WHEN status IN ('out', 'doubtful') THEN recent_minutes ELSE 0 END) END
        AS absent_minutes,
    CASE WHEN count(status) > 0 THEN sum(CASE WHEN status IN ('out', 'doubtful') THEN recent_shots ELSE 0 END) END
        AS absent_shots,
    CASE WHEN count(status) > 0 THEN sum(CASE WHEN status IN ('out', 'doubtful') THEN recent_usage_minutes ELSE 0 END) END
        AS absent_usage_minutes
FROM people
WHERE team_id IS NOT NULL
GROUP BY game_id, cutoff, team_id

-- The features in contract order: states after staleness, then those of the game to come. Reads `people` and the rest.
WITH lines AS (
    SELECT people.game_id, people.cutoff, line.home_spread, line.total
    FROM (SELECT DISTINCT game_id, cutoff FROM people) AS people
    JOIN raw.game_line_quotes AS line ON line.game_id = people.game_id AND line.known_at <= people.cutoff
    QUALIFY row_number() OVER (
        PARTITION BY people.game_id, people.cutoff ORDER BY line.known_at DESC, line.source
    ) = 1
),
adjusted AS (
    SELECT
        people.* EXCLUDE (last_game_date, last_season, games_of_team_last_10, vacated_minutes,
            vacated_shots, {states}),
        people.last_game_date AS player_last_game_date,
        people.games_of_team_last_10 AS player_games_of_team_last_10,
        {lags},
        meetings.points AS meetings_points,
        meetings.games AS meetings_games,
        absences.team_usage_minutes AS absence_team_usage_minutes,
        -- A player is no teammate of his own: whoever is reported out and plays all the same finds himself there.
        absences.absent_usage_minutes
            - CASE WHEN people.status IN ('out', 'doubtful') THEN coalesce(people.recent_usage_minutes, 0) ELSE 0 END
            AS absence_absent_usage_minutes,
        absences.absent_minutes
            - CASE WHEN people.status IN ('out', 'doubtful') THEN coalesce(people.recent_minutes, 0) ELSE 0 END
            AS absence_absent_minutes,
        absences.absent_shots
            - CASE WHEN people.status IN ('out', 'doubtful') THEN coalesce(people.recent_shots, 0) ELSE 0 END
            AS absence_absent_shots,
        absences.vacated_minutes - coalesce(people.vacated_minutes, 0) AS absence_vacated_minutes,
        absences.vacated_shots - coalesce(people.vacated_shots, 0) AS absence_vacated_shots,
        lines.home_spread AS lines_home_spread,
        lines.total AS lines_total,
        {adjusted}
    FROM people
    LEFT JOIN meetings
        ON meetings.game_id = people.game_id
        AND meetings.cutoff = people.cutoff
        AND meetings.player_id = people.player_id
    LEFT JOIN absences
        ON absences.game_id = people.game_id AND absences.cutoff = people.cutoff AND absences.team_id = people.team_id
    LEFT JOIN lines ON lines.game_id = people.game_id AND lines.cutoff = people.cutoff
    WHERE people.wanted
)
SELECT
    {keys},
    {about},
    {ordered}
FROM adjusted

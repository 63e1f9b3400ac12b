-- The features in contract order: states after staleness, then those of the game to come. Reads `people` and the rest.
WITH stated AS (
    SELECT game_id, source, book, known_at, 'spread' AS what, home_spread AS line
    FROM raw.game_line_quotes
    WHERE home_spread IS NOT NULL
    UNION ALL
    SELECT game_id, source, book, known_at, 'total', total
    FROM raw.game_line_quotes
    WHERE total IS NOT NULL
),
standing AS (
    SELECT games.game_id, games.cutoff, stated.what, stated.book, stated.line
    FROM (SELECT DISTINCT game_id, cutoff FROM team_context) AS games
    JOIN stated ON stated.game_id = games.game_id AND stated.known_at <= games.cutoff
    QUALIFY row_number() OVER (
        PARTITION BY games.game_id, games.cutoff, stated.what, stated.book ORDER BY stated.known_at DESC, stated.source
    ) = 1
),
placed AS (
    SELECT
        game_id,
        cutoff,
        what,
        line,
        row_number() OVER (PARTITION BY game_id, cutoff, what ORDER BY line, book) AS place,
        count(*) OVER (PARTITION BY game_id, cutoff, what) AS books
    FROM standing
),
lines AS (
    -- The median over books: the line in the middle, or halfway between the two.
    SELECT
        game_id,
        cutoff,
        (min(CASE WHEN what = 'spread' THEN line END) + max(CASE WHEN what = 'spread' THEN line END)) / 2 AS home_spread,
        (min(CASE WHEN what = 'total' THEN line END) + max(CASE WHEN what = 'total' THEN line END)) / 2 AS total
    FROM placed
    WHERE 2 * place BETWEEN books AND books + 2
    GROUP BY game_id, cutoff
),
adjusted AS (
    SELECT
        people.game_id,
        people.cutoff,
        people.player_id,
        people.team_id,
        people.opponent_id,
        people.status,
        people.form_source,
        people.game_date,
        people.season,
        people.season_start,
        people.game_type,
        people.tip_at,
        people.last_game_date AS player_last_game_date,
        people.games_of_team_last_10 AS player_games_of_team_last_10,
        sides.* EXCLUDE (
            game_id, cutoff, team_id, opponent_id, game_date, season, season_start, game_type, tip_at
        ),
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
    LEFT JOIN player_state AS player
        ON player.player_id = people.player_id AND player.known_from = people.form_from
    LEFT JOIN sides
        ON sides.game_id = people.game_id AND sides.cutoff = people.cutoff AND sides.team_id = people.team_id
    LEFT JOIN meetings
        ON meetings.game_id = people.game_id
        AND meetings.cutoff = people.cutoff
        AND meetings.player_id = people.player_id
    LEFT JOIN absences
        ON absences.game_id = people.game_id AND absences.cutoff = people.cutoff AND absences.team_id = people.team_id
    LEFT JOIN lines ON lines.game_id = people.game_id AND lines.cutoff = people.cutoff
    WHERE people.wanted
),
recent AS (
    SELECT
        *,
        {shared}
    FROM adjusted
)
SELECT
    {keys},
    {about},
    {ordered}
FROM recent

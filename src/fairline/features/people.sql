-- Everyone who may play, with his own state at the cutoff and his side of the game. Whoever has not appeared for 45 days
-- (in the first 14 days of a season: since the last one) is left out unless asked for. Reads `player_context`, `sides`.
WITH games AS (
    SELECT DISTINCT game_id, cutoff, game_date, season, season_start, game_type, tip_at FROM team_context
),
joined AS (
    SELECT
        context.game_id,
        context.cutoff,
        context.player_id,
        -- A team that is not one of the game's two is an old one: the new is not known, and nor is the opponent.
        sides.team_id,
        sides.opponent_id,
        context.asked,
        context.status,
        games.game_date,
        games.season,
        games.season_start,
        games.game_type,
        games.tip_at,
        sides.* EXCLUDE (
            game_id, cutoff, team_id, opponent_id, game_date, season, season_start, game_type, tip_at
        ),
        player.* EXCLUDE (player_id, known_from, known_until, team_id),
        player.team_id AS last_team_id
    FROM player_context AS context
    JOIN games ON games.game_id = context.game_id AND games.cutoff = context.cutoff
    LEFT JOIN sides
        ON sides.game_id = context.game_id AND sides.cutoff = context.cutoff AND sides.team_id = context.team_id
    LEFT JOIN player_state AS player
        ON player.player_id = context.player_id
        AND player.known_from <= context.cutoff
        AND context.cutoff < player.known_until
),
active AS (
    SELECT *, {games_of_team} AS games_of_team_last_10, {missed} AS missed_in_a_row
    FROM joined
    WHERE
        asked
        OR last_game_date >= game_date - 45
        OR (last_season = season - 1 AND game_date < season_start + 14)
),
expected AS (
    SELECT *, {form_source} AS form_source, {chance_of_playing} AS chance_of_playing
    FROM active
)
SELECT
    * EXCLUDE (asked),
    {wanted} AS wanted,
    CAST(recent_minutes_avg * (games_of_team_last_10 / 10 - chance_of_playing) AS DECIMAL(12, 4)) AS vacated_minutes,
    CAST(shots_avg * (games_of_team_last_10 / 10 - chance_of_playing) AS DECIMAL(12, 4)) AS vacated_shots,
    CAST(recent_minutes_avg * games_of_team_last_10 / 10 AS DECIMAL(12, 4)) AS recent_minutes,
    CAST(shots_avg * games_of_team_last_10 / 10 AS DECIMAL(12, 4)) AS recent_shots,
    CAST(usage_minutes * games_of_team_last_10 / 10 AS DECIMAL(12, 4)) AS recent_usage_minutes
FROM expected

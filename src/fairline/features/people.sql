-- Everyone who may play, with his own state at the cutoff and his side of the game. Whoever has not appeared for 45 days
-- (in the first 14 days of a season: since the last one) is left out unless asked for. Only those on a roster who have
-- appeared count as teammates: being asked for must not change what the others' rows say. Reads `player_context`, `sides`.
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
        context.rostered,
        context.status,
        games.game_date,
        games.season,
        games.season_start,
        games.game_type,
        games.tip_at,
        sides.* EXCLUDE (
            game_id, cutoff, team_id, opponent_id, game_date, season, season_start, game_type, tip_at
        ),
        player.* EXCLUDE (player_id, known_from, known_until)
    FROM player_context AS context
    JOIN games ON games.game_id = context.game_id AND games.cutoff = context.cutoff
    LEFT JOIN sides
        ON sides.game_id = context.game_id AND sides.cutoff = context.cutoff AND sides.team_id = context.team_id
    LEFT JOIN player_state AS player
        ON player.player_id = context.player_id
        AND player.known_from <= context.cutoff
        AND context.cutoff < player.known_until
),
appearing AS (
    SELECT
        *,
        CASE WHEN team_date_10 IS NOT NULL THEN {games_of_team} END AS games_of_team_last_10,
        CASE WHEN team_date_10 IS NOT NULL THEN {games} END AS games_last_10,
        {missed} AS missed_in_a_row,
        CASE
            WHEN rostered AND last_game_date >= game_date - 45 THEN TRUE
            WHEN rostered AND last_season = season - 1 AND game_date < season_start + 14 THEN TRUE
            ELSE FALSE
        END AS counted
    FROM joined
),
active AS (
    SELECT * FROM appearing WHERE asked OR counted
),
expected AS (
    SELECT
        *,
        {form_source} AS form_source,
        {chance_of_playing} AS chance_of_playing,
        CASE WHEN counted THEN games_of_team_last_10 / 10 END AS recent_share
    FROM active
)
SELECT
    * EXCLUDE (asked, rostered, recent_share),
    {wanted} AS wanted,
    CAST(recent_minutes_avg * (recent_share - chance_of_playing) AS DECIMAL(12, 4)) AS vacated_minutes,
    CAST(shots_avg * (recent_share - chance_of_playing) AS DECIMAL(12, 4)) AS vacated_shots,
    CAST(recent_minutes_avg * recent_share AS DECIMAL(12, 4)) AS recent_minutes,
    CAST(shots_avg * recent_share AS DECIMAL(12, 4)) AS recent_shots,
    CAST(usage_minutes * recent_share AS DECIMAL(12, 4)) AS recent_usage_minutes
FROM expected

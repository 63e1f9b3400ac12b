-- Everyone who may play, his side of the game and whether he is likely to. Whoever has not appeared for 45 days (in the
-- first 14 days of a season: since the last one) is left out unless asked for. Only those on a roster who have appeared
-- count as teammates: being asked for must not change what the others' rows say. What is told of each is what absences
-- need; `final` finds the rest of his state by `form_from`. Reads `player_context`, `sides`, `player_state`.
WITH games AS (
    SELECT DISTINCT game_id, cutoff, game_date, season, season_start, game_type, tip_at FROM team_context
),
seasons AS (
    {seasons}
),
forms AS (
    {forms}
),
appearing AS (
    SELECT
        context.game_id,
        context.cutoff,
        context.player_id,
        context.team_id,
        context.asked,
        context.status,
        context.news_id IS NOT NULL AS by_news,
        games.* EXCLUDE (game_id, cutoff),
        form.known_from AS form_from,
        form.last_game_date,
        form.last_season,
        CASE
            WHEN context.rostered AND form.last_game_date >= games.game_date - 45 THEN TRUE
            WHEN context.rostered AND form.last_season = games.season - 1
                AND games.game_date < games.season_start + 14 THEN TRUE
            ELSE FALSE
        END AS counted
    FROM player_context AS context
    JOIN games ON games.game_id = context.game_id AND games.cutoff = context.cutoff
    LEFT JOIN forms AS form
        ON form.player_id = context.player_id
        AND form.at_season = games.season
        AND form.known_from <= context.cutoff
        AND context.cutoff < form.known_until
),
active AS (
    SELECT
        appearing.* EXCLUDE (team_id),
        -- A team that is not one of the game's two is an old one: the new is not known, and nor is the opponent.
        sides.team_id,
        sides.opponent_id,
        player.recent_minutes_avg,
        player.shots_avg,
        player.usage_minutes,
        CASE WHEN sides.team_date_10 IS NOT NULL THEN {games_of_team} END AS games_of_team_last_10,
        CASE WHEN sides.team_date_10 IS NOT NULL THEN {games} END AS games_last_10,
        player.season_before,
        player.season_games,
        -- Before his first game of a season: those of it. Who sat out in April is no likelier to sit out in October.
        CASE WHEN appearing.last_season < appearing.season THEN {games_of_season} ELSE {missed} END AS missed_in_a_row
    FROM appearing
    LEFT JOIN sides
        ON sides.game_id = appearing.game_id
        AND sides.cutoff = appearing.cutoff
        AND sides.team_id = appearing.team_id
    LEFT JOIN player_state AS player
        ON player.player_id = appearing.player_id AND player.known_from = appearing.form_from
    WHERE appearing.asked OR appearing.counted
),
expected AS (
    SELECT
        *,
        {form_source} AS form_source,
        {chance_of_playing} AS chance_of_playing,
        -- Of the team's last ten games those of last season count as far as he would have played them now.
        CASE
            WHEN NOT counted THEN NULL
            WHEN last_season < season THEN (10 - missed_in_a_row) / 10 * ({chance_at_first})
            ELSE games_of_team_last_10 / 10
        END AS recent_share
    FROM active
)
SELECT
    * EXCLUDE (asked, by_news, recent_share, season_before, season_games),
    {wanted} AS wanted,
    CAST(recent_minutes_avg * (recent_share - chance_of_playing) AS DECIMAL(12, 4)) AS vacated_minutes,
    CAST(shots_avg * (recent_share - chance_of_playing) AS DECIMAL(12, 4)) AS vacated_shots,
    CAST(recent_minutes_avg * recent_share AS DECIMAL(12, 4)) AS recent_minutes,
    CAST(shots_avg * recent_share AS DECIMAL(12, 4)) AS recent_shots,
    CAST(usage_minutes * recent_share AS DECIMAL(12, 4)) AS recent_usage_minutes
FROM expected

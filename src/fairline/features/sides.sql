-- Both sides of each game with the states of the two teams and the league known at the cutoff. Reads `team_context`.
WITH seasons AS (
    {seasons}
),
teams AS (
    {teams}
),
leagues AS (
    {leagues}
),
standing AS (
    SELECT context.game_id, context.cutoff, team.*
    FROM team_context AS context
    JOIN teams AS team
        ON team.team_id = context.team_id
        AND team.at_season = context.season
        AND team.known_from <= context.cutoff
        AND context.cutoff < team.known_until
),
sourced AS (
    SELECT
        context.*,
        {team_source} AS team_source,
        {opponent_source} AS opponent_source
    FROM team_context AS context
    LEFT JOIN standing AS own
        ON own.game_id = context.game_id AND own.cutoff = context.cutoff AND own.team_id = context.team_id
    LEFT JOIN standing AS other
        ON other.game_id = context.game_id AND other.cutoff = context.cutoff AND other.team_id = context.opponent_id
),
league AS (
    SELECT context.game_id, context.cutoff, leagues.*
    FROM (SELECT DISTINCT game_id, cutoff, season FROM team_context) AS context
    JOIN leagues
        ON leagues.at_season = context.season
        AND leagues.known_from <= context.cutoff
        AND context.cutoff < leagues.known_until
)
SELECT
    sourced.*,
    {team_dates},
    CASE WHEN {fresh_opponent} THEN other.paint_allowed_share END AS other_paint_allowed_share,
    CASE WHEN {fresh_opponent} THEN other.mid_range_allowed_share END AS other_mid_range_allowed_share,
    CASE WHEN {fresh_opponent} THEN other.three_allowed_share END AS other_three_allowed_share,
    league.paint_share AS league_paint_share,
    league.mid_range_share AS league_mid_range_share,
    league.three_share AS league_three_share,
    {adjusted}
FROM sourced
LEFT JOIN standing AS own
    ON own.game_id = sourced.game_id AND own.cutoff = sourced.cutoff AND own.team_id = sourced.team_id
LEFT JOIN standing AS other
    ON other.game_id = sourced.game_id AND other.cutoff = sourced.cutoff AND other.team_id = sourced.opponent_id
LEFT JOIN league ON league.game_id = sourced.game_id AND league.cutoff = sourced.cutoff

-- Both sides of each game with the states of the two teams and the league known at the cutoff. Reads `team_context`.
WITH sourced AS (
    SELECT
        context.*,
        {team_source} AS team_source,
        {opponent_source} AS opponent_source,
        own.known_from AS own_from,
        other.known_from AS other_from
    FROM team_context AS context
    LEFT JOIN team_state AS own
        ON own.team_id = context.team_id AND own.known_from <= context.cutoff AND context.cutoff < own.known_until
    LEFT JOIN team_state AS other
        ON other.team_id = context.opponent_id
        AND other.known_from <= context.cutoff
        AND context.cutoff < other.known_until
),
moments AS (
    SELECT DISTINCT cutoff FROM team_context
),
league AS (
    SELECT moments.cutoff, league_state.*
    FROM moments
    JOIN league_state ON league_state.known_from <= moments.cutoff AND moments.cutoff < league_state.known_until
)
SELECT
    sourced.* EXCLUDE (own_from, other_from),
    {team_dates},
    CASE WHEN {fresh_opponent} THEN other.paint_allowed_share END AS other_paint_allowed_share,
    CASE WHEN {fresh_opponent} THEN other.mid_range_allowed_share END AS other_mid_range_allowed_share,
    CASE WHEN {fresh_opponent} THEN other.three_allowed_share END AS other_three_allowed_share,
    league.paint_share AS league_paint_share,
    league.mid_range_share AS league_mid_range_share,
    league.three_share AS league_three_share,
    {adjusted}
FROM sourced
LEFT JOIN team_state AS own ON own.team_id = sourced.team_id AND own.known_from = sourced.own_from
LEFT JOIN team_state AS other ON other.team_id = sourced.opponent_id AND other.known_from = sourced.other_from
LEFT JOIN league ON league.cutoff = sourced.cutoff

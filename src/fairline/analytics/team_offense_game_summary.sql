-- What each team produced in each game, per revision: counts, possessions in hundredths, pace and rating.
WITH totals AS (
    SELECT
        game_id,
        team_id,
        known_at,
        superseded_at,
        -- Alike in all the players' rows, but where a correction of some of them states another tip-off.
        max(game_date) AS game_date,
        max(season) AS season,
        max(game_type) AS game_type,
        max(opponent_id) AS opponent_id,
        max(CASE WHEN home THEN 1 WHEN NOT home THEN 0 END) = 1 AS home,
        max(CASE WHEN won THEN 1 WHEN NOT won THEN 0 END) = 1 AS won,
        max(overtimes) AS overtimes,
        max(box_source) AS box_source,
        max(valid_at) AS valid_at,
        sum(points) AS points,
        sum(field_goals_made) AS field_goals_made,
        sum(field_goals_attempted) AS field_goals_attempted,
        sum(threes_made) AS threes_made,
        sum(threes_attempted) AS threes_attempted,
        sum(free_throws_made) AS free_throws_made,
        sum(free_throws_attempted) AS free_throws_attempted,
        sum(rebounds) AS rebounds,
        sum(assists) AS assists,
        sum(turnovers) AS turnovers,
        sum(paint_attempted) AS paint_attempted,
        sum(paint_made) AS paint_made,
        sum(mid_range_attempted) AS mid_range_attempted,
        sum(mid_range_made) AS mid_range_made,
        -- One player's missing count makes the team's possessions unknown, not smaller.
        CASE
            WHEN count(field_goals_attempted + free_throws_attempted + turnovers + offensive_rebounds) = count(*)
                THEN sum(
                    100 * field_goals_attempted + 44 * free_throws_attempted + 100 * turnovers
                    - 100 * offensive_rebounds
                )
        END AS possession_hundredths
    FROM analytics.player_game_summary
    GROUP BY game_id, team_id, known_at, superseded_at
)
SELECT
    game_id,
    game_date,
    season,
    game_type,
    team_id,
    opponent_id,
    home,
    won,
    overtimes,
    CAST(points AS INTEGER) AS points,
    CAST(field_goals_made AS INTEGER) AS field_goals_made,
    CAST(field_goals_attempted AS INTEGER) AS field_goals_attempted,
    CAST(threes_made AS INTEGER) AS threes_made,
    CAST(threes_attempted AS INTEGER) AS threes_attempted,
    CAST(free_throws_made AS INTEGER) AS free_throws_made,
    CAST(free_throws_attempted AS INTEGER) AS free_throws_attempted,
    CAST(rebounds AS INTEGER) AS rebounds,
    CAST(assists AS INTEGER) AS assists,
    CAST(turnovers AS INTEGER) AS turnovers,
    CAST(paint_attempted AS INTEGER) AS paint_attempted,
    CAST(paint_made AS INTEGER) AS paint_made,
    CAST(mid_range_attempted AS INTEGER) AS mid_range_attempted,
    CAST(mid_range_made AS INTEGER) AS mid_range_made,
    CAST(possession_hundredths AS INTEGER) AS possession_hundredths,
    CAST(possession_hundredths / 100.0 * 48 / (48 + 5 * overtimes) AS DECIMAL(12, 4)) AS pace,
    CAST(CASE WHEN possession_hundredths > 0 THEN 10000.0 * points / possession_hundredths END AS DECIMAL(12, 4))
        AS offensive_rating,
    box_source,
    valid_at,
    known_at,
    superseded_at
FROM totals

-- What each team allowed in each game, per revision: the opponent's production, seen from the defending side.
SELECT
    own.game_id,
    own.game_date,
    own.season,
    own.game_type,
    own.team_id,
    own.opponent_id,
    other.points AS points_allowed,
    other.rebounds AS rebounds_allowed,
    other.assists AS assists_allowed,
    other.threes_made AS threes_made_allowed,
    other.threes_attempted AS threes_attempted_allowed,
    other.paint_attempted AS paint_attempted_allowed,
    other.paint_made AS paint_made_allowed,
    other.mid_range_attempted AS mid_range_attempted_allowed,
    other.mid_range_made AS mid_range_made_allowed,
    other.possession_hundredths AS possession_hundredths_allowed,
    other.offensive_rating AS defensive_rating,
    own.valid_at,
    own.known_at,
    own.superseded_at
FROM analytics.team_offense_game_summary AS own
JOIN analytics.team_offense_game_summary AS other
    ON other.game_id = own.game_id AND other.team_id = own.opponent_id AND other.known_at = own.known_at

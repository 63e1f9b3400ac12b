-- The outcome of every player-game as held now: labels, never inputs.
SELECT
    game_id,
    player_id,
    player_name,
    valid_at AS tip_at,
    known_at AS outcome_known_at,
    points AS actual_points,
    rebounds AS actual_rebounds,
    assists AS actual_assists,
    threes_made AS actual_threes_made,
    steals AS actual_steals,
    blocks AS actual_blocks,
    turnovers AS actual_turnovers,
    seconds AS actual_seconds
FROM analytics.player_game_summary
WHERE superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'

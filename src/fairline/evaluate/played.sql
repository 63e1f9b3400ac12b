-- The outcome of every player-game as held now: labels, never inputs. An outcome is known since the first revision that
-- said what is held now: a correction of something else does not make it younger, one of the outcome does.
WITH said AS (
    SELECT
        *,
        min(known_at) OVER (
            PARTITION BY game_id, player_id, points, rebounds, assists, threes_made, steals, blocks, turnovers
        ) AS outcome_known_at
    FROM analytics.player_game_summary
)
SELECT
    game_id,
    player_id,
    player_name,
    valid_at AS tip_at,
    outcome_known_at,
    points AS actual_points,
    rebounds AS actual_rebounds,
    assists AS actual_assists,
    threes_made AS actual_threes_made,
    steals AS actual_steals,
    blocks AS actual_blocks,
    turnovers AS actual_turnovers
FROM said
WHERE superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'

-- The games of a date as held now, with what is held about each.
WITH boxes AS (
    SELECT game_id, any_value(box_source) AS box_source, count(*) AS players
    FROM analytics.player_game_summary
    WHERE game_date = $day AND superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'
    GROUP BY game_id
),
quotes AS (
    SELECT game_id, count(*) AS quotes, count(DISTINCT player_id) AS quoted
    FROM raw.prop_quotes
    WHERE game_date = $day
    GROUP BY game_id
),
features AS (
    SELECT game_id, count(DISTINCT player_id) AS feature_rows
    FROM precompute.ml_feature_store
    WHERE game_date = $day
    GROUP BY game_id
),
forecasts AS (
    SELECT game_id, count(DISTINCT (player_id, market)) AS forecast
    FROM predictions.player_prop_forecasts
    WHERE game_date = $day AND reason IS NULL
    GROUP BY game_id
)
SELECT game.game_id, game.away_team_id, game.home_team_id, game.tip_at, game.status, game.away_points, game.home_points,
    boxes.box_source, coalesce(boxes.players, 0) AS players, coalesce(quotes.quoted, 0) AS quoted,
    coalesce(quotes.quotes, 0) AS quotes, coalesce(features.feature_rows, 0) AS feature_rows,
    coalesce(forecasts.forecast, 0) AS forecast
FROM analytics.game_versions AS game
LEFT JOIN boxes ON boxes.game_id = game.game_id
LEFT JOIN quotes ON quotes.game_id = game.game_id
LEFT JOIN features ON features.game_id = game.game_id
LEFT JOIN forecasts ON forecasts.game_id = game.game_id
WHERE game.game_date = $day AND game.superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'
    AND game.game_type IN ('regular', 'play_in', 'playoffs', 'cup_final')
    AND game.home_team_id IS NOT NULL AND game.away_team_id IS NOT NULL
ORDER BY game.tip_at, game.game_id

-- What is to be graded of a game date: every quote priced, and every distribution without a line. Reads `$day`.
-- Forecasts that were not made, and players skipped as out or doubtful, promised nothing.
SELECT
    prediction.batch_id,
    prediction.game_id,
    prediction.player_id,
    prediction.market,
    prediction.system,
    prediction.book,
    prediction.half_points,
    prediction.game_date,
    prediction.player_name,
    prediction.cutoff,
    prediction.line_source,
    prediction.captured_at,
    prediction.side,
    prediction.price,
    prediction.recommendation,
    prediction.stake,
    feature.tier AS quality,
    prediction.market_half_points,
    prediction.mean,
    best.batch_id IS NOT NULL AS is_best
FROM predictions.player_prop_predictions AS prediction
LEFT JOIN predictions.best_bets AS best
    ON best.batch_id = prediction.batch_id
    AND best.game_id = prediction.game_id
    AND best.player_id = prediction.player_id
    AND best.market = prediction.market
    AND best.system = prediction.system
    AND best.book = prediction.book
    AND best.half_points = prediction.half_points
LEFT JOIN precompute.ml_feature_store AS feature
    ON feature.game_id = prediction.game_id
    AND feature.player_id = prediction.player_id
    AND feature.cutoff = prediction.cutoff
WHERE prediction.game_date = $day AND (prediction.book <> '' OR prediction.recommendation = 'NO_LINE')
ORDER BY ALL

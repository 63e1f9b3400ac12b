-- Which predictions of game dates were made under the user's own news: of whom he spoke and of the teammates, while the
-- news counted. Reads `$first` and `$last`; ids of several are told together.
SELECT
    prediction.batch_id,
    prediction.game_id,
    prediction.player_id,
    string_agg(CAST(news.news_id AS VARCHAR), ', ' ORDER BY news.news_id) AS news
FROM (
    SELECT DISTINCT batch_id, game_id, player_id, team_id, game_date, cutoff
    FROM predictions.player_prop_predictions
    WHERE game_date BETWEEN $first AND $last
) AS prediction
JOIN analytics.player_availability AS news
    ON news.news_id IS NOT NULL
    AND news.game_date = prediction.game_date
    AND news.team_id = prediction.team_id
    AND news.known_at <= prediction.cutoff
    AND prediction.cutoff < news.superseded_at
GROUP BY prediction.batch_id, prediction.game_id, prediction.player_id
ORDER BY ALL

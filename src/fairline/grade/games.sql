-- The state of each predicted game as known by `$now`: final, postponed, and whether its box score is held.
WITH predicted AS (
    SELECT DISTINCT game_id, game_date FROM predictions.player_prop_predictions WHERE game_date = $day
),
box AS (
    SELECT game_id, max(known_at) AS known_at, count(DISTINCT team_id) AS teams
    FROM analytics.player_game_summary
    WHERE known_at <= $now AND superseded_at > $now
    GROUP BY game_id
)
SELECT
    predicted.game_id,
    game.tip_at + INTERVAL 10 MINUTE AS tip_at,
    coalesce(game.status = 'final', FALSE) AS game_final,
    -- A bet is on the game of its date: played on another, it is no action.
    coalesce(game.status = 'postponed' OR game.game_date <> predicted.game_date, FALSE) AS postponed,
    coalesce(box.teams = 2, FALSE) AS box_held,
    -- Some engines' greatest() ignores nulls, some do not.
    greatest(coalesce(game.known_at, box.known_at), coalesce(box.known_at, game.known_at)) AS known_at
FROM predicted
LEFT JOIN analytics.game_versions AS game
    ON game.game_id = predicted.game_id AND game.known_at <= $now AND game.superseded_at > $now
LEFT JOIN box ON box.game_id = predicted.game_id
ORDER BY predicted.game_id

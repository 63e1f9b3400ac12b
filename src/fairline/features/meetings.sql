-- Each player's games against the opponent in the three years before the game, known by the cutoff. Reads `people`.
SELECT people.game_id, people.cutoff, people.player_id, sum(played.points) AS points, count(*) AS games
FROM people
JOIN analytics.player_game_summary AS played
    ON played.player_id = people.player_id
    AND played.opponent_id = people.opponent_id
    AND played.game_date < people.game_date
    AND played.game_date >= people.game_date - INTERVAL 3 YEAR
    AND played.known_at <= people.cutoff
    AND people.cutoff < played.superseded_at
WHERE people.wanted
GROUP BY people.game_id, people.cutoff, people.player_id

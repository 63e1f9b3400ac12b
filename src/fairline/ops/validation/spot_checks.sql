-- Values of kept feature rows recomputed from raw, one by one: the player's box scores known at the cutoff, of the source
-- that counted for the game then, the latest word of each, of the season of the row, and so many games back.
-- `picked`: pick, player_id, cutoff, season, statistic, how, size (null: all of the season).
WITH played AS (
    SELECT picked.pick, picked.how, picked.size, box.game_id, box.valid_at,
        CASE picked.statistic
            WHEN 'points' THEN box.points
            WHEN 'rebounds' THEN box.rebounds
            WHEN 'assists' THEN box.assists
            WHEN 'threes_made' THEN box.threes_made
            WHEN 'turnovers' THEN box.turnovers
            WHEN 'field_goals_attempted' THEN box.field_goals_attempted
            WHEN 'free_throws_attempted' THEN box.free_throws_attempted
            WHEN 'threes_attempted' THEN box.threes_attempted
        END AS counted
    FROM picked
    JOIN raw.player_box_scores AS box ON box.player_id = picked.player_id AND box.known_at <= picked.cutoff
    JOIN analytics.game_revisions AS revision
        ON revision.game_id = box.game_id AND revision.box_source = box.source
        AND revision.known_at <= picked.cutoff AND picked.cutoff < revision.superseded_at
    WHERE picked.season = (SELECT max(game.season) FROM raw.games AS game WHERE game.game_id = box.game_id)
    QUALIFY row_number() OVER (PARTITION BY picked.pick, box.game_id ORDER BY box.known_at DESC) = 1
),
counted_back AS (
    SELECT *, row_number() OVER (PARTITION BY pick ORDER BY valid_at DESC, game_id DESC) AS back FROM played
)
SELECT pick, any_value(how) AS how, count(*) AS games,
    CASE any_value(how)
        WHEN 'mean' THEN sum(counted) / count(counted)
        WHEN 'sd' THEN stddev_samp(counted)
        ELSE count(*)
    END AS recomputed
FROM counted_back
WHERE size IS NULL OR back <= size
GROUP BY pick
ORDER BY pick

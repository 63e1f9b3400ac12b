-- What was held about each game from one moment to the next. The schedule is what the best-ranked source states of it;
-- scores come from the best-ranked result, and no result is known before the game was over. A game stays postponed until
-- a schedule known later tells its new date. Neither team is at home in an arena that is no team's, which the schedule
-- tells beforehand, or where a source says so. A source that tells no arenas, such as a scoreboard, leaves it to the next.
WITH moments AS (
    SELECT DISTINCT game_id, known_at FROM raw.games
),
held AS (
    SELECT
        moments.known_at AS since,
        row_number() OVER (
            PARTITION BY game.game_id, moments.known_at
            ORDER BY CASE game.statement WHEN 'schedule' THEN 0 ELSE 1 END, {source_rank:game}, game.known_at DESC,
                game.source
        ) AS place,
        row_number() OVER (
            PARTITION BY game.game_id, moments.known_at
            ORDER BY CASE WHEN game.home_points IS NULL THEN 1 ELSE 0 END, {source_rank:game}, game.known_at DESC,
                game.source
        ) AS score_place,
        first_value(game.arena IGNORE NULLS) OVER (
            PARTITION BY game.game_id, moments.known_at
            ORDER BY CASE game.statement WHEN 'schedule' THEN 0 ELSE 1 END, {source_rank:game}, game.known_at DESC,
                game.source
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS told_arena,
        max(CASE WHEN game.status = 'final' THEN 1 ELSE 0 END) OVER game_then = 1 AS is_final,
        max(CASE WHEN game.neutral THEN 1 ELSE 0 END) OVER game_then = 1 AS told_neutral,
        max(CASE WHEN game.status = 'postponed' THEN game.known_at END) OVER game_then AS postponed_at,
        max(CASE WHEN game.statement = 'schedule' THEN game.known_at END) OVER game_then AS scheduled_at,
        game.*
    FROM moments
    JOIN raw.games AS game ON game.game_id = moments.game_id AND game.known_at <= moments.known_at
    WINDOW game_then AS (PARTITION BY game.game_id, moments.known_at)
)
SELECT
    best.game_id,
    best.game_date,
    best.season,
    best.game_type,
    best.tip_at,
    best.home_team_id,
    best.away_team_id,
    score.home_points,
    score.away_points,
    CASE
        WHEN best.is_final THEN 'final'
        WHEN best.postponed_at >= coalesce(best.scheduled_at, best.postponed_at) THEN 'postponed'
        ELSE best.status
    END AS status,
    best.told_arena AS arena,
    CASE WHEN best.told_neutral THEN TRUE ELSE best.told_arena IN ({neutral_arenas}) END AS neutral,
    best.since AS known_at,
    coalesce(
        lead(best.since) OVER (PARTITION BY best.game_id ORDER BY best.since), TIMESTAMPTZ '9999-01-01 00:00:00+00'
    ) AS superseded_at
FROM held AS best
JOIN held AS score ON score.game_id = best.game_id AND score.since = best.since AND score.score_place = 1
WHERE best.place = 1

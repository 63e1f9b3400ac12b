-- What was held about each game from one moment to the next. The schedule is what the best-ranked source states of it;
-- scores come from the best-ranked result, and no result is known before the game was over. A game stays postponed until
-- a schedule known later tells its new date. Neither team is at home in an arena that is no team's, which the schedule
-- tells beforehand, or where a source says so. A source that tells no arenas, such as a scoreboard, leaves it to the next.
WITH stated AS (
    -- Whose word counts first: the better source's, of one source the later's.
    SELECT *, row({source_rank:game}, -epoch_us(game.known_at), game.source) AS rank FROM raw.games AS game
),
held AS (
    SELECT
        stated.game_id,
        moments.known_at AS since,
        arg_min(stated, row(stated.statement <> 'schedule', stated.rank)) AS best,
        arg_min(
            {'home': stated.home_points, 'away': stated.away_points}, row(stated.home_points IS NULL, stated.rank)
        ) AS score,
        -- Of those that name one.
        arg_min(stated.arena, row(stated.statement <> 'schedule', stated.rank)) AS arena,
        bool_or(stated.status = 'final') AS is_final,
        coalesce(bool_or(stated.neutral), FALSE) AS told_neutral,
        max(stated.known_at) FILTER (stated.status = 'postponed') AS postponed_at,
        max(stated.known_at) FILTER (stated.statement = 'schedule') AS scheduled_at
    FROM (SELECT DISTINCT game_id, known_at FROM raw.games) AS moments
    JOIN stated ON stated.game_id = moments.game_id AND stated.known_at <= moments.known_at
    GROUP BY stated.game_id, moments.known_at
)
SELECT
    game_id,
    best.game_date,
    best.season,
    best.game_type,
    best.tip_at,
    best.home_team_id,
    best.away_team_id,
    score.home AS home_points,
    score.away AS away_points,
    CASE
        WHEN is_final THEN 'final'
        WHEN postponed_at >= coalesce(scheduled_at, postponed_at) THEN 'postponed'
        ELSE best.status
    END AS status,
    arena,
    CASE WHEN told_neutral THEN TRUE ELSE arena IN ({neutral_arenas}) END AS neutral,
    since AS known_at,
    coalesce(lead(since) OVER (PARTITION BY game_id ORDER BY since), TIMESTAMPTZ '9999-01-01 00:00:00+00') AS superseded_at
FROM held

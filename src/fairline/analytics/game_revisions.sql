-- The moments at which what is held about a game's box score changed, each valid until the next, and whose box score
-- counts from then: that of the best-ranked source which is complete. It is complete when it has both teams, their
-- minutes are 240 and 25 an overtime up to rounding, and their points are the score. When none is, the best of those
-- with both teams counts. Sources are never mixed within a game: each box score agrees with itself alone.
WITH stated AS (
    SELECT source, game_id, known_at,
        coalesce(
            lead(known_at) OVER (PARTITION BY source, game_id ORDER BY known_at), TIMESTAMPTZ '9999-01-01 00:00:00+00'
        ) AS superseded_at
    FROM (SELECT DISTINCT source, game_id, known_at FROM raw.player_box_scores)
),
players AS (
    SELECT stated.source, stated.game_id, stated.known_at, stated.superseded_at, box.team_id, box.minutes, box.points
    FROM stated
    JOIN raw.player_box_scores AS box
        ON box.source = stated.source AND box.game_id = stated.game_id AND box.known_at <= stated.known_at
    QUALIFY row_number() OVER (
        PARTITION BY stated.source, stated.game_id, box.player_id, stated.known_at ORDER BY box.known_at DESC
    ) = 1
),
teams AS (
    SELECT source, game_id, known_at, superseded_at, team_id,
        sum(CAST(minutes AS DECIMAL(9, 4))) AS team_minutes,
        sum(points) AS points
    FROM players
    GROUP BY source, game_id, known_at, superseded_at, team_id
),
shots AS (
    SELECT DISTINCT source, game_id, known_at FROM raw.shots
),
beside AS (
    SELECT game_id, known_at FROM shots
    UNION
    SELECT box.game_id, exact.known_at
    FROM raw.exact_minutes AS exact
    JOIN raw.player_box_scores AS box ON box.player_id = exact.player_id AND box.game_date = exact.game_date
),
moments AS (
    SELECT game_id, known_at FROM stated
    UNION
    SELECT beside.game_id, beside.known_at
    FROM beside
    JOIN (SELECT game_id, min(known_at) AS known_at FROM stated GROUP BY game_id) AS first_box
        ON first_box.game_id = beside.game_id AND first_box.known_at <= beside.known_at
),
sides AS (
    SELECT
        moments.game_id,
        moments.known_at,
        teams.source,
        round(greatest(teams.team_minutes - 240, 0) / 25) AS overtimes,
        teams.team_minutes,
        CASE teams.team_id WHEN game.home_team_id THEN game.home_points WHEN game.away_team_id THEN game.away_points END
            = teams.points AS adds_up
    FROM moments
    JOIN teams
        ON teams.game_id = moments.game_id
        AND teams.known_at <= moments.known_at
        AND moments.known_at < teams.superseded_at
    LEFT JOIN analytics.game_versions AS game
        ON game.game_id = moments.game_id
        AND game.known_at <= moments.known_at
        AND moments.known_at < game.superseded_at
),
boxes AS (
    SELECT
        game_id,
        known_at,
        source,
        count(*) AS teams,
        CASE
            WHEN count(*) <> 2 OR min(overtimes) <> max(overtimes) THEN 0
            WHEN max(abs(team_minutes - 240 - 25 * overtimes)) > 5 THEN 0
            -- A score not known yet contradicts nobody.
            ELSE min(CASE WHEN adds_up THEN 1 WHEN NOT adds_up THEN 0 ELSE 1 END)
        END AS complete
    FROM sides
    GROUP BY game_id, known_at, source
),
chosen AS (
    SELECT game_id, known_at, source
    FROM boxes AS box
    QUALIFY row_number() OVER (
        PARTITION BY game_id, known_at ORDER BY complete DESC, teams DESC, {source_rank:box}, source
    ) = 1
),
shot_sources AS (
    SELECT moments.game_id, moments.known_at, shot.source
    FROM moments
    JOIN shots AS shot ON shot.game_id = moments.game_id AND shot.known_at <= moments.known_at
    QUALIFY row_number() OVER (
        PARTITION BY moments.game_id, moments.known_at ORDER BY {source_rank:shot}, shot.source
    ) = 1
),
changes AS (
    -- Where another source than the one that counts said something, nothing changed.
    SELECT chosen.game_id, chosen.known_at, chosen.source AS box_source, shot_sources.source AS shot_source
    FROM chosen
    LEFT JOIN shot_sources ON shot_sources.game_id = chosen.game_id AND shot_sources.known_at = chosen.known_at
    LEFT JOIN stated
        ON stated.source = chosen.source AND stated.game_id = chosen.game_id AND stated.known_at = chosen.known_at
    LEFT JOIN beside ON beside.game_id = chosen.game_id AND beside.known_at = chosen.known_at
    QUALIFY stated.known_at IS NOT NULL
        OR beside.known_at IS NOT NULL
        OR chosen.source <> lag(chosen.source) OVER (PARTITION BY chosen.game_id ORDER BY chosen.known_at)
)
SELECT
    game_id,
    known_at,
    coalesce(
        lead(known_at) OVER (PARTITION BY game_id ORDER BY known_at), TIMESTAMPTZ '9999-01-01 00:00:00+00'
    ) AS superseded_at,
    box_source,
    shot_source
FROM changes

-- One row per player, game and revision of the game: box score, exact minutes where held, shot zones where shots are
-- held, usage. The box score is that of the source which counts for the game then, whole. Team totals are the sums of
-- the players' rows, which equal the team's own row in every game held.
WITH box AS (
    SELECT
        revision.known_at AS revised_at,
        revision.superseded_at,
        box.*
    FROM analytics.game_revisions AS revision
    JOIN raw.player_box_scores AS box
        ON box.game_id = revision.game_id
        AND box.source = revision.box_source
        AND box.known_at <= revision.known_at
    QUALIFY row_number() OVER (
        PARTITION BY box.game_id, box.player_id, revision.known_at ORDER BY box.known_at DESC
    ) = 1
),
exact AS (
    SELECT box.game_id, box.player_id, box.revised_at, exact.minutes
    FROM box
    JOIN raw.exact_minutes AS exact
        ON exact.player_id = box.player_id AND exact.game_date = box.game_date AND exact.known_at <= box.revised_at
    QUALIFY row_number() OVER (
        PARTITION BY box.game_id, box.player_id, box.revised_at ORDER BY exact.known_at DESC, exact.source
    ) = 1
),
shots AS (
    -- A corrected shot is one more row of the same shot.
    SELECT revision.known_at AS revised_at, shot.*
    FROM raw.shots AS shot
    JOIN analytics.game_revisions AS revision
        ON revision.game_id = shot.game_id
        AND revision.shot_source = shot.source
        AND shot.known_at <= revision.known_at
    QUALIFY row_number() OVER (
        PARTITION BY shot.game_id, shot.player_id, shot.period, shot.seconds_left, shot.ordinal, revision.known_at
        ORDER BY shot.known_at DESC
    ) = 1
),
zones AS (
    SELECT
        shot.game_id,
        shot.player_id,
        shot.revised_at,
        sum(CASE WHEN NOT shot.three AND shot.distance <= 8 THEN 1 ELSE 0 END) AS paint_attempted,
        sum(CASE WHEN NOT shot.three AND shot.distance <= 8 AND shot.made THEN 1 ELSE 0 END) AS paint_made,
        sum(CASE WHEN NOT shot.three AND shot.distance > 8 THEN 1 ELSE 0 END) AS mid_range_attempted,
        sum(CASE WHEN NOT shot.three AND shot.distance > 8 AND shot.made THEN 1 ELSE 0 END) AS mid_range_made
    FROM shots AS shot
    GROUP BY shot.game_id, shot.player_id, shot.revised_at
),
zoned_games AS (
    SELECT DISTINCT game_id, revised_at FROM zones
),
team AS (
    SELECT
        game_id,
        team_id,
        revised_at,
        -- Minutes are whole in most sources: the sum is 240 plus 25 an overtime, up to a few minutes of rounding.
        CAST(round(greatest(sum(minutes) - 240, 0) / 25) AS INTEGER) AS overtimes,
        sum(100 * field_goals_attempted + 44 * free_throws_attempted + 100 * turnovers) AS usage_hundredths,
        count(*) = count(field_goals_attempted + free_throws_attempted + turnovers) AS usage_known
    FROM box
    GROUP BY game_id, team_id, revised_at
),
opponents AS (
    SELECT own.game_id, own.team_id, own.revised_at, min(other.team_id) AS opponent_id
    FROM team AS own
    JOIN team AS other
        ON other.game_id = own.game_id AND other.revised_at = own.revised_at AND other.team_id <> own.team_id
    GROUP BY own.game_id, own.team_id, own.revised_at
)
SELECT
    box.game_id,
    box.game_date,
    game.season,
    game.game_type,
    box.player_id,
    box.player_name,
    box.team_id,
    opponents.opponent_id,
    CASE WHEN game.neutral THEN FALSE ELSE game.home_team_id = box.team_id END AS home,
    box.won,
    team.overtimes,
    CAST(round(60 * coalesce(exact.minutes, box.minutes)) AS INTEGER) AS seconds,
    box.points,
    box.field_goals_made,
    box.field_goals_attempted,
    box.threes_made,
    box.threes_attempted,
    box.free_throws_made,
    box.free_throws_attempted,
    box.offensive_rebounds,
    box.defensive_rebounds,
    box.rebounds,
    box.assists,
    box.steals,
    box.blocks,
    box.turnovers,
    box.fouls,
    CASE WHEN zoned_games.game_id IS NOT NULL THEN coalesce(zones.paint_attempted, 0) END AS paint_attempted,
    CASE WHEN zoned_games.game_id IS NOT NULL THEN coalesce(zones.paint_made, 0) END AS paint_made,
    CASE WHEN zoned_games.game_id IS NOT NULL THEN coalesce(zones.mid_range_attempted, 0) END AS mid_range_attempted,
    CASE WHEN zoned_games.game_id IS NOT NULL THEN coalesce(zones.mid_range_made, 0) END AS mid_range_made,
    CAST(
        CASE
            WHEN team.usage_known AND team.usage_hundredths > 0 AND coalesce(exact.minutes, box.minutes) > 0
                THEN 100.0
                * (100 * box.field_goals_attempted + 44 * box.free_throws_attempted + 100 * box.turnovers)
                * (48 + 5 * team.overtimes)
                / (coalesce(exact.minutes, box.minutes) * team.usage_hundredths)
        END AS DECIMAL(12, 4)
    ) AS usage,
    box.source AS box_source,
    box.valid_at,
    box.revised_at AS known_at,
    box.superseded_at
FROM box
JOIN team ON team.game_id = box.game_id AND team.team_id = box.team_id AND team.revised_at = box.revised_at
LEFT JOIN opponents
    ON opponents.game_id = box.game_id AND opponents.team_id = box.team_id AND opponents.revised_at = box.revised_at
LEFT JOIN exact
    ON exact.game_id = box.game_id AND exact.player_id = box.player_id AND exact.revised_at = box.revised_at
LEFT JOIN zones
    ON zones.game_id = box.game_id AND zones.player_id = box.player_id AND zones.revised_at = box.revised_at
LEFT JOIN zoned_games ON zoned_games.game_id = box.game_id AND zoned_games.revised_at = box.revised_at
-- The game as it was known then: a schedule corrected tomorrow does not change what was held yesterday.
LEFT JOIN analytics.game_versions AS game
    ON game.game_id = box.game_id AND game.known_at <= box.revised_at AND box.revised_at < game.superseded_at

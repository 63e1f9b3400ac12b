-- Both sides of each game to come, as its schedule was known at the cutoff. Reads `cutoffs` (game_id, cutoff).
WITH known AS (
    SELECT cutoffs.cutoff, game.*
    FROM cutoffs
    JOIN analytics.game_versions AS game
        ON game.game_id = cutoffs.game_id AND game.known_at <= cutoffs.cutoff AND cutoffs.cutoff < game.superseded_at
),
-- The first date of a season as known from one change of a date to the next.
regular AS (
    SELECT season, game_id, game_date, known_at, superseded_at,
        lag(game_date) OVER (PARTITION BY game_id ORDER BY known_at) AS date_before
    FROM analytics.game_versions
    WHERE game_type = 'regular'
),
changes AS (
    SELECT DISTINCT season, known_at AS since FROM regular WHERE date_before IS NULL OR date_before <> game_date
),
starts AS (
    SELECT changes.season, changes.since, min(regular.game_date) AS season_start
    FROM changes
    JOIN regular
        ON regular.season = changes.season
        AND regular.known_at <= changes.since
        AND changes.since < regular.superseded_at
    GROUP BY changes.season, changes.since
),
seasons AS (
    SELECT season, season_start, since,
        coalesce(lead(since) OVER (PARTITION BY season ORDER BY since), TIMESTAMPTZ '9999-01-01 00:00:00+00') AS until
    FROM starts
),
sides AS (
    SELECT game_id, cutoff, game_date, season, game_type, tip_at, home_team_id AS team_id, away_team_id AS opponent_id,
        TRUE AS hosts, NOT coalesce(neutral, FALSE) AS home
    FROM known
    WHERE home_team_id IS NOT NULL AND away_team_id IS NOT NULL
    UNION ALL
    SELECT game_id, cutoff, game_date, season, game_type, tip_at, away_team_id, home_team_id, FALSE, FALSE
    FROM known
    WHERE home_team_id IS NOT NULL AND away_team_id IS NOT NULL
),
dates AS (
    SELECT season, home_team_id AS team_id, game_id, game_date, tip_at, known_at, superseded_at
    FROM analytics.game_versions
    WHERE game_type IN ('regular', 'play_in', 'playoffs', 'cup_final') AND status <> 'postponed'
    UNION ALL
    SELECT season, away_team_id, game_id, game_date, tip_at, known_at, superseded_at
    FROM analytics.game_versions
    WHERE game_type IN ('regular', 'play_in', 'playoffs', 'cup_final') AND status <> 'postponed'
),
-- The team's games of the season before this one; those of the last 30 days, as far as they should be held, by their id.
earlier AS (
    SELECT sides.game_id, sides.cutoff, sides.team_id, sides.game_date, dates.game_date AS earlier_date,
        CASE WHEN dates.game_date >= sides.game_date - 30 AND dates.tip_at <= sides.cutoff - INTERVAL 12 HOUR
            THEN dates.game_id END AS recent_game_id
    FROM sides
    JOIN dates
        ON dates.team_id = sides.team_id
        AND dates.season = sides.season
        AND dates.game_date < sides.game_date
        AND dates.known_at <= sides.cutoff
        AND sides.cutoff < dates.superseded_at
),
held AS (
    SELECT recent.game_id, recent.cutoff, recent.team_id, count(*) AS games_held
    FROM earlier AS recent
    JOIN analytics.game_revisions AS box
        ON box.game_id = recent.recent_game_id AND box.known_at <= recent.cutoff AND recent.cutoff < box.superseded_at
    GROUP BY recent.game_id, recent.cutoff, recent.team_id
),
told AS (
    SELECT game_id, cutoff, team_id, game_date - max(earlier_date) AS days_rest, count(recent_game_id) AS games_scheduled
    FROM earlier
    GROUP BY game_id, cutoff, team_id, game_date
),
rest AS (
    SELECT told.*, coalesce(held.games_held, 0) AS games_held
    FROM told
    LEFT JOIN held ON held.game_id = told.game_id AND held.cutoff = told.cutoff AND held.team_id = told.team_id
)
SELECT
    sides.game_id,
    sides.cutoff,
    sides.game_date,
    sides.season,
    seasons.season_start,
    sides.game_type,
    sides.tip_at,
    sides.team_id,
    sides.opponent_id,
    sides.hosts,
    sides.home,
    CAST(own.days_rest AS INTEGER) AS days_rest,
    CAST(other.days_rest AS INTEGER) AS opponent_days_rest,
    CAST(own.games_scheduled AS INTEGER) AS games_scheduled,
    CAST(own.games_held AS INTEGER) AS games_held
FROM sides
LEFT JOIN seasons
    ON seasons.season = sides.season AND seasons.since <= sides.cutoff AND sides.cutoff < seasons.until
LEFT JOIN rest AS own
    ON own.game_id = sides.game_id AND own.cutoff = sides.cutoff AND own.team_id = sides.team_id
LEFT JOIN rest AS other
    ON other.game_id = sides.game_id AND other.cutoff = sides.cutoff AND other.team_id = sides.opponent_id

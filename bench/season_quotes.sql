-- The quotes of a made-up season from day $first to day $last of it, in the order in which they would arrive. 222 dates,
-- 1,230 games, two dozen players in each, ten markets, nine books, of which two quote three lines, 22 captures half an
-- hour apart, the last two after tip-off: 90,000 rows a day, 20 million in all. hash() is the only source of chance.
WITH days AS (
    SELECT day, DATE '2024-10-22' + CAST(day AS INTEGER) AS game_date FROM range($first, $last + 1) AS _(day)
),
games AS (
    SELECT
        game,
        game_date,
        printf('00224%05d', game) AS game_id,
        timezone('America/New_York', game_date + INTERVAL 19 HOUR)
            + to_minutes(30 * CAST(hash(game) % 7 AS INTEGER)) AS commence_at
    FROM days
    JOIN range(1, 1330) AS _(game) ON (game - 1) * 222 // 1230 = day
),
captures AS (
    SELECT
        *,
        CASE
            WHEN capture < 20
                THEN commence_at - to_minutes(CAST(30 * (19 - capture) + 5 + hash(capture, game) % 10 AS INTEGER))
            ELSE commence_at + to_minutes(CAST(30 * (capture - 19) AS INTEGER))
        END AS captured_at
    FROM games, range(22) AS _(capture)
),
teams AS (
    SELECT game, hash(game, 'home') % 30 AS team FROM games
    UNION ALL
    SELECT game, (hash(game, 'home') + 1 + hash(game, 'away') % 29) % 30 FROM games
),
players AS (
    SELECT game, rank, 1600000 + team * 13 + rank AS player_id FROM teams, range(12) AS _(rank)
),
markets (market, level, offered) AS (
    VALUES
        ('points', 40, 1.0), ('rebounds', 12, 0.95), ('assists', 8, 0.85), ('threes', 4, 0.8),
        ('points_rebounds_assists', 56, 0.8), ('points_rebounds', 50, 0.55), ('points_assists', 48, 0.5),
        ('rebounds_assists', 20, 0.5), ('steals', 2, 0.25), ('blocks', 2, 0.2)
),
books (book, lines, offers) AS (
    VALUES
        ('fanduel', 1, 0.9), ('draftkings', 1, 0.9), ('betmgm', 1, 0.8), ('pointsbet', 1, 0.55), ('bovada', 3, 0.6),
        ('betrivers', 3, 0.4), ('caesars', 1, 0.6), ('fanatics', 1, 0.5), ('betonline', 1, 0.5)
),
offers AS (
    SELECT *, hash(game, player_id, market, book) AS chance
    FROM players, markets, books
    WHERE hash(player_id, market) % 1000 < 1000 * offered * (1 - rank * 0.05)
        AND hash(game, player_id, market, book, 'offers') % 1000 < 1000 * offers
),
quotes AS (
    SELECT
        *,
        line - lines // 2 AS beside,
        hash(chance, capture // 2, line) % 26 / 100.0 AS moved,
        greatest(2, CAST(level * (1 - rank * 0.06) AS INTEGER)) + CAST(hash(player_id, game, market) % 5 AS INTEGER)
            + CAST((chance >> (capture // 6)) % 2 AS INTEGER) AS points
    FROM offers
    JOIN captures USING (game), range(3) AS _(line)
    WHERE line < lines AND hash(chance, capture) % 1000 < 920 AND (capture < 20 OR hash(chance, 'live') % 4 = 0)
)
SELECT
    game_id,
    game_date,
    player_id,
    CAST(NULL AS BIGINT) AS team_id,
    'Player ' || player_id AS player_name,
    market,
    book,
    captured_at,
    CAST(2 * (points + beside) - 1 AS INTEGER) AS half_points,
    round(1.78 + moved + beside * 0.3, 2) AS over_decimal,
    round(2.04 - moved - beside * 0.3, 2) AS under_decimal,
    commence_at,
    'the_odds_api' AS source,
    captured_at AS valid_at,
    captured_at AS known_at,
    md5(game_id || captured_at) || md5(captured_at || game_id) AS capture_id
FROM quotes
ORDER BY game_date, captured_at, game_id, book, market, player_id, half_points

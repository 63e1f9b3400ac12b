-- Which team each player belonged to, from one piece of evidence to the next that says otherwise: the box scores he
-- appeared in, the line-ups he was projected for, rosters, the player index, signings and trades; no team from his
-- waiver on, or from the listing of his team that names him no more. Trades show when the first evidence of the new team
-- is known; what is learnt or corrected later about the time before does not undo it.
WITH evidence AS (
    SELECT player_id, team_id, known_at, valid_at FROM analytics.player_game_summary
    UNION
    SELECT player_id, team_id, known_at, reported_at FROM raw.projected_lineups
    UNION
    SELECT player_id, team_id, known_at, listed_at FROM raw.rosters
    UNION
    SELECT player_id, team_id, known_at, valid_at FROM raw.players WHERE active AND team_id IS NOT NULL
    UNION
    SELECT player_id, team_id, known_at, valid_at FROM raw.player_movements WHERE movement <> 'waive'
),
learnt AS (
    SELECT
        *,
        max(valid_at) OVER (PARTITION BY player_id ORDER BY known_at) AS latest_valid_at,
        row_number() OVER (PARTITION BY player_id, known_at ORDER BY valid_at DESC, team_id) AS place
    FROM evidence
),
joined AS (
    SELECT player_id, team_id, known_at, valid_at FROM learnt WHERE place = 1 AND valid_at = latest_valid_at
),
listings AS (
    SELECT source, team_id, listed_at, lead(listed_at) OVER (PARTITION BY source, team_id ORDER BY listed_at) AS next_at
    FROM (SELECT DISTINCT source, team_id, listed_at FROM raw.rosters)
),
left_out AS (
    SELECT waived.player_id, waived.team_id, waived.known_at, waived.valid_at
    FROM raw.player_movements AS waived
    WHERE waived.movement = 'waive' AND NOT EXISTS (
        -- Waived to be signed anew.
        SELECT 1 FROM raw.player_movements AS kept
        WHERE kept.player_id = waived.player_id AND kept.team_id = waived.team_id AND kept.moved_on = waived.moved_on
            AND kept.movement NOT IN ('waive', 'trade') AND kept.known_at <= waived.known_at
    )
    UNION
    SELECT listed.player_id, listed.team_id, listings.next_at, listings.next_at
    FROM listings
    JOIN raw.rosters AS listed
        ON listed.source = listings.source
        AND listed.team_id = listings.team_id
        AND listed.listed_at = listings.listed_at
    WHERE listings.next_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM raw.rosters AS still
        WHERE still.source = listings.source AND still.team_id = listings.team_id
            AND still.listed_at = listings.next_at AND still.player_id = listed.player_id
    )
    UNION
    -- On nobody's roster by an index that tells: of whichever team he was.
    SELECT player_id, CAST(NULL AS BIGINT), known_at, valid_at FROM raw.players WHERE NOT active
),
departed AS (
    -- From the team he was last known to have joined, and after he joined it: the old team's news of a traded player
    -- says nothing of the new one.
    SELECT then_of.player_id, then_of.left_team AS team_id, then_of.known_at, then_of.valid_at
    FROM (
        SELECT out_of.player_id, out_of.team_id, out_of.known_at, out_of.valid_at,
            joined.team_id AS left_team, joined.valid_at AS joined_at,
            row_number() OVER (
                PARTITION BY out_of.player_id, out_of.team_id, out_of.known_at, out_of.valid_at
                ORDER BY joined.known_at DESC
            ) AS place
        FROM left_out AS out_of
        JOIN joined ON joined.player_id = out_of.player_id AND joined.known_at <= out_of.known_at
    ) AS then_of
    WHERE then_of.place = 1
        AND coalesce(then_of.team_id, then_of.left_team) = then_of.left_team
        AND then_of.valid_at >= then_of.joined_at
),
spells AS (
    SELECT joined.player_id, joined.team_id, joined.known_at, FALSE AS leaves
    FROM joined
    WHERE NOT EXISTS (
        -- A game before he left that is learnt or corrected after it.
        SELECT 1 FROM departed
        WHERE departed.player_id = joined.player_id AND departed.team_id = joined.team_id
            AND departed.known_at <= joined.known_at AND departed.valid_at > joined.valid_at
    )
    UNION ALL
    SELECT DISTINCT player_id, CAST(NULL AS BIGINT), known_at, TRUE FROM departed
),
ordered AS (
    SELECT player_id, team_id, known_at,
        lag(coalesce(team_id, 0)) OVER (PARTITION BY player_id ORDER BY known_at) AS team_before
    FROM spells
    WHERE leaves OR NOT EXISTS (
        SELECT 1 FROM departed WHERE departed.player_id = spells.player_id AND departed.known_at = spells.known_at
    )
)
SELECT
    player_id,
    team_id,
    known_at,
    coalesce(
        lead(known_at) OVER (PARTITION BY player_id ORDER BY known_at), TIMESTAMPTZ '9999-01-01 00:00:00+00'
    ) AS superseded_at
FROM ordered
WHERE team_before IS NULL OR team_before <> coalesce(team_id, 0)

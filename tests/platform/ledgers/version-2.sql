-- The ledger's tables as version 2 of the home made them, with what a day left in them.
CREATE TABLE batches (
  batch_id VARCHAR NOT NULL,
  game_date DATE NOT NULL,
  run_kind VARCHAR NOT NULL,
  attempt INTEGER NOT NULL,
  status VARCHAR NOT NULL,
  opened_at DATETIME NOT NULL,
  closed_at DATETIME,
  PRIMARY KEY (batch_id),
  UNIQUE (game_date, run_kind, attempt),
  CHECK (status IN ('open', 'done', 'partial', 'failed')),
  CHECK ((status = 'open') = (closed_at IS NULL))
);
CREATE UNIQUE INDEX one_open_batch ON batches (game_date, run_kind) WHERE closed_at IS NULL;
CREATE TABLE runs (
  run_id INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  "trigger" VARCHAR NOT NULL,
  game_date DATE,
  status VARCHAR NOT NULL,
  started_at DATETIME NOT NULL,
  deadline DATETIME NOT NULL,
  finished_at DATETIME,
  counts JSON NOT NULL,
  error VARCHAR NOT NULL,
  PRIMARY KEY (run_id),
  CHECK (status IN ('running', 'success', 'partial', 'no_data', 'failed')),
  CHECK ((status = 'running') = (finished_at IS NULL))
);
CREATE TABLE published_revisions (
  "key" VARCHAR NOT NULL,
  number INTEGER NOT NULL,
  digest VARCHAR NOT NULL,
  published_at DATETIME NOT NULL,
  PRIMARY KEY ("key", number)
);
CREATE TRIGGER published_is_published_update BEFORE UPDATE ON published_revisions BEGIN SELECT RAISE(ABORT, 'what was published stays as it was'); END;
CREATE TRIGGER published_is_published_delete BEFORE DELETE ON published_revisions BEGIN SELECT RAISE(ABORT, 'what was published stays as it was'); END;
CREATE TABLE hosts (
  host VARCHAR NOT NULL,
  next_at DATETIME,
  failures INTEGER NOT NULL,
  open_until DATETIME,
  succeeded_at DATETIME,
  failed_at DATETIME,
  problem VARCHAR NOT NULL,
  PRIMARY KEY (host),
  CHECK (failures >= 0)
);
CREATE TABLE quotas (
  source VARCHAR NOT NULL,
  told_at DATETIME NOT NULL,
  remaining INTEGER,
  used INTEGER,
  last_cost INTEGER,
  PRIMARY KEY (source)
);
CREATE TABLE validators (
  question VARCHAR NOT NULL,
  etag VARCHAR NOT NULL,
  last_modified VARCHAR NOT NULL,
  sighting VARCHAR NOT NULL,
  PRIMARY KEY (question),
  CHECK (etag <> '' OR last_modified <> '')
);
CREATE TABLE units (
  batch_id VARCHAR NOT NULL,
  game_id VARCHAR NOT NULL,
  player_id BIGINT NOT NULL,
  market VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  changed_at DATETIME NOT NULL,
  PRIMARY KEY (batch_id, game_id, player_id, market),
  CHECK (state IN ('open', 'done', 'skipped', 'failed')),
  CHECK (state IN ('open', 'done') OR reason <> ''),
  FOREIGN KEY(batch_id) REFERENCES batches (batch_id)
);
CREATE TABLE tasks (
  task_id INTEGER NOT NULL,
  batch_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  "key" VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  owner VARCHAR,
  deadline DATETIME,
  fence INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  reason VARCHAR NOT NULL,
  PRIMARY KEY (task_id),
  UNIQUE (batch_id, kind, "key"),
  CHECK (state IN ('free', 'claimed', 'done', 'failed', 'withdrawn')),
  CHECK (state <> 'claimed' OR (owner IS NOT NULL AND deadline IS NOT NULL)),
  FOREIGN KEY(batch_id) REFERENCES batches (batch_id)
);
CREATE INDEX tasks_to_claim ON tasks (kind, state, task_id);
INSERT INTO batches VALUES ('b1', '2025-11-27', 'slate', 1, 'done', '2025-11-27 16:30:00.000000', '2025-11-27 16:40:00.000000');
INSERT INTO batches VALUES ('b2', '2025-11-28', 'slate', 1, 'open', '2025-11-28 16:30:00.000000', NULL);
INSERT INTO units VALUES ('b2', '0022500301', 1, 'points', 'open', '', '2025-11-28 16:30:00.000000');
INSERT INTO tasks VALUES (1, 'b2', 'predict', 'points/catboost', 'claimed', 'worker 1', '2025-11-28 16:35:00.000000', 1, 1, '');
INSERT INTO runs VALUES (1, 'grade', 'manual', '2025-11-27', 'success', '2025-11-28 11:00:00.000000', '2025-11-28 11:10:00.000000', '2025-11-28 11:01:00.000000', '{"graded": 3}', '');
INSERT INTO published_revisions VALUES ('predictions/2025-11-27.json', 1, 'aa', '2025-11-27 16:41:00.000000');
INSERT INTO hosts VALUES ('a', NULL, 1, NULL, NULL, '2025-11-27 16:41:00.000000', 'down');

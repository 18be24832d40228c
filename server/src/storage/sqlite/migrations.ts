// The numbered shapes of the database, oldest first. A migration that was released is never edited: the next one is added.
// Records are kept as JSON; what is searched or must be unique is a column, generated from it wherever it can be.

export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE people (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  seedKey TEXT UNIQUE,
  email TEXT,
  extension TEXT UNIQUE,
  deskPhone TEXT,
  foldedName TEXT NOT NULL,
  nameWords TEXT NOT NULL,
  words TEXT NOT NULL,
  sources TEXT NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX peopleByEmail ON people (email);
-- Holds all that a search compares, so that walking people by name never touches the table itself.
CREATE INDEX peopleByName ON people (foldedName, id, nameWords, words);

CREATE TABLE personWords (
  inName INTEGER NOT NULL,
  word TEXT NOT NULL,
  person INTEGER NOT NULL REFERENCES people (row) ON DELETE CASCADE,
  PRIMARY KEY (inName, word, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX personWordsByPerson ON personWords (person);

CREATE TABLE personNumbers (
  number TEXT NOT NULL,
  person INTEGER NOT NULL REFERENCES people (row) ON DELETE CASCADE,
  -- The number as an integer where it could be an extension, to find a free one.
  value INTEGER,
  PRIMARY KEY (number, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX personNumbersByPerson ON personNumbers (person);
CREATE INDEX personNumbersByValue ON personNumbers (value);

CREATE TABLE accounts (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  personId TEXT NOT NULL REFERENCES people (id),
  PRIMARY KEY (issuer, subject),
  UNIQUE (issuer, personId)
) STRICT, WITHOUT ROWID;

CREATE TABLE knownOrigins (
  personId TEXT NOT NULL,
  origin TEXT NOT NULL,
  PRIMARY KEY (personId, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE signIns (
  id TEXT PRIMARY KEY,
  doc TEXT NOT NULL,
  status TEXT GENERATED ALWAYS AS (doc ->> '$.status'),
  nonce TEXT GENERATED ALWAYS AS (doc ->> '$.nonce'),
  codeHash TEXT GENERATED ALWAYS AS (doc ->> '$.codeHash'),
  codeExpiresAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.codeExpiresAtMs'),
  expiresAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.expiresAtMs')
) STRICT;
CREATE INDEX signInsByNonce ON signIns (nonce);
CREATE INDEX signInsByCode ON signIns (codeHash);
CREATE INDEX signInsByExpiry ON signIns (expiresAtMs);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  doc TEXT NOT NULL,
  personId TEXT GENERATED ALWAYS AS (doc ->> '$.personId'),
  createdAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.createdAtMs'),
  endsAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.endsAtMs'),
  endedAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.endedAtMs')
) STRICT;
CREATE INDEX sessionsByPerson ON sessions (personId, endedAtMs);
CREATE INDEX sessionsByEnd ON sessions (endedAtMs, endsAtMs);

CREATE TABLE bearers (
  hash TEXT PRIMARY KEY,
  doc TEXT NOT NULL,
  sessionId TEXT GENERATED ALWAYS AS (doc ->> '$.sessionId'),
  expiresAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.expiresAtMs')
) STRICT;
CREATE INDEX bearersBySession ON bearers (sessionId);
CREATE INDEX bearersByExpiry ON bearers (expiresAtMs);

CREATE TABLE challenges (
  hash TEXT PRIMARY KEY,
  sessionId TEXT NOT NULL,
  expiresAtMs INTEGER NOT NULL
) STRICT;
CREATE INDEX challengesByExpiry ON challenges (expiresAtMs);

CREATE TABLE calls (
  id TEXT PRIMARY KEY,
  doc TEXT NOT NULL,
  -- The sorted pair of a ringing room call, else nothing: two of the same pair cannot be.
  ringingKey TEXT UNIQUE,
  callerId TEXT GENERATED ALWAYS AS (doc ->> '$.callerId'),
  requestId TEXT GENERATED ALWAYS AS (doc ->> '$.requestId'),
  via TEXT GENERATED ALWAYS AS (doc ->> '$.via'),
  state TEXT GENERATED ALWAYS AS (doc ->> '$.state'),
  ringUntilMs INTEGER GENERATED ALWAYS AS (doc ->> '$.ringUntilMs')
) STRICT;
CREATE UNIQUE INDEX callsByRequest ON calls (callerId, requestId);
CREATE INDEX callsByState ON calls (state);

CREATE TABLE pbxEndpoints (
  endpoint TEXT PRIMARY KEY,
  doc TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
  `
CREATE INDEX peopleByUnit ON people (record ->> '$.unit', foldedName, id);
`,
  `
CREATE TABLE visits (
  hash TEXT PRIMARY KEY,
  personId TEXT NOT NULL,
  expiresAtMs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visitsByExpiry ON visits (expiresAtMs);
`,
  `
-- Never changed, never deleted: the sequence is gap-free because each is the last one plus one, under the write lock.
CREATE TABLE records (
  sequence INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  doc TEXT NOT NULL,
  callId TEXT GENERATED ALWAYS AS (doc ->> '$.callId'),
  amends INTEGER GENERATED ALWAYS AS (doc ->> '$.amends')
) STRICT;
CREATE INDEX recordsByCall ON records (callId) WHERE callId IS NOT NULL;
CREATE INDEX recordsByAmended ON records (amends) WHERE amends IS NOT NULL;

CREATE TABLE recordPeople (
  personId TEXT NOT NULL,
  startMs INTEGER NOT NULL,
  sequence INTEGER NOT NULL REFERENCES records (sequence),
  PRIMARY KEY (personId, startMs, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE recordTails (
  source TEXT PRIMARY KEY,
  doc TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE qualityReports (
  key TEXT PRIMARY KEY,
  doc TEXT NOT NULL,
  atMs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX qualityReportsByTime ON qualityReports (atMs);

ALTER TABLE calls ADD COLUMN isRecorded INTEGER NOT NULL DEFAULT 0;
CREATE INDEX callsUnrecorded ON calls (id) WHERE isRecorded = 0;
`,
  `
CREATE TABLE tickets (
  id TEXT PRIMARY KEY,
  doc TEXT NOT NULL,
  spentAtMs INTEGER,
  expiresAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.expiresAtMs')
) STRICT;
CREATE INDEX ticketsByExpiry ON tickets (expiresAtMs);

CREATE TABLE proofs (
  id TEXT PRIMARY KEY,
  expiresAtMs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX proofsByExpiry ON proofs (expiresAtMs);

CREATE TABLE hubKeys (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE destinations (
  id TEXT PRIMARY KEY,
  doc TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE destinationOpenings (
  id TEXT PRIMARY KEY,
  opening TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blocks (
  id TEXT PRIMARY KEY,
  doc TEXT NOT NULL,
  createdAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.createdAtMs'),
  endsAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.endsAtMs')
) STRICT;

-- Set where the identity provider, or the operator's list, names an administrator.
ALTER TABLE visits ADD COLUMN isAdministrator INTEGER NOT NULL DEFAULT 0;
`,
  `
CREATE TABLE publicVisits (
  id TEXT PRIMARY KEY,
  doc TEXT NOT NULL,
  destinationId TEXT GENERATED ALWAYS AS (doc ->> '$.destinationId'),
  visitor TEXT GENERATED ALWAYS AS (doc ->> '$.visitor'),
  createdAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.createdAtMs'),
  -- Of its stage, which has one once it has ended.
  endedAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.stage.atMs'),
  talkedMs INTEGER GENERATED ALWAYS AS (doc ->> '$.stage.talkedMs')
) STRICT;
CREATE INDEX publicVisitsByTime ON publicVisits (createdAtMs);
CREATE INDEX publicVisitsByEnd ON publicVisits (endedAtMs);
CREATE INDEX publicVisitsByVisitor ON publicVisits (visitor, createdAtMs);
CREATE INDEX publicVisitsByLength ON publicVisits (destinationId, endedAtMs) WHERE talkedMs IS NOT NULL;

CREATE TABLE leftMessages (
  id TEXT PRIMARY KEY,
  doc TEXT NOT NULL,
  visitId TEXT GENERATED ALWAYS AS (doc ->> '$.visitId'),
  destinationId TEXT GENERATED ALWAYS AS (doc ->> '$.destinationId'),
  createdAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.createdAtMs'),
  doneAtMs INTEGER GENERATED ALWAYS AS (doc ->> '$.doneAtMs')
) STRICT;
CREATE INDEX leftByVisit ON leftMessages (visitId);
CREATE INDEX leftByDestination ON leftMessages (destinationId, createdAtMs);
CREATE INDEX leftByDone ON leftMessages (doneAtMs);

CREATE TABLE leftVoices (
  id TEXT PRIMARY KEY REFERENCES leftMessages (id) ON DELETE CASCADE,
  sound BLOB NOT NULL
) STRICT;
`,
  `
ALTER TABLE publicVisits ADD COLUMN stars INTEGER GENERATED ALWAYS AS (doc ->> '$.rating.stars');
CREATE INDEX publicVisitsByRating ON publicVisits (destinationId, createdAtMs, stars) WHERE stars IS NOT NULL;
`,
  `
-- An amendment has none of its own: these are the records of calls.
ALTER TABLE records ADD COLUMN visitId TEXT GENERATED ALWAYS AS (doc ->> '$.visitId');
CREATE INDEX recordsByVisit ON records (visitId) WHERE visitId IS NOT NULL;
`,
];

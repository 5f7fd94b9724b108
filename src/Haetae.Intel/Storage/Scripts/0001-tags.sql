-- Tags: append-only facts. Ids are given by the program, so that this script reads the same on SQLite and PostgreSQL.
-- Half a million tags share some ten thousands of statements, so everything but the subject is told once, in tag_statement.

CREATE TABLE tag_import (
    id INTEGER PRIMARY KEY,
    imported_by TEXT NOT NULL,
    imported_at TEXT NOT NULL           -- UTC, ISO 8601 with Z
);

CREATE TABLE tag_pack (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,        -- of the fields below, so that the same pack is known again
    title TEXT NOT NULL,
    creator TEXT NOT NULL,
    description TEXT,
    owner TEXT,
    is_public INTEGER,                  -- 0, 1, or unknown
    file TEXT NOT NULL                  -- its name without folders
);

CREATE TABLE tag_statement (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,        -- of all fields below
    pack INTEGER NOT NULL REFERENCES tag_pack (id),
    label TEXT NOT NULL,
    source TEXT NOT NULL,
    currency TEXT NOT NULL,
    network TEXT NOT NULL,
    confidence TEXT,
    actor TEXT,
    category TEXT,
    abuse TEXT,
    concepts TEXT,                      -- a JSON array of strings
    tag_type TEXT,
    is_cluster_definer INTEGER,
    lastmod TEXT,                       -- as the pack says it
    context TEXT
);

CREATE TABLE tag (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,              -- 0 address, 1 transaction
    subject TEXT NOT NULL,              -- the form that is looked up
    written TEXT,                       -- as the pack writes it, where that differs
    statement INTEGER NOT NULL REFERENCES tag_statement (id),
    import INTEGER NOT NULL REFERENCES tag_import (id)
);

CREATE UNIQUE INDEX tag_by_subject ON tag (subject, statement);

CREATE TABLE tag_actor (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    pack INTEGER NOT NULL REFERENCES tag_pack (id),
    import INTEGER NOT NULL REFERENCES tag_import (id),
    actor TEXT NOT NULL,
    label TEXT NOT NULL,
    uri TEXT,
    lastmod TEXT,
    categories TEXT,                    -- JSON arrays of strings
    jurisdictions TEXT,
    aliases TEXT,
    context TEXT                        -- a JSON object
);

CREATE INDEX tag_actor_by_name ON tag_actor (actor);

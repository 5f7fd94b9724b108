-- Withdrawals: append-only facts as well. What is withdrawn stays where it is; a later fact may say that it stands again.
-- A tag speaks for the whole cluster of its address where its statement says is_cluster_definer = 1; that needs no table of its own.
-- What was known on a day is worked out when asked: from lastmod of the statement, imported_at of the import, and since below.

CREATE TABLE retraction (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,        -- of all fields below but the import
    tag INTEGER REFERENCES tag (id),    -- of tag, pack and sanction one is named, and two are null
    pack INTEGER REFERENCES tag_pack (id),
    sanction INTEGER REFERENCES sanction_fact (id),
    change INTEGER NOT NULL,            -- 0 withdrawn, 1 stands again
    since TEXT NOT NULL,                -- the first day (yyyy-MM-dd) on which it is so
    retracted_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    import INTEGER NOT NULL REFERENCES tag_import (id)
);

CREATE INDEX retraction_by_tag ON retraction (tag);
CREATE INDEX retraction_by_pack ON retraction (pack);
CREATE INDEX retraction_by_sanction ON retraction (sanction);

-- For the tags of a pack, of an actor, and those that speak for clusters.
CREATE INDEX tag_by_statement ON tag (statement);
CREATE INDEX tag_statement_by_pack ON tag_statement (pack);
CREATE INDEX tag_statement_by_actor ON tag_statement (actor);
CREATE INDEX tag_actor_by_pack ON tag_actor (pack);

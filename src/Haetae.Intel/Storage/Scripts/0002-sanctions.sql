-- Sanctions in time: append-only facts. A change is dated by an interval, because sources often say only "on or before".
-- Days are ISO 8601 (yyyy-MM-dd), so that their order is the order of their text.

CREATE TABLE sanction_fact (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,        -- of all fields below but the import
    subject TEXT NOT NULL,              -- the form that is looked up
    written TEXT,                       -- as the source writes it, where that differs
    asset TEXT,                         -- the source's code, which is not the chain; null: the source names none
    change INTEGER NOT NULL,            -- 0 listed, 1 removed
    not_before TEXT,                    -- null: not known
    not_after TEXT NOT NULL,
    basis TEXT NOT NULL,                -- mirror, list or notice
    source TEXT NOT NULL,
    entry TEXT,                         -- whose entry the address stands under
    programmes TEXT,
    import INTEGER NOT NULL REFERENCES tag_import (id)
);

CREATE INDEX sanction_fact_by_subject ON sanction_fact (subject);
CREATE INDEX sanction_fact_by_day ON sanction_fact (basis, not_after);

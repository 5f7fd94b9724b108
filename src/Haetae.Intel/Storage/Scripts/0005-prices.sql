-- Prices: append-only facts of named sources. A price is a decimal number kept exactly, mantissa / 10^scale; the latest fact of a source about a time counts.

CREATE TABLE price_import (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,        -- of the fields below, so that the same import is known again
    source TEXT NOT NULL,               -- as whoever imports names it
    file TEXT NOT NULL,                 -- its name without folders
    sha256 TEXT NOT NULL,               -- of the file
    imported_by TEXT NOT NULL,
    imported_at TEXT NOT NULL           -- UTC, ISO 8601 with Z
);

CREATE TABLE price (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,        -- of all fields below but the import
    series TEXT NOT NULL,               -- asset (CAIP-19), a space, currency (capitals)
    time INTEGER NOT NULL,              -- seconds since 1970; of a day, its beginning
    is_day INTEGER NOT NULL,            -- 1: the price of a whole day
    mantissa TEXT NOT NULL,             -- decimal digits
    scale INTEGER NOT NULL,             -- decimal places
    source TEXT NOT NULL,
    import INTEGER NOT NULL REFERENCES price_import (id)
);

CREATE INDEX price_by_series ON price (series, time);

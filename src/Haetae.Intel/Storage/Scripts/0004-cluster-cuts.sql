-- Cuts of clusters: append-only facts. A transaction that was cut joins nobody; the latest fact about a transaction counts.

CREATE TABLE cluster_cut (
    id INTEGER PRIMARY KEY,
    chain TEXT NOT NULL,                -- CAIP-2
    txid TEXT NOT NULL,                 -- lower-case hex
    change INTEGER NOT NULL,            -- 0 cut, 1 taken back
    reason TEXT,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL               -- UTC, ISO 8601 with Z
);

CREATE INDEX cluster_cut_by_txid ON cluster_cut (chain, txid);

// The questions of 'transfers run', asked of DuckDB on the same rows in the same hour: node benchmarks/transfers.mjs FILE.csv ASKED.txt
// ASKED.txt holds 1,000 addresses, one a line; 'transfers run' leaves it beside its ledger. Needs the npm package @duckdb/node-api.
import { DuckDBInstance } from "@duckdb/node-api";

const [file, asked] = process.argv.slice(2);
const instance = await DuckDBInstance.create(process.env.DUCKDB_FILE ?? ":memory:");
const duck = await instance.connect();
const ask = async (name, sql) => {
  const start = performance.now();
  const rows = (await duck.runAndReadAll(sql)).getRows();
  console.log(`DuckDB, ${name}: ${(performance.now() - start).toFixed(1)} ms`, rows.length <= 1 ? String(rows[0] ?? "") : `${rows.length} rows`);
};

await ask("threads", "select current_setting('threads')");
// 38 digits hold every made amount; DuckDB has no 256-bit numbers
await ask("ingest", `create table t as select * from read_csv('${file}', header = true, columns = {
  block_timestamp: 'UINTEGER', transaction_hash: 'VARCHAR', block_number: 'UINTEGER', from_address: 'VARCHAR', to_address: 'VARCHAR', token_address: 'VARCHAR', value: 'HUGEINT'})`);
await ask("addresses asked", `create table asked as select column0 as address from read_csv('${asked}', header = false, columns = {column0: 'VARCHAR'})`);
for (let round = 0; round < 3; round++) {
  await ask("sum by asset", "select token_address, sum(value), count(*) from t group by token_address order by token_address");
  await ask("1,000 balances", `select sum(v) from (
    select sum(value) as v from t join asked on to_address = address where token_address is null
    union all select -sum(value) from t join asked on from_address = address where token_address is null)`);
}

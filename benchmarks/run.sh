#!/usr/bin/env bash
# Whole runs on generated chains, each beside the hash floor of the same run: prints what docs/performance.md quotes.
#   benchmarks/run.sh [--work DIR] [--loops] [TRANSACTIONS...]        default: 1000000 5000000
# DIR keeps the chains for the next time (1 million: 0.5 GB, 5 million: 2.4 GB, 20 million: 9.4 GB and four minutes) and holds one ledger.
#   benchmarks/run.sh transfers [--work DIR] [ROWS...]                  default: 2000000; tables of transfers into account ledgers, with DuckDB beside it where $DUCKDB_NODE names a folder with @duckdb/node-api
#   benchmarks/run.sh accounts [TRANSFERS]        traces on account chains, on ledgers made in memory; default: 100000
# --loops measures the inner loops too. Needs g++ and OpenSSL's headers, and the generator's sources in $HAETAE_BENCH (default ../shared/bench).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
sources="${HAETAE_BENCH:-$here/../../shared/bench}"
if [[ "${1:-}" == accounts ]]; then
  dotnet build "$here/Haetae.Benchmarks" -c Release --nologo -v quiet
  exec dotnet "$here/Haetae.Benchmarks/bin/Release/net10.0/Haetae.Benchmarks.dll" accounts "${@:2}"
fi
work="${TMPDIR:-/tmp}/haetae-bench"
loops=false
transfers=false
sizes=()
while (($#)); do
  case "$1" in
    --work) work="${2:?--work needs a folder}"; shift 2 ;;
    --loops) loops=true; shift ;;
    transfers) transfers=true; shift ;;
    -h | --help) sed -n '2,8p' "$0"; exit 0 ;;
    [1-9]*) sizes+=("$1"); shift ;;
    *) echo "usage: benchmarks/run.sh [--work DIR] [--loops] [TRANSACTIONS...] | transfers [--work DIR] [ROWS...] | accounts [TRANSFERS]" >&2; exit 2 ;;
  esac
done
if $transfers; then
  ((${#sizes[@]})) || sizes=(2000000)
  mkdir -p "$work"
  dotnet build "$here/Haetae.Benchmarks" -c Release --nologo -v quiet
  bench=(dotnet "$here/Haetae.Benchmarks/bin/Release/net10.0/Haetae.Benchmarks.dll")
  echo "machine: $(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) cores, $(awk '/^MemTotal/ { printf "%d", $2 / 1048576 + 0.5 }' /proc/meminfo) GiB, $(uname -sr), .NET $(dotnet --version); commit $(git -C "$here" rev-parse --short HEAD); $(date -I); load $(cut -d' ' -f1-3 /proc/loadavg)"
  for size in "${sizes[@]}"; do
    for kind in csv jsonl; do
      table="$work/transfers-$size.$kind"
      [[ -f "$table" ]] || "${bench[@]}" transfers make "$size" "$table"
      echo
      echo "== $size transfers, $kind"
      "${bench[@]}" transfers run "$table" "$work/transfers"
    done

    if [[ -n "${DUCKDB_NODE:-}" ]]; then
      cp "$here/transfers.mjs" "$DUCKDB_NODE/"
      (cd "$DUCKDB_NODE" && node transfers.mjs "$work/transfers-$size.csv" "$work/asked.txt")
    fi

    rm -rf "$work/transfers"
  done
  exit 0
fi

((${#sizes[@]})) || sizes=(1000000 5000000)
[[ -f "$sources/generate_chain.cpp" ]] || { echo "No generate_chain.cpp in '$sources': set HAETAE_BENCH to its folder." >&2; exit 2; }
mkdir -p "$work"

for program in generate_chain hash_floor; do
  [[ "$work/$program" -nt "$sources/$program.cpp" ]] || g++ -O2 -march=native -pthread -w -o "$work/$program" "$sources/$program.cpp" -lcrypto
done
dotnet build "$here/Haetae.Benchmarks" -c Release --nologo -v quiet
bench=(dotnet "$here/Haetae.Benchmarks/bin/Release/net10.0/Haetae.Benchmarks.dll")

model="$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo)"
vectors="$(grep -qw avx512bw /proc/cpuinfo && echo AVX-512 || echo AVX2)"
memory="$(awk '/^MemTotal/ { printf "%d", $2 / 1048576 + 0.5 }' /proc/meminfo)"
echo "machine: $model, $(nproc) cores, $vectors, $memory GiB, $(uname -sr), .NET $(dotnet --version); commit $(git -C "$here" rev-parse --short HEAD); $(date -I)"

# Seconds of the floor: one thread, the best of three.
floor() {
  local best=""
  for _ in 1 2 3; do
    local now
    now="$("$work/hash_floor" "$1" 1 hash | sed 's/.*wall_s=\([0-9.]*\).*/\1/')"
    best="$(awk -v a="$best" -v b="$now" 'BEGIN { print (a == "" || b < a) ? b : a }')"
  done
  echo "$best"
}

ingest() { # label, chain, floor
  for _ in 1 2 3; do
    "${bench[@]}" ingest "$2" "$work/ledger" | awk -v label="$1" -v floor="$3" '
      /^ingest/ { match($0, /: [0-9.]+ s wall/); wall = substr($0, RSTART + 2) + 0; printf "%s: %.2f x floor | %s\n", label, wall / floor, $0; next } { print "  " $0 }'
  done
}

for size in "${sizes[@]}"; do
  chain="$work/chain-$size"
  if [[ ! -f "$chain/manifest.json" ]]; then
    mkdir -p "$chain"
    echo "generating $size transactions" >&2
    "$work/generate_chain" --out "$chain" --txs "$size" --seed 42 --truth 0
  fi

  echo
  echo "== $size transactions"
  before="$(floor "$chain")"
  echo "hash floor, one thread: $before s"
  ingest "ingest" "$chain" "$before"
  DOTNET_EnableAVX512=0 ingest "ingest, AVX2 only" "$chain" "$before"
  "${bench[@]}" ingest "$chain" "$work/ledger" > /dev/null
  "${bench[@]}" queries "$work/ledger"
  "${bench[@]}" traces "$work/ledger" "$chain/incidents.txt"
  echo "hash floor afterwards: $(floor "$chain") s"
  rm -rf "$work/ledger"
done

if $loops; then
  cd "$work"
  "${bench[@]}" loops
fi

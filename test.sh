#!/usr/bin/env bash
# Restore, build, format check, all tests. People and CI run this one file, from any folder.
#   ./test.sh [--filter EXPRESSION]     or HAETAE_TEST_FILTER=EXPRESSION: only the tests that match (dotnet test's filter language)
# The last line is always "N passed, N failed, N skipped", summed over all runs; a failed step before the tests counts as one failure,
# and a test skipped in both runs is one skipped test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

filter="${HAETAE_TEST_FILTER:-}"
while (($#)); do
  case "$1" in
    --filter) filter="${2:?--filter needs an expression}"; shift 2 ;;
    --filter=*) filter="${1#--filter=}"; shift ;;
    *) echo "usage: ./test.sh [--filter EXPRESSION]" >&2; exit 2 ;;
  esac
done

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# No build processes stay behind: one that holds on to a pipe can hang whoever reads our output.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

passed=0 failed=0 skipped=0
results="$(mktemp -d)"
finish() {
  local code=$?
  rm -rf "$results"
  ((code == 0 || failed > 0)) || failed=1
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0)) || exit 1
}
trap finish EXIT
trap 'exit 130' INT TERM

step() { echo; echo "== $*"; }

broken() { failed=$((failed + 1)); echo "FAILED: $*" >&2; }

# One line a test, "outcome<TAB>name<TAB>reason", from every result file of a run. A trx escapes < and > inside
# attributes and text, so a record that starts at "<UnitTestResult " holds one test whole.
outcomes() {
  find "$1" -name '*.trx' -exec cat {} + | awk -v RS='<UnitTestResult ' '
    function attribute(name,  part) {
      if (!match($0, "(^|[ \t\r\n])" name "=\"[^\"]*\"")) return ""
      part = substr($0, RSTART, RLENGTH); sub(/^[^"]*"/, "", part); sub(/"$/, "", part); return part
    }
    function plain(s) {
      gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&apos;/, "\047", s); gsub(/&#x[0-9A-Fa-f]+;/, " ", s)
      gsub(/&amp;/, "\\&", s); gsub(/[\t\r\n]+/, " ", s); return s
    }
    NR > 1 {
      reason = ""; tag = $0; sub(/>.*/, "", tag)
      if (tag ~ /\/$/) $0 = tag; else sub(/<\/UnitTestResult>.*/, "")
      if (match($0, /<(Message|StdOut)>[^<]*/)) { reason = substr($0, RSTART, RLENGTH); sub(/^<[^>]*>/, "", reason) }
      print attribute("outcome") "\t" plain(attribute("testName")) "\t" plain(reason)
    }'
}

# Every test that did not run, once each, as "name<TAB>reason".
not_run() { cat "$results"/*/outcomes | awk -F'\t' '$1 == "NotExecuted" && !seen[$2]++ { print $2 "\t" $3 }' | sort; }

# run NAME FILTER EMPTY: all test projects once; EMPTY says whether finding no test is a failure ("fails") or said only ("allowed").
run() {
  local folder="$results/$1" code=0 arguments=() p f s
  mkdir -p "$folder"
  [[ -z "$2" ]] || arguments=(--filter "$2")
  dotnet test Haetae.slnx --no-build -c Release --logger trx --results-directory "$folder" "${arguments[@]}" || code=$?
  outcomes "$folder" > "$folder/outcomes"
  p=$(awk -F'\t' '$1 == "Passed"' "$folder/outcomes" | wc -l)
  s=$(awk -F'\t' '$1 == "NotExecuted"' "$folder/outcomes" | wc -l)
  f=$(awk -F'\t' '$1 != "Passed" && $1 != "NotExecuted"' "$folder/outcomes" | wc -l)
  passed=$((passed + p)) failed=$((failed + f)) skipped=$(not_run | wc -l)
  awk -F'\t' '$1 != "Passed" && $1 != "NotExecuted" { print "FAILED: " $2 }' "$folder/outcomes" >&2
  if ((code != 0 && f == 0)); then broken "the $1 run ended with code $code though no test in it failed (a crash, or a project that did not run)"
  elif ((p + f + s == 0)); then
    if [[ "$3" == fails ]]; then broken "the $1 run found no test at all"; else echo "NOTE: the $1 run has no test that matches '$filter'"; fi
  fi
}

step "restore"
dotnet restore Haetae.slnx || { broken "restore"; exit 1; }

step "build (warnings are errors)"
dotnet build Haetae.slnx --no-restore -c Release || { broken "build"; exit 1; }

step "format"
dotnet format Haetae.slnx --no-restore --verify-no-changes || broken "format: run 'dotnet format' and commit what it changes"

step "tests"
run main "$filter" fails

step "hashing and ingest once more, as on a processor without AVX-512"
again="FullyQualifiedName~Hashing|FullyQualifiedName~Ingest"
export DOTNET_EnableAVX512=0
if [[ -z "$filter" ]]; then run no-avx512 "$again" fails; else run no-avx512 "($again)&($filter)" allowed; fi

if ((skipped > 0)); then
  step "SKIPPED: $skipped. These tests did not run, and prove nothing here:"
  not_run | awk -F'\t' '{ print "SKIPPED: " $1 "  --  " ($2 == "" ? "no reason given" : $2) }'
fi
echo

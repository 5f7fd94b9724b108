#!/bin/sh
# A PostgreSQL server for tests, on loopback, in a folder of its own that goes when it stops: postgres.sh BIN PORT, the password on the first line
# of input. It says "ready PID" when it takes connections, and stops when its input ends, which it also does when the tests are killed.
set -eu
bin=$1
port=$2
read -r password
folder=$(mktemp -d /tmp/haetae-postgres.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '%s\n' "$password" > password
"$bin/initdb" -D data -U haetae -A scram-sha-256 --pwfile=password -E UTF8 --locale=C --no-sync > log 2>&1 || { cat log; exit 1; }
rm password
"$bin/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder" \
  -c fsync=off -c synchronous_commit=off -c max_wal_size=2GB > log 2>&1 < /dev/null &
server=$!
tries=0
until "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; do
  tries=$((tries + 1))
  if ! kill -0 "$server" 2> /dev/null || [ "$tries" -gt 1200 ]; then cat log; exit 1; fi
  sleep 0.05
done
echo "ready $server"
read -r _ || true
kill -INT "$server" # fast: whoever is still connected is sent away
wait "$server" || true

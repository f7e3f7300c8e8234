#!/bin/sh
# Makes the secrets that docker-compose.yml hands out, into deploy/secrets. Safe to repeat: what is there stays as it is.
#
# Nobody else on this machine can enter the directory. The files themselves are readable, because each service runs as a
# user of its own that this machine does not know, and compose mounts a file with the mode it has.
set -eu
umask 077
directory="$(cd "$(dirname "$0")" && pwd)/secrets"
mkdir -p "$directory"
chmod 700 "$directory"

# What standard input holds becomes the secret, unless there is one: ln never overwrites.
keep() {
  new="$directory/.$1.$$"
  cat > "$new"
  chmod 444 "$new"
  ln "$new" "$directory/$1" 2>/dev/null || true
  rm -f "$new"
  [ -s "$directory/$1" ] || { echo "make-secrets: $directory/$1 could not be made" >&2; exit 1; }
}

random() {
  head -c 32 /dev/urandom | base64 | tr -d '\n'
}

for name in storage_admin storage_writer storage_reader keys_gateway keys_worker keys_compliance keys_operator keys_retention keys_console keys_respond gateway_receipt respond_command grafana_admin; do
  [ -e "$directory/$name" ] || random | tr '+/' '-_' | tr -d '=' | keep "$name"
done
[ -e "$directory/webhook" ] || { printf 'whsec_'; random; } | keep webhook

# ClickHouse is told its administrator by hash only.
if [ ! -e "$directory/clickhouse_admin.xml" ]; then
  hash="$(sha256sum < "$directory/storage_admin" | cut -d' ' -f1)"
  keep clickhouse_admin.xml << XML
<clickhouse>
  <users>
    <admin>
      <password_sha256_hex>$hash</password_sha256_hex>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <access_management>1</access_management>
    </admin>
  </users>
</clickhouse>
XML
fi
echo "secrets are in $directory"

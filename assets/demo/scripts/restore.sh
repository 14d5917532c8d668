#!/bin/sh
# Puts a backup in place of the database: scripts/restore.sh backups/shop-DAY.db
set -eu
copy=$(realpath "$1")
cd "$(dirname "$0")/.."
test "$(sqlite3 "$copy" 'PRAGMA integrity_check')" = ok
umask 077
cp "$copy" instance/shop.db.new
mv instance/shop.db.new instance/shop.db

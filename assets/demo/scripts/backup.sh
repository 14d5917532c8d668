#!/bin/sh
# Every night from cron: a copy of the database that can be opened.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p backups
copy="backups/shop-$(date -u +%Y-%m-%d).db"
sqlite3 instance/shop.db ".backup '$copy'"
test "$(sqlite3 "$copy" 'PRAGMA integrity_check')" = ok
find backups -name 'shop-*.db' -mtime +30 -delete

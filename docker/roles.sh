#!/bin/sh
# Runs once, when the database is made: one role that owns the tables and changes them, and one for
# the application, which reads and writes rows and nothing else. It may not TRUNCATE, which would
# pass the triggers that keep the history append-only.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
     --set owner_password="$POSTGRES_PASSWORD" --set password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE smarketing_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE smarketing LOGIN PASSWORD :'password';
CREATE DATABASE smarketing OWNER smarketing_owner;
\connect smarketing
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
GRANT USAGE ON SCHEMA public TO smarketing;
GRANT CREATE ON SCHEMA public TO smarketing_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE smarketing_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO smarketing;
ALTER DEFAULT PRIVILEGES FOR ROLE smarketing_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO smarketing;
SQL

-- Connection limits per user, by poolfit 0.1.0 from examples/rolling/poolfit.toml
-- Made by: poolfit emit roles examples/rolling/poolfit.toml
-- Figures: poolfit explain examples/rolling/poolfit.toml auth-db
-- On auth-db, as its administrator. Each user is named after its service or pooler: replace the names with yours.
-- The limit is one role's on one server, over all databases; a standby has the same roles as its primary and counts its own connections.
-- It does not apply to superusers and does not count replication connections. Open connections stay open.
-- A limit is the user's peak in a deploy: it leaves no room for migrations, consoles or half-open sockets. Give migrations and consoles users of their own.
-- The limits add up to 120.
-- At most 120 are open in a deploy, of 176 usable on db.t3.small.

-- auth-api.main: in a deploy
ALTER ROLE "auth-api" CONNECTION LIMIT 120;

-- Open connections per user:
-- SELECT usename, count(*) FROM pg_stat_activity WHERE usename IS NOT NULL GROUP BY 1 ORDER BY 2 DESC;

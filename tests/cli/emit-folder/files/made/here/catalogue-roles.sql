-- Connection limits per user, by poolfit 0.1.0 from examples/mixed/poolfit.toml
-- Made by: poolfit emit roles examples/mixed/poolfit.toml
-- Figures: poolfit explain examples/mixed/poolfit.toml catalogue
-- On catalogue, as its administrator. Each user is named after its service or pooler: replace the names with yours.
-- The limit is one role's on one server, over all databases; a standby has the same roles as its primary and counts its own connections.
-- It does not apply to superusers and does not count replication connections. Open connections stay open.
-- A limit is the user's peak in a deploy: it leaves no room for migrations, consoles or half-open sockets. Give migrations and consoles users of their own.
-- The limits add up to 300, with room for what moves here when another server fails.
-- At most 100 are open in a deploy, and 200 after a failover, of 3,352 usable on db.r5.xlarge.

-- storefront.write, storefront.read-1, storefront.read-2: includes what moves here when another server fails
ALTER ROLE "storefront" CONNECTION LIMIT 300;

-- Open connections per user:
-- SELECT usename, count(*) FROM pg_stat_activity WHERE usename IS NOT NULL GROUP BY 1 ORDER BY 2 DESC;

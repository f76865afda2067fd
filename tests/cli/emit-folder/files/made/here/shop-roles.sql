-- Connection limits per user, by poolfit 0.1.0 from examples/mixed/poolfit.toml
-- Made by: poolfit emit roles examples/mixed/poolfit.toml
-- Figures: poolfit explain examples/mixed/poolfit.toml shop
-- On shop, as its administrator. Each user is named after its service or pooler: replace the names with yours.
-- The limit is one account's on one server, over all databases. It overrides the server's max_user_connections for the account; with 0 the server's value applies.
-- A limit is the user's peak in a deploy: it leaves no room for migrations, consoles or half-open sockets. Give migrations and consoles users of their own.
-- The limits add up to 144.
-- At most 144 are open in a deploy, of 2,586 usable on db.t4g.2xlarge, after the change of class.

-- orders.hikari: in a deploy
ALTER USER `orders`@'%' WITH MAX_USER_CONNECTIONS 144;

-- Open connections per user:
-- SELECT user, count(*) FROM information_schema.processlist GROUP BY 1 ORDER BY 2 DESC;

#include "pains.hpp"

namespace poolfit::lint {
namespace {

constexpr Pain all[] = {
    {"A rollout runs old and new instances side by side, and their pools do not fit",
     "kortix-ai/suna#6722, openfga/helm-charts#293, hypothesis/product-backlog#645",
     "PF001 and PF009; `deploy_peak` of every pool and database"},
    {"Replicas times pool size is more than max_connections", "mdn/mdn-http-observatory#386, Vexa-ai/vexa#610",
     "PF002 and PF003; `allocated` against `usable`"},
    {"Each worker process opens a pool of its own, and 45 connections become 720",
     "IBM/mcp-context-forge#4645, fastapi/full-stack-fastapi-template#1, onyx-dot-app/onyx#12438",
     "PF016; `processes` is a factor of every sum"},
    {"No one counted the instances that autoscaling may start",
     "uberswe/createmod.com#1482, archestra-ai/archestra#7872, cockroachdb/docs#17518",
     "PF017; every sum takes `instances.max`"},
    {"Serverless functions open a pool for each request at once",
     "prisma/web#1537, supabase/supabase#29675, tankpkg/tank#287",
     "PF015 for the size, PF002 for the sum with `instances.max` as the concurrency; a rule of its own comes later",
     true},
    {"The formula of RDS promises more connections than the server gives",
     "mitodl/ol-infrastructure#5427, kirill-markin/flashcards-open-source-app#1657, app-sre/aws-resource-exporter#137",
     "PF301; `max_expected` is a range from the memory that the engine sees, and an observed value overrides it"},
    {"A larger instance was bought for its connections alone",
     "ministryofjustice/cloud-platform-environments#8282, ministryofjustice/analytics-platform-ops#156",
     "the verdict `repool`: pools are sized before a class is; PF102"},
    {"A smaller class also allows fewer connections, and no one checked", "hypothesis/product-backlog#645",
     "every candidate of `plan` is judged by its own `usable`; PF101 names only classes that fit the pools"},
    {"Requests time out waiting for a pool while the database idles",
     "brettwooldridge/HikariCP#1905, n8n-io/terraform-aws-n8n#106, VariantEffect/mavedb-api#680",
     "PF010 by the workload, PF026 if the peak reaches max; PF028 (idle in transaction), PF020 and PF029 (a busy "
     "database) distinguish other causes from a pool that is too small"},
    {"Pools of a thousand connections, just to be sure", "brettwooldridge/HikariCP#1025, porsager/postgres#241",
     "PF102, and PF015 without measurements"},
    {"\"What number do I put there?\"",
     "brianc/node-postgres#2749, brettwooldridge/HikariCP#1314, brettwooldridge/HikariCP#744, cockroachdb/docs#17820, "
     "postgresml/pgcat#869",
     "`poolfit pool`, for one pool without files; `recommended` of every pool with its reason; PF019"},
    {"A formula about the database's cores is fed with the application's", "brettwooldridge/HikariCP#1606",
     "`TOTAL_VCPUS` is the host's and `DB_VCPUS` the server's, and `explain` says which was used; PF022"},
    {"default_pool_size counts for each pair of user and database",
     "pgbouncer/pgbouncer#130, pgbouncer/pgbouncer#103, pgbouncer/pgbouncer#643, pgbouncer/pgbouncer#1475", "PF006"},
    {"The pooler runs out of client connections", "n8n-io/terraform-aws-n8n#106, Kilo-Org/cloud#497", "PF005"},
    {"Prepared statements and session state behind a transaction pooler",
     "MagicStack/asyncpg#198, MagicStack/asyncpg#1050, supabase/supavisor#228", "PF013, for the drivers in use"},
    {"Cron, listeners, workers and migrations take slots that no one counted",
     "bensheldon/good_job#443, bensheldon/good_job#1013, sidekiq/sidekiq#1809",
     "`other_connections` in every sum, and pools of job queues as pools; PF007, PF018"},
    {"A transaction that asks for a second connection locks up a small pool",
     "sequelize/sequelize#10976, pachyderm/pachyderm#9953, spring-attic/spring-authorization-server#1257",
     "PF011, and the size that cannot lock up, T × (C − 1) + 1"},
    {"A standby with a lower limit than its primary does not start",
     "CrunchyData/postgres-operator#2952, alphagov/govuk-puppet#6418, ubicloud/ubicloud#2741",
     "PF030; `plan` moves primaries before replicas, and never a replica below its primary"},
    {"After a failover everything connects to the remaining server",
     "bitnami/charts#22876, hapostgres/pg_auto_failover#450, pgdogdev/pgdog#1488",
     "PF004, PF038; `failover_peak`, `losses`"},
    {"max_connections was raised until memory ran out",
     "canonical/hotsos#564, dimagi/commcare-cloud#2409, bennettoxford/openprescribing#5430",
     "PF008; new connections cost memory in every projection"},
    {"The driver's default is no limit at all", "golang/go#74663, jackc/pgx#839, git-pkgs/proxy#323", "PF012"},
    {"One service takes all connections and locks out the others, and the people who would debug it",
     "uberswe/createmod.com#1482, celo-org/blockscout#616, kortix-ai/suna#5289",
     "PF007; each finding about connections names who else is on the server"},
    {"Credits of a t class run out, or cost more than the class saves",
     "infracost/infracost#3517, elifesciences/builder#903, skyscrapers/charts#174",
     "PF021, PF037; `credits` and their `surplus` are part of a candidate's price"},
    {"A gate that cries at every cent, or lets everything through",
     "infracost/infracost#1153, infracost/infracost#1472, robusta-dev/krr#383, robusta-dev/krr#549, "
     "mivano/azure-cost-cli#295",
     "`check --fail-on`, severities per rule in `[policy.severity]`, `min_savings_per_month` and `min_savings`"},
    {"A recommendation that no one trusts: no reason, no reserved prices, classes the engine does not run on",
     "kubecost/kubecost#2138, amazon-archives/cost-optimization-ec2-right-sizing#14, "
     "flexera-public/policy_templates#1619, flexera-public/policy_templates#3251, infracost/infracost#529, "
     "MicrosoftDocs/azure-docs#110063",
     "`explain` down to each source, `--price ri1` and `ri3`, a reason for every rejected class; reservations left "
     "unused by a move come later",
     true},
};

}  // namespace

std::span<const Pain> pains() { return all; }

}  // namespace poolfit::lint

#include "fixture.hpp"

#include <algorithm>

#include <poolfit/diag/text.hpp>

namespace poolfit::test {

Reported report_text(std::string_view toml, std::vector<Index> only) {
    Reported result{std::make_unique<Planned>(plan_text(toml)), {}};
    report::Composing composing;
    composing.only = std::move(only);
    composing.derive = result.planned->fleet.databases.size() <= report::most_in_full;
    result.report = report::compose(result.planned->fleet, catalog(), std::move(composing));
    return result;
}

const std::string_view agora = R"(schema = "poolfit-inventory/1"
name = "agora"
provider = "aws"
region = "eu-central-1"

[policy]
freeable_memory_min = "4 GiB"

[[host]]
name = "app"
class = "t3.medium"

[[database]]
name = "primary"
engine = "postgresql"
version = "16.8"
class = "db.m5.xlarge"
[database.observed]
cpu_mean = "4-5%"
cpu_peak = "5%"
freeable_memory = "11 GiB"
window = "14 d"

[[database]]
name = "replica"
replica_of = "primary"
engine = "postgresql"
version = "16.8"
class = "db.m5.xlarge"
[database.observed]
cpu_peak = "10-15%"
freeable_memory = "11 GiB"
window = "14 d"

[[service]]
name = "api"
host = "app"
deploy = "recreate"
[[service.pool]]
name = "main"
database = "primary"
max = 10
in_use = "2-3"
[[service.pool]]
name = "reads"
database = "replica"
max = 10
in_use = "2-3"

[[service]]
name = "math-updater"
host = "app"
deploy = "recreate"
[service.vars]
BATCH_SIZE = 6
[[service.pool]]
name = "drizzle"
database = "primary"
max = 10
in_use = "2-3"
[[service.pool]]
name = "pg-boss"
database = "primary"
max = "BATCH_SIZE + 5"
in_use = "4-5"

[[price]]
class = "db.m5.xlarge"
usd_per_month = 306
[[price]]
class = "db.t3.large"
usd_per_month = 123
[[price]]
class = "db.t3.medium"
usd_per_month = 62
)";

const std::string_view over_limit = R"(schema = "poolfit-inventory/1"
name = "small"
region = "eu-north-1"

[[database]]
name = "auth-db"
engine = "postgresql"
class = "db.t2.small"
max_connections = 181
other_connections = 4

[[service]]
name = "auth-api"
instances = { min = 2, max = 10 }
processes = 4
[[service.pool]]
name = "orm"
database = "auth-db"
max = 5
[[service.pool]]
name = "raw"
database = "auth-db"
max = 1
)";

std::string many_pools(int count) {
    std::string text = R"(schema = "poolfit-inventory/1"
name = "many"
region = "us-east-1"
[[database]]
name = "shared"
engine = "postgresql"
version = "16.4"
class = "db.r5.2xlarge"
[database.observed]
cpu_mean = "11%"
cpu_peak = "18-22%"
freeable_memory = "30 GiB"
ebs_throughput = "100-120 Mbps"
iops = "400-900"
network = "1-2 Gbps"
)";
    for (int i = 0; i < count; ++i)
        text += "[[service]]\nname = \"service-" + std::to_string(i) +
                "\"\n[[service.pool]]\nname = \"db\"\ndatabase = \"shared\"\nmax = 4\n" +
                (i % 2 == 0 ? "in_use = \"1\"\n" : "");
    return text;
}

std::string long_names() {
    const std::string database(64, 'd'), service(64, 's'), pool(64, 'p'), pooler(64, 'b');
    return "schema = \"poolfit-inventory/1\"\nname = \"long\"\nregion = \"us-east-1\"\n"
           "[[database]]\nname = \"" +
           database +
           "\"\nengine = \"postgresql\"\nversion = \"17.2\"\n"
           "class = \"db.r6g.16xlarge\"\nmulti_az = true\n"
           "[[pooler]]\nname = \"" +
           pooler + "\"\nkind = \"pgbouncer\"\ndatabase = \"" + database +
           "\"\n"
           "mode = \"transaction\"\n"
           "[[service]]\nname = \"" +
           service +
           "\"\ninstances = 1000000\nprocesses = 10000\n"
           "[[service.pool]]\nname = \"" +
           pool + "\"\ndatabase = \"" + pooler +
           "\"\nmax = 1000000\n"
           "[[service.pool]]\nname = \"direct\"\ndatabase = \"" +
           database + "\"\nmax = 1000000\n";
}

int longest_line(std::string_view text) {
    int longest = 0;
    while (!text.empty()) {
        std::string line(text.substr(0, text.find('\n')));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        for (std::size_t at = line.find('\x1b'); at != std::string::npos; at = line.find('\x1b'))
            line.erase(at, line.find('m', at) - at + 1);
        longest = std::max(longest, diag::width(line));
    }
    return longest;
}

}  // namespace poolfit::test

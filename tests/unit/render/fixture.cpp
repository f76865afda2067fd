#include "fixture.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace poolfit::test {

namespace {

constexpr std::uint32_t lines = 20'000;
constexpr std::string_view line_text = "key = value\n";

std::string source_text() {
    std::string text;
    for (std::uint32_t i = 0; i < lines; ++i) text += line_text;
    return text;
}

}  // namespace

FleetBuilder::FleetBuilder() : source_(std::make_unique<SourceText>("infra/poolfit.toml", source_text())) {
    fleet_.path = "infra/poolfit.toml";
    fleet_.name = {"fixture", next_line()};
}

Place FleetBuilder::next_line() {
    const auto begin = static_cast<std::uint32_t>(line_++ * line_text.size());
    return {source_.get(), {begin, begin + 3}};
}

Database& FleetBuilder::database(std::string name, std::string_view cls, std::string region) {
    Database database;
    database.name = {std::move(name), next_line()};
    database.cls = {std::string(cls), next_line()};
    database.type = catalog_.find_class(cls);
    database.region = {std::move(region), next_line()};
    database.multi_az = {false, {}};
    database.other_connections = {Connections(0), {}};
    database.version = Located<EngineVersion>{{16, 8}, next_line()};
    database.version_text = "16.8";
    fleet_.databases.push_back(std::move(database));
    return fleet_.databases.back();
}

Service& FleetBuilder::service(std::string name, std::int64_t instances, std::int64_t processes) {
    Service service;
    service.name = {std::move(name), next_line()};
    service.instances = {Interval<std::int64_t>(instances), next_line()};
    service.processes = {processes, next_line()};
    service.deploy = Deploy::recreate;
    fleet_.services.push_back(std::move(service));
    return fleet_.services.back();
}

Pool& FleetBuilder::pool(std::string name, Index database, std::string_view max) {
    Pool pool;
    pool.name = {std::move(name), next_line()};
    pool.service = static_cast<Index>(fleet_.services.size() - 1);
    pool.database = database;
    if (!max.empty()) {
        Size size;
        size.formula = std::get<Formula>(formula::parse(max, Formula::Dialect::pool));
        size.place = size.text_place = next_line();
        size.is_formula = !size.formula.is_constant();
        pool.max = std::move(size);
    }
    fleet_.services.back().pools.push_back(static_cast<Index>(fleet_.pools.size()));
    fleet_.pools.push_back(std::move(pool));
    return fleet_.pools.back();
}

Pooler& FleetBuilder::pooler(std::string name, Index database) {
    Pooler pooler;
    pooler.name = {std::move(name), next_line()};
    pooler.database = database;
    pooler.mode = Pooler::Mode::transaction;
    fleet_.poolers.push_back(std::move(pooler));
    return fleet_.poolers.back();
}

void FleetBuilder::observe(Database& database, double mean_low, double mean_high, double peak_low, double peak_high,
                           double freeable_gib) {
    Observed& observed = database.observed;
    if (mean_high > 0)
        observed.cpu_mean = {Interval<Fraction>(Fraction(mean_low), Fraction(mean_high)), next_line()};
    observed.cpu_peak = {Interval<Fraction>(Fraction(peak_low), Fraction(peak_high)), next_line()};
    const Bytes freeable(static_cast<std::int64_t>(freeable_gib * static_cast<double>(bytes_per_gib)));
    observed.freeable_memory = {Interval<Bytes>(freeable), next_line()};
    observed.window = {Days(14), next_line()};
}

void FleetBuilder::use(Pool& pool, double typical, double peak) {
    pool.in_use = {Interval<double>(typical, peak), next_line()};
}

void FleetBuilder::price(std::string cls, std::int64_t usd_per_month) {
    PriceOverride price;
    price.cls = {std::move(cls), next_line()};
    price.amount = {MicroUsdPerMonth(usd_per_month * 1'000'000), next_line()};
    fleet_.prices.push_back(std::move(price));
}

void build_agora(FleetBuilder& builder) {
    builder.observe(builder.database("primary", "db.m5.xlarge"), 0.04, 0.05, 0.05, 0.05, 11);
    Database& replica = builder.database("replica", "db.m5.xlarge");
    replica.replica_of = 0;
    builder.observe(replica, 0, 0, 0.10, 0.15, 11);
    builder.service("api");
    builder.use(builder.pool("main", 0, "10"), 2, 3);
    builder.use(builder.pool("reads", 1, "10"), 2, 3);
    builder.service("math-updater").vars.emplace_back("BATCH_SIZE", Located<double>{6, {}});
    builder.use(builder.pool("drizzle", 0, "10"), 2, 3);
    builder.pool("pg-boss", 0, "BATCH_SIZE + 5");
    builder.use(builder.pool("reads", 1, "10"), 2, 3);
    builder.fleet().policy.freeable_memory_min = {Bytes(4 * bytes_per_gib), {}};
    builder.price("db.m5.xlarge", 306);
    builder.price("db.t3.large", 123);
    builder.price("db.t3.medium", 62);
}

}  // namespace poolfit::test

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <poolfit/platform/platform.hpp>

#include "rows.hpp"

namespace poolfit::platform {
namespace {

constexpr std::array listed{
    &rows::rds_postgresql,
    &rows::rds_mysql,
    &rows::rds_mariadb,
    &rows::aurora_postgresql,
    &rows::aurora_mysql,
    &rows::aurora_serverless_postgresql,
    &rows::aurora_serverless_mysql,
    &rows::cloud_sql_postgresql,
    &rows::cloud_sql_mysql,
    &rows::azure_postgresql,
    &rows::neon_postgresql,
    &rows::aiven_mysql,
    &rows::self_managed_postgresql,
    &rows::self_managed_mysql,
    &rows::self_managed_mariadb,
};

/// By value of the enumeration.
constexpr PriceTermRow term_rows[] = {
    {PriceTerm::list, "list", "on demand", "list\u00A0price"},
    {PriceTerm::one_year, "ri1", "1 year, no upfront", "reserved 1 year, no upfront"},
    {PriceTerm::three_years, "ri3", "3 years, partial upfront (effective)", "reserved 3 years, partial upfront"},
};

constexpr ShareAdvice proxy_share{
    20, 30, Bytes(2 * bytes_per_gib), 0.3,
    "RDS user guide, RDS Proxy, MaxConnectionsPercent: at least 30 on db.t3.small and 20 on larger classes, and 30 % "
    "above the highest recent use"};

constexpr PoolerKind kind_rows[] = {
    // PgBouncer 1.21.0, 2023-10-16: "Add support for protocol-level named prepared statements".
    {Pooler::Kind::pgbouncer, "pgbouncer", "PgBouncer", "PgBouncers", "1.21"},
    {Pooler::Kind::proxy,
     "rds-proxy",
     "RDS Proxy",
     "RDS Proxies",
     {},
     {2, 8, "AWS states a minimum of 2 vCPUs, or of 8 ACU on Serverless v2; not verified on a bill"},
     &proxy_share},
};

std::vector<std::string_view> each_once(std::string_view Platform::*field) {
    std::vector<std::string_view> texts;
    for (const Platform* row : listed)
        if (std::ranges::find(texts, row->*field) == texts.end()) texts.push_back(row->*field);
    return texts;
}

}  // namespace

std::span<const Platform* const> all() { return listed; }

const Platform* find(std::string_view provider, std::string_view engine) {
    const auto at = std::ranges::find_if(listed, [&](const Platform* row) {
        return row->provider == provider && row->engine == engine && !row->elastic;
    });
    if (at != listed.end()) return *at;
    const auto elastic = std::ranges::find_if(
        listed, [&](const Platform* row) { return row->provider == provider && row->engine == engine; });
    return elastic == listed.end() ? nullptr : *elastic;
}

const Platform* by_id(std::string_view id) {
    const auto at = std::ranges::find(listed, id, &Platform::id);
    return at == listed.end() ? nullptr : *at;
}

const Platform* elastic_of(const Platform& platform) {
    const auto at = std::ranges::find_if(listed, [&](const Platform* row) {
        return row->provider == platform.provider && row->engine == platform.engine && row->elastic;
    });
    return at == listed.end() ? nullptr : *at;
}

const Platform* with_classes(const Platform& elastic) {
    const Platform* found = find(elastic.provider, elastic.engine);
    return found->has_classes ? found : nullptr;
}

bool is_elastic_class(std::string_view name) {
    return std::ranges::any_of(listed,
                               [&](const Platform* row) { return row->elastic && row->elastic->class_name == name; });
}

std::size_t index_of(const Platform& platform) {
    return static_cast<std::size_t>(std::ranges::find(listed, &platform) - listed.begin());
}

std::vector<std::string_view> providers() { return each_once(&Platform::provider); }
std::vector<std::string_view> engines() { return each_once(&Platform::engine); }

bool is_provider(std::string_view name) { return std::ranges::find(listed, name, &Platform::provider) != listed.end(); }
bool is_engine(std::string_view name) { return std::ranges::find(listed, name, &Platform::engine) != listed.end(); }

std::vector<std::string_view> engines_of(std::string_view provider) {
    std::vector<std::string_view> found;
    for (const std::string_view engine : engines())
        if (find(provider, engine) != nullptr) found.push_back(engine);
    return found;
}

const Connector* connector(std::string_view word) {
    for (const Platform* row : listed)
        if (row->connector != nullptr && row->connector->word == word) return row->connector;
    return nullptr;
}

std::vector<std::string_view> connectors() {
    std::vector<std::string_view> words;
    for (const Platform* row : listed)
        if (row->connector != nullptr && std::ranges::find(words, row->connector->word) == words.end())
            words.push_back(row->connector->word);
    return words;
}

std::string_view provider_meant(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> meant[] = {{"google", "gcp"},
                                                                       {"googlecloud", "gcp"},
                                                                       {"google-cloud", "gcp"},
                                                                       {"cloudsql", "gcp"},
                                                                       {"cloud-sql", "gcp"},
                                                                       {"azurerm", "azure"},
                                                                       {"microsoft", "azure"},
                                                                       {"amazon", "aws"},
                                                                       {"rds", "aws"},
                                                                       {"aurora", "aws"},
                                                                       {"neondb", "neon"},
                                                                       {"self-hosted", own_provider},
                                                                       {"selfmanaged", own_provider},
                                                                       {"on-premises", own_provider},
                                                                       {"on-premise", own_provider},
                                                                       {"on-prem", own_provider},
                                                                       {"onprem", own_provider},
                                                                       {"bare-metal", own_provider},
                                                                       {"none", own_provider}};
    const auto at = std::ranges::find(meant, name, &std::pair<std::string_view, std::string_view>::first);
    return at == std::end(meant) ? std::string_view() : at->second;
}

std::string_view engine_meant(std::string_view name) {
    const auto at = std::ranges::find_if(
        listed, [&](const Platform* row) { return std::ranges::find(row->spellings, name) != row->spellings.end(); });
    return at == listed.end() ? std::string_view() : (*at)->engine;
}

std::string_view engine_spoken(std::string_view name) {
    const auto begins = [&](std::string_view product) { return name.starts_with(product); };
    const auto at =
        std::ranges::find_if(listed, [&](const Platform* row) { return std::ranges::any_of(row->compatible, begins); });
    return at == listed.end() ? std::string_view() : (*at)->engine;
}

std::string_view class_prefix(std::string_view name) {
    for (const Platform* row : listed)
        if (!row->class_prefix.empty() && name.starts_with(row->class_prefix)) return row->class_prefix;
    return {};
}

const Platform& usual() { return *listed.front(); }

const PriceTermRow& term(PriceTerm term) { return term_rows[static_cast<std::size_t>(term)]; }
std::span<const PriceTermRow> terms() { return term_rows; }

std::span<const PoolerKind> pooler_kinds() { return kind_rows; }
const PoolerKind& pooler_kind(Pooler::Kind kind) { return kind_rows[static_cast<std::size_t>(kind)]; }

std::int64_t least_share(Pooler::Kind kind, const InstanceClass& cls) {
    const ShareAdvice* advice = pooler_kind(kind).share;
    if (advice == nullptr) return 0;
    return cls.unknown || cls.memory > advice->small ? advice->least : advice->least_on_small;
}

bool takes(const Platform& platform, Pooler::Kind kind) {
    return std::ranges::find(platform.poolers, kind) != platform.poolers.end();
}

const Deployment& deployment(const Platform& platform, bool multi_az) {
    return platform.deployments[multi_az && platform.deployments.size() > 1 ? 1 : 0];
}

}  // namespace poolfit::platform

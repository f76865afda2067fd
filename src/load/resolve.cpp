// Names of an inventory: each is unique, and each reference has its record.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "drafts.hpp"

namespace poolfit::load {
namespace {

void report_twice(Context& context, Place again, Place first, std::string_view what, std::string_view name,
                  std::string fix = "give it another name") {
    auto& made = context.out.error(again, fmt::format("{} {} is given twice", what, quote(name)), std::move(fix));
    made.label = "again";
    context.note(made, "first", first);
}

/// Name → index; a second record of a name is an error.
template <class Draft>
Names index_names(Context& context, const std::vector<Draft>& drafts, std::string_view what) {
    Names names;
    names.index.reserve(drafts.size());
    names.ordered.reserve(drafts.size());
    for (Index i = 0; i < drafts.size(); ++i) {
        const auto& name = drafts[i].out.name;
        if (name->empty()) {
            names.whole = false;
            continue;
        }
        const auto [at, fresh] = names.index.emplace(*name, i);
        if (fresh)
            names.ordered.push_back(*name);
        else
            report_twice(context, name.place, drafts[at->second].out.name.place, what, *name);
    }
    return names;
}

/// Poolers and aliases, and a pooler's own name where it has one alias. Two of a name are an error.
Names index_poolers(Context& context, const Draft& draft) {
    index_names(context, draft.processes, "pooler");
    Names names;
    for (Index i = 0; i < draft.poolers.size(); ++i) {
        const auto& pooler = draft.poolers[i].out;
        if (pooler.name->empty()) {
            names.whole = false;
            continue;
        }
        const auto [at, fresh] = names.index.emplace(*pooler.name, i);
        if (fresh) {
            names.ordered.push_back(*pooler.name);
            continue;
        }
        const auto& first = draft.poolers[at->second].out;  // two poolers of one name were reported before
        if (pooler.process && pooler.process == first.process)
            report_twice(context, pooler.name.place, first.name.place, "alias", *pooler.name);
    }
    for (const auto& process : draft.processes)
        if (process.has_aliases && process.count == 1)
            names.index.emplace(*process.out.name, static_cast<Index>(process.first));
    return names;
}

void check_provider(Context& context, const Maybe<std::string>& provider) {
    if (!provider || platform::is_provider(provider->value)) return;
    const auto known = platform::providers();
    std::string written = provider->value;
    std::ranges::transform(written, written.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    std::string_view near = platform::provider_meant(written);
    if (near.empty()) near = context.suggester.nearest(written, known);
    auto& made = context.out.error(
        provider->place, fmt::format("provider: unknown provider {}", quote(provider->value)),
        context.assign("provider", fmt::format("\"{}\"", near.empty() ? platform::usual_provider : near)));
    if (!near.empty()) made.label = fmt::format("did you mean {}?", near);
    made.notes.emplace_back("allowed", join(known));
}

void check_prices(Context& context, const Draft& draft) {
    std::unordered_map<std::string, Place> seen;
    for (const auto& price : draft.prices) {
        if (price.cls->empty() || context.exhausted()) continue;
        if (find_class(context.catalog, nullptr, *price.cls) == nullptr) {
            report_unknown_class(context, price.cls);
            continue;
        }
        const auto key = fmt::format("{} {} {} {}", *price.cls, static_cast<int>(price.term), price.multi_az,
                                     price.platform != nullptr ? price.platform->id : "");
        const auto [at, fresh] = seen.emplace(key, price.cls.place);
        if (!fresh)
            report_twice(context, price.cls.place, at->second, "the price of", *price.cls, "remove one of the two");
    }
}

}  // namespace

namespace {

/// Engines that are near in letters to one that is supported, or near to nothing: what is meant is no slip.
constexpr std::string_view other_engines[] = {
    "oracle", "sqlserver", "sql-server", "mssql",     "db2",        "sqlite",  "mongo",     "docdb",    "documentdb",
    "redis",  "valkey",    "memcache",   "dynamodb",  "cassandra",  "neptune", "cockroach", "yugabyte", "tidb",
    "vitess", "planet",    "redshift",   "snowflake", "clickhouse", "custom",  "duckdb",    "elastic",  "opensearch",
};

}  // namespace

void report_dangling(Context& context, std::string_view key, const Located<std::string>& reference,
                     std::string_view what, const std::vector<std::string_view>& names, bool whole) {
    if (!whole) return;
    auto& made = context.out.error(reference.place, fmt::format("{}: no {} named {}", key, what, quote(*reference)));
    if (!context.kept()) return;
    const auto near = context.suggester.nearest(*reference, names);
    if (!near.empty()) {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = context.assign(key, fmt::format("\"{}\"", near));
    } else if (names.empty()) {
        made.fix = fmt::format("declare one, or remove {}", key);
    } else {
        made.fix = context.assign(key, fmt::format("\"{}\"", names.front()));
    }
    std::vector<std::string_view> known(
        names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(names.size(), 9)));
    if (known.size() > 8) {
        known.resize(8);
        known.push_back("…");
    }
    if (!known.empty()) made.notes.emplace_back("declared", join(known));
}

namespace {

/// The first whose classes begin as this one does.
const Platform& platform_like(std::string_view cls) {
    for (const Platform* each : platform::all())
        if (!each->class_prefix.empty() && cls.starts_with(each->class_prefix)) return *each;
    return platform::usual();
}

std::string_view size_of(std::string_view cls) { return cls.substr(cls.rfind('.') + 1); }

}  // namespace

const InstanceClass* find_class(const Catalog& catalog, const Platform* platform, std::string_view name) {
    if (platform != nullptr) return catalog.find_class(*platform, name);
    for (const Platform* each : platform::all())
        if (const auto* cls = catalog.find_class(*each, name)) return cls;
    return nullptr;
}

void report_unknown_class(Context& context, const Located<std::string>& cls, const Platform* platform, bool in_use) {
    std::string message = fmt::format("class: {} is not in the catalog", quote(*cls));
    auto& made =
        in_use ? context.out.error(cls.place, std::move(message)) : context.out.warning(cls.place, std::move(message));
    const Platform& of = platform != nullptr ? *platform : platform_like(*cls);
    for (const Platform* each : platform::all()) {
        const auto parsed = each->custom != nullptr ? each->custom->parse(*cls) : std::nullopt;
        const auto* wrong = parsed ? std::get_if<CustomClasses::Wrong>(&*parsed) : nullptr;
        if (wrong == nullptr || (platform != nullptr && each != platform)) continue;
        made.message = fmt::format("class: {} {}", quote(*cls), wrong->text);
        made.fix = context.assign("class", fmt::format("\"{}\"", wrong->nearest));
        return;
    }
    if (platform != nullptr)
        for (const Platform* each : platform::all())
            if (each->provider != of.provider && context.catalog.find_class(*each, *cls) != nullptr) {
                made.message = fmt::format("class: {} is not a class of {}", quote(*cls), of.provider);
                made.label = fmt::format("a class of {}", each->provider);
                made.fix = context.assign("provider", fmt::format("\"{}\"", each->provider));
                return;
            }
    const std::string prefixed = std::string(of.class_prefix) + *cls;
    if (context.catalog.find_class(of, prefixed) != nullptr) {
        made.label = fmt::format("database classes start with {}", of.class_prefix);
        made.fix = context.assign("class", fmt::format("\"{}\"", prefixed));
        return;
    }
    // Terraform writes the tier before the name: "GP_Standard_D4ds_v5".
    const auto at = of.class_prefix.empty() ? cls->npos : cls->find(of.class_prefix);
    if (at != cls->npos && at > 0 && context.catalog.find_class(of, cls->substr(at)) != nullptr) {
        made.label = fmt::format("database classes start with {}", of.class_prefix);
        made.fix = context.assign("class", fmt::format("\"{}\"", cls->substr(at)));
        return;
    }
    std::vector<std::string_view> known;
    for (const auto* row : context.catalog.classes(of)) known.push_back(row->name);
    auto near = context.suggester.nearest(*cls, known);
    const bool is_like_one = cls->find('.') != cls->npos || cls->starts_with(of.class_prefix);
    if (near.empty() && is_like_one && !cls->starts_with(of.class_prefix))
        near = context.suggester.nearest(prefixed, known);
    if (!near.empty()) {
        const std::string fix = context.assign("class", fmt::format("\"{}\"", near));
        made.label = fmt::format("did you mean {}?", near);
        // A size that there is, of another family, may be no slip.
        made.fix = size_of(near) == size_of(*cls) ? fix + ", or add yours with --catalog" : fix;
    } else if (cls->starts_with(of.class_prefix) && size_of(*cls) != cls->substr(of.class_prefix.size())) {
        made.fix = "use a class from the catalog, or add yours with --catalog";
    } else {
        made.fix = "write vcpus, memory and max_connections instead: what is of no class is planned without prices";
    }
    made.notes.emplace_back("all", of.provider == platform::usual_provider
                                       ? std::string("poolfit catalog list")
                                       : fmt::format("poolfit catalog list --provider {}", of.provider));
}

const Platform* platform_of_price(Context& context, const Maybe<std::string>& engine, std::string_view cls) {
    if (!engine) return nullptr;
    if (!platform::is_engine(engine->value)) {
        report_unknown_engine(context, *engine);
        return nullptr;
    }
    for (const Platform* each : platform::all())
        if (each->engine == engine->value && each->has_classes && cls.starts_with(each->class_prefix)) return each;
    return nullptr;
}

void report_unknown_engine(Context& context, const Located<std::string>& engine) {
    const auto known = platform::engines();
    auto& made = context.out.error(engine.place, fmt::format("engine: {} is not supported", quote(*engine)));
    made.notes.emplace_back("supported", join(known));
    std::string written(*engine);
    std::ranges::transform(written, written.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (const std::string_view meant = platform::engine_meant(written); !meant.empty()) {
        made.label = fmt::format("did you mean {}?", meant);
        made.fix = context.assign("engine", fmt::format("\"{}\"", meant));
        return;
    }
    if (const std::string_view spoken = platform::engine_spoken(written); !spoken.empty()) {
        made.fix = fmt::format(
            "plan its connections as a self-managed server: {}, with vcpus, memory and "
            "max_connections instead of class",
            context.assign("engine", fmt::format("\"{}\"", spoken)));
        return;
    }
    std::vector<std::string_view> kinds;  // of "aurora"
    std::ranges::copy_if(known, std::back_inserter(kinds),
                         [&](std::string_view name) { return name.starts_with(written + '-'); });
    if (kinds.size() > 1) {
        made.label = fmt::format("did you mean {}?", fmt::join(kinds, " or "));
        made.fix = context.assign("engine", fmt::format("\"{}\"", fmt::join(kinds, "\" or \"")));
        return;
    }
    const bool other = std::ranges::any_of(
        other_engines, [&](std::string_view name) { return std::string_view(written).starts_with(name); });
    if (const auto near = other ? std::string_view() : context.suggester.nearest(written, known); !near.empty()) {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = context.assign("engine", fmt::format("\"{}\"", near));
        return;
    }
    made.fix = "leave this database and the pools on it out";
}

void check_region(Context& context, const Maybe<std::string>& region, const Platform* platform, bool priced) {
    if (!region) return;
    const auto all = context.catalog.regions();
    const auto is_of = [&](const Platform* each) {
        return each->is_region != nullptr && each->is_region(region->value);
    };
    const bool known = std::ranges::find(all, region->value) != all.end();
    if (platform != nullptr ? is_of(platform) : known || std::ranges::any_of(platform::all(), is_of)) {
        if (known || priced) return;
        context.out.warning(region->place, fmt::format("region: the catalog has no prices in {}", quote(region->value)),
                            "add [[price]] with class and usd_per_month for each class, or --catalog: without "
                            "prices, none is compared there");
        return;
    }
    const std::vector<std::string_view> regions =
        platform != nullptr ? context.catalog.regions(*platform) : std::vector(all.begin(), all.end());
    const auto near = context.suggester.nearest(region->value, regions);
    const Platform& of = platform != nullptr ? *platform : platform::usual();
    const bool elsewhere = platform != nullptr && std::ranges::any_of(platform::all(), is_of);
    auto& made = context.out.error(
        region->place, elsewhere ? fmt::format("region: {} is not a region of {}", quote(region->value), of.provider)
                                 : fmt::format("region: {} is not a region in the catalog", quote(region->value)));
    if (near.empty()) {
        made.fix = context.assign("region", fmt::format("\"{}\"", of.region_example));
        made.notes.emplace_back("regions", join({regions.begin(), regions.end()}));
    } else {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = context.assign("region", fmt::format("\"{}\"", near));
    }
}

namespace {

/// Only where there are prices by region; elsewhere a region is a word.
void check_regions(Context& context, const Draft& draft, const Fleet& fleet) {
    const auto may_be = [](const Platform* platform) {
        return platform == nullptr || platform::has_regions(*platform);
    };
    for (Index i = 0; i < fleet.databases.size() && !context.exhausted(); ++i)
        if (may_be(fleet.databases[i].platform))
            check_region(context, draft.databases[i].region, fleet.databases[i].platform);
    if (!draft.region) return;
    // The inventory's region, of each provider that a database without its own is on.
    std::vector<std::string_view> checked;
    bool any = false, unknown = fleet.databases.empty();
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        const auto* platform = fleet.databases[i].platform;
        any = any || may_be(platform);
        if (platform == nullptr) unknown = true;
        if (platform == nullptr || !platform::has_regions(*platform)) continue;
        if (draft.databases[i].has_region || draft.databases[i].has_replica_of) continue;
        if (std::ranges::find(checked, platform->provider) != checked.end()) continue;
        checked.push_back(platform->provider);
        if (const auto& usual = draft.provider;
            platform->provider != (usual ? std::string_view(usual->value) : platform::usual_provider) &&
            !platform->is_region(draft.region->value) &&
            std::ranges::any_of(platform::all(), [&](const Platform* each) {
                return each->is_region != nullptr && each->is_region(draft.region->value);
            })) {
            const Database& database = fleet.databases[i];
            auto& made = context.out.error(
                database.place,
                fmt::format("{} {} has no region: {}, the inventory's, is not one of {}",
                            context.header("[[database]]"), quote(*database.name), quote(draft.region->value),
                            platform->provider),
                context.assign("region", fmt::format("\"{}\"", platform->region_example)) + ", in this database");
            context.note(made, "region", draft.region->place);
            continue;
        }
        check_region(context, draft.region, platform);
    }
    if (checked.empty() && (any || unknown)) check_region(context, draft.region);
}

}  // namespace

Fleet resolve(Context& context, Draft draft) {
    Fleet fleet;
    if (draft.name) fleet.name = *draft.name;
    fleet.policy = std::move(draft.policy);
    fleet.prices = draft.prices;
    fleet.growth = draft.growth;
    fleet.ignores = std::move(draft.ignores);

    const auto hosts = index_names(context, draft.hosts, "host");
    const auto databases = index_names(context, draft.databases, "database");
    const auto poolers = index_poolers(context, draft);
    index_names(context, draft.services, "service");
    for (const auto& pooler : draft.processes) {
        // A pool names either as its database.
        if (const auto at = databases.find(*pooler.out.name))
            report_twice(context, pooler.out.name.place, draft.databases[*at].out.name.place, "database",
                         *pooler.out.name);
    }
    for (const auto& service : draft.services) {
        if (service.pools.size() > 1) index_names(context, service.pools, "pool");
        if (context.exhausted()) break;
    }

    check_provider(context, draft.provider);
    for (const auto& host : draft.hosts) check_provider(context, host.provider);
    for (const auto& database : draft.databases) check_provider(context, database.provider);
    resolve_hosts(context, draft, fleet);
    resolve_databases(context, draft, databases, poolers, fleet);
    check_regions(context, draft, fleet);
    resolve_poolers(context, draft, databases, poolers, fleet);
    resolve_services(context, draft, hosts, databases, poolers, fleet);
    resolve_pairs(context, fleet);
    check_prices(context, draft);
    resolve_commitments(context, draft, fleet);
    if (!context.exhausted()) resolve_sizes(context, draft, fleet);
    ignore_sizes(context, fleet);
    return fleet;
}

}  // namespace poolfit::load

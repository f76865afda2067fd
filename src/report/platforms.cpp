#include <poolfit/report/platforms.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace poolfit::report {
namespace {

KnownPlatform::Limit limit_of(const Catalog& catalog, const Platform& platform) {
    using Limit = KnownPlatform::Limit;
    if (platform.elastic) return Limit::by_capacity;
    if (catalog.max_connections_formula(platform)) return Limit::formula;
    const auto classes = catalog.classes(platform);
    if (catalog.limit_by_memory(platform, Bytes(64 * bytes_per_gib))) return Limit::by_memory;
    if (std::ranges::any_of(classes, [&](const InstanceClass* cls) { return cls->limit.has_value(); }))
        return Limit::by_class;
    return platform.limit.untouched > 0 ? Limit::engine : Limit::unknown;
}

Interval<Connections> reserved(const Catalog& catalog, const Platform& platform, const std::vector<LifeCycle>& series) {
    const auto of = [&](std::optional<EngineVersion> version) {
        std::int64_t slots = 0;
        for (const ReservedSlots& kept : catalog.reserved_slots(platform, version)) slots += kept.slots;
        return Connections(slots);
    };
    Interval<Connections> range(of({}));
    for (const LifeCycle& cycle : series) {
        const Connections slots = of(EngineVersion{cycle.series, 0});
        range = {std::min(range.low, slots), std::max(range.high, slots)};
    }
    return range;
}

/// The day of "2023-03-10..2026-09-24" that is the newest.
std::string_view newest(std::string_view dates) {
    constexpr std::string_view to = "..";
    const auto at = dates.rfind(to);
    return at == dates.npos ? dates : dates.substr(at + to.size());
}

/// The date of the newest price on demand in the region; empty where there is none.
std::string priced(const Catalog& catalog, const Platform& platform, std::string_view region) {
    if (!platform.elastic) return std::string(newest(catalog.prices_as_of(platform, region)));
    const auto price = catalog.capacity_price(platform, region);
    return price ? std::string(price->row.as_of) : std::string();
}

bool has_storage_price(const Catalog& catalog, const Platform& platform, std::string_view region) {
    return platform.volumes != nullptr && std::ranges::any_of(platform.volumes->kinds, [&](const VolumeKind* kind) {
               return catalog.storage_price(platform, region, kind->name, false) ||
                      catalog.storage_price(platform, region, kind->name, true);
           });
}

KnownPlatform known(const Catalog& catalog, const Platform& platform) {
    KnownPlatform known;
    known.platform = &platform;
    const auto classes = catalog.classes(platform);
    known.classes = classes.size();
    known.limit = limit_of(catalog, platform);
    const std::vector<LifeCycle> series = catalog.life_cycles(platform);
    known.reserved = reserved(catalog, platform, series);
    known.series = series.size();
    known.volume_kinds = platform.volumes == nullptr ? 0 : platform.volumes->kinds.size();
    known.charged = std::ranges::any_of(series, [](const LifeCycle& cycle) { return cycle.charged_from.has_value(); });
    for (const std::string_view region : catalog.regions()) {
        if (std::string date = priced(catalog, platform, region); !date.empty()) {
            ++known.regions;
            known.newest = std::max(known.newest, std::move(date));
        }
        if (catalog.support_price(platform, region)) ++known.support_regions;
        if (has_storage_price(catalog, platform, region)) ++known.storage_regions;
    }
    // Of several kinds the newest generation counts: it is what is for sale.
    int generation = -1;
    for (const InstanceClass* cls : classes) {
        if (!cls->burst || !platform.overrun || cls->generation < generation) continue;
        generation = cls->generation;
        known.burst = platform.overrun(*cls);
    }
    return known;
}

}  // namespace

std::vector<KnownPlatform> known_platforms(const Catalog& catalog) {
    std::vector<KnownPlatform> all;
    for (const Platform* platform : platform::all()) all.push_back(known(catalog, *platform));
    return all;
}

}  // namespace poolfit::report

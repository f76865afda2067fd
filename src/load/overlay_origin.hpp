// What the records of prices in a catalog file share: engine, region, date and source, and prices by class.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "overlay_parts.hpp"
#include "values.hpp"

namespace poolfit::load {

/// What every such record has.
struct Origin {
    Maybe<std::string> engine, written_region;
    std::string region, as_of, source;
    bool any_region = false;  ///< whether the word is a region depends on the engine
};

void read_region(Context& c, const Entry& e, Origin& d);
void read_engine(Context& c, const Entry& e, Origin& d);
void read_date(Context& c, const Entry& e, Origin& d);
void read_source(Context& c, const Entry& e, Origin& d);
/// A price in dollars, as nano-USD.
std::int64_t nano(Context& c, const Entry& e);

/// The row of the engine whose classes, or whose capacity, have a price.
const Platform* platform_with(Context& c, const Maybe<std::string>& engine, bool elastic);
/// The row of the engine whose classes are named as these are: "db.m5.large" is RDS's, "db-custom-2-7680" Cloud SQL's.
const Platform* platform_of(Context& c, const Maybe<std::string>& engine,
                            const std::vector<Located<std::string>>& classes);
/// An error where the region is another provider's.
void check_own_region(Context& c, const Maybe<std::string>& region, const Platform* platform);
/// The first engine whose row has this, as a key's value.
template <class Has>
std::string engine_with(const Has& has) {
    const auto at = std::ranges::find_if(platform::all(), [&](const Platform* each) { return has(*each); });
    return at == platform::all().end() ? std::string() : fmt::format("\"{}\"", (*at)->engine);
}
/// The row of the engine that has what is priced, on the provider whose region it is; else an error, which says what
/// the engine lacks.
template <class Has>
const Platform* platform_having(Context& c, const Maybe<std::string>& engine, std::string_view lack, const Has& has,
                                const Maybe<std::string>& region = {}) {
    if (!engine) return nullptr;
    const Platform* first = nullptr;
    for (const Platform* each : platform::all()) {
        if (each->engine != engine->value || !has(*each)) continue;
        if (region && each->is_region != nullptr && each->is_region(region->value)) return each;
        if (first == nullptr) first = each;
    }
    if (first != nullptr) {
        check_own_region(c, region, first);
        return first;
    }
    if (!platform::is_engine(engine->value))
        report_unknown_engine(c, *engine);
    else
        c.out.error(engine->place, fmt::format("engine: {} has no {}", quote(**engine), lack),
                    c.assign("engine", engine_with(has)));
    return nullptr;
}

struct PriceColumn {
    std::string_view name;
    bool multi_az;
    PriceTerm term;
};
/// Prices of classes, each with some of the columns.
void read_class_prices(Context& c, const Entry& e, std::span<const PriceColumn> columns, std::string_view example,
                       std::vector<catalog::OverlayRate>& rates);

template <class Draft>
constexpr std::array<Field<Draft>, 4> origin_of(bool region_required) {
    return {Field<Draft>{"engine", R"("postgresql")", true,
                         [](Context& c, const Entry& e, Draft& d) { read_engine(c, e, d); }},
            Field<Draft>{"region", R"("eu-central-1")", region_required,
                         [](Context& c, const Entry& e, Draft& d) { read_region(c, e, d); }},
            Field<Draft>{"as_of", R"("2026-08-01")", true,
                         [](Context& c, const Entry& e, Draft& d) { read_date(c, e, d); }},
            Field<Draft>{"source", R"("the provider's price list")", true,
                         [](Context& c, const Entry& e, Draft& d) { read_source(c, e, d); }}};
}
template <class Draft, std::size_t N>
constexpr auto with_origin(const std::array<Field<Draft>, N>& own, bool region_required = true) {
    std::array<Field<Draft>, N + 4> all{};
    std::ranges::copy(origin_of<Draft>(region_required), all.begin());
    std::ranges::copy(own, all.begin() + 4);
    return all;
}

}  // namespace poolfit::load

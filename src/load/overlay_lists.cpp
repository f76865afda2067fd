// The records of a catalog file that `catalog import` writes: price lists, prices of capacity and of Extended Support,
// and which versions run on which class.
#include <algorithm>
#include <array>
#include <cmath>

#include <poolfit/unit/print.hpp>

#include "drafts.hpp"
#include "overlay_parts.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view list_header = "[[price_list]]";
constexpr std::string_view capacity_header = "[[capacity_price]]";
constexpr std::string_view support_header = "[[extended_support_price]]";
constexpr std::string_view orderable_header = "[[orderable]]";
constexpr Bounds<double> hourly{0, 1e6, true};

/// What every such record has.
struct Origin {
    Maybe<std::string> engine;
    std::string region, as_of, source;
};

void read_region(C& c, const E& e, Origin& d) {
    const auto found = text(c, e);
    if (!found) return;
    d.region = found->value;
    check_region(c, found);
}
void read_engine(C& c, const E& e, Origin& d) { d.engine = text(c, e); }
void read_date(C& c, const E& e, Origin& d) {
    if (const auto found = date(c, e)) d.as_of = unit::print(found->value);
}
void read_source(C& c, const E& e, Origin& d) {
    if (const auto found = text(c, e)) d.source = found->value;
}
std::int64_t nano(C& c, const E& e) {
    const auto found = number(c, e, hourly);
    return found ? std::max(static_cast<std::int64_t>(std::llround(found->value * 1e9)), std::int64_t{1}) : 0;
}

/// The row of the engine whose classes, or whose capacity, have a price.
const Platform* platform_with(C& c, const Maybe<std::string>& engine, bool elastic) {
    if (!engine) return nullptr;
    for (const Platform* each : platform::all())
        if (each->engine == engine->value && (elastic ? each->elastic != nullptr : each->has_classes)) return each;
    const auto known = platform::engines();
    if (std::ranges::find(known, engine->value) == known.end())
        report_unknown_engine(c, *engine);
    else
        c.out.error(engine->place, fmt::format("engine: {} has no capacity that follows the load", quote(**engine)),
                    c.assign("engine", "\"aurora-postgresql\""));
    return nullptr;
}

/// The row of the engine whose classes are named as these are: "db.m5.large" is RDS's, "db-custom-2-7680" Cloud SQL's.
const Platform* platform_of(C& c, const Maybe<std::string>& engine, const std::vector<Located<std::string>>& classes) {
    const Located<std::string>* first = nullptr;
    std::string_view prefix;
    for (const auto& cls : classes) {
        const std::string_view its = platform::class_prefix(*cls);
        if (its.empty()) continue;
        if (first == nullptr) {
            first = &cls, prefix = its;
        } else if (its != prefix) {
            auto& made = c.out.error(cls.place, fmt::format("{} is of another provider than {}", *cls, **first),
                                     "give each provider's classes a record of their own");
            c.note(made, "first", first->place);
            return nullptr;
        }
    }
    const auto known = platform::engines();
    if (first == nullptr || !engine || std::ranges::find(known, engine->value) == known.end())
        return platform_with(c, engine, false);
    for (const Platform* each : platform::all())
        if (each->engine == engine->value && each->has_classes && each->class_prefix == prefix) return each;
    std::vector<std::string_view> engines;
    for (const Platform* each : platform::all())
        if (each->has_classes && each->class_prefix == prefix) engines.push_back(each->engine);
    c.out
        .error(engine->place, fmt::format("engine: no {} runs on classes such as {}", quote(**engine), **first),
               "write an engine that does, or the classes of this one")
        .notes.emplace_back("engines", join(engines));
    return nullptr;
}

struct Column {
    std::string_view name;
    bool multi_az;
    PriceTerm term;
};
constexpr std::array<Column, 6> columns{{{"list", false, PriceTerm::list},
                                         {"ri1", false, PriceTerm::one_year},
                                         {"ri3", false, PriceTerm::three_years},
                                         {"multi_az_list", true, PriceTerm::list},
                                         {"multi_az_ri1", true, PriceTerm::one_year},
                                         {"multi_az_ri3", true, PriceTerm::three_years}}};

struct ListDraft : Origin {
    std::vector<catalog::OverlayRate> rates;
};

void read_class(C& c, const Member& cls, ListDraft& d) {
    if (platform::class_prefix(cls.key).empty()) {
        const std::string prefix(platform::usual().class_prefix);
        c.out.error(
            cls.key_place,
            fmt::format("usd_per_hour: database classes start with {}, but {} does not", prefix, quote(cls.key)),
            fmt::format("write \"{}{}\"", prefix, clip(cls.key)));
        return;
    }
    const auto* prices = cls.value.as<Table>();
    if (prices == nullptr) {
        expected(c, {cls, R"({ list = 0.178 })"}, cls.value, "prices by term");
        return;
    }
    for (const Member& price : prices->members) {
        const auto at = std::ranges::find(columns, price.key, &Column::name);
        if (at == columns.end()) {
            std::vector<std::string_view> names;
            for (const Column& column : columns) names.push_back(column.name);
            const std::string_view near = c.suggester.nearest(price.key, names);
            c.out
                .error(price.key_place, fmt::format("{} has no price called {}", clip(cls.key), quote(price.key)),
                       near.empty() ? "remove it" : fmt::format("did you mean {}?", near))
                .notes.emplace_back("prices", join(names));
            continue;
        }
        d.rates.push_back({cls.key, at->multi_az, at->term, nano(c, {price, "0.178"}), price.key_place});
    }
}

void read_rates(C& c, const E& e, ListDraft& d) {
    const auto* classes = e.value().as<Table>();
    if (classes == nullptr) {
        expected(c, e, e.value(), "prices by class");
        return;
    }
    for (const Member& cls : classes->members) {
        if (c.exhausted()) return;
        read_class(c, cls, d);
    }
}

struct CapacityDraft : Origin {
    std::int64_t price = 0;
};
struct SupportDraft : Origin {
    bool by_unit = false;
    std::int64_t price = 0;
    std::optional<std::int64_t> year_3;
};
struct OrderableDraft : Origin {
    std::vector<Located<std::string>> versions, classes;
};

template <class Draft>
constexpr std::array<Field<Draft>, 4> origin_of(bool region_required) {
    return {Field<Draft>{"engine", R"("postgresql")", true, [](C& c, const E& e, Draft& d) { read_engine(c, e, d); }},
            Field<Draft>{"region", R"("eu-central-1")", region_required,
                         [](C& c, const E& e, Draft& d) { read_region(c, e, d); }},
            Field<Draft>{"as_of", R"("2026-08-01")", true, [](C& c, const E& e, Draft& d) { read_date(c, e, d); }},
            Field<Draft>{"source", R"("the provider's price list")", true,
                         [](C& c, const E& e, Draft& d) { read_source(c, e, d); }}};
}
template <class Draft, std::size_t N>
constexpr auto with_origin(const std::array<Field<Draft>, N>& own, bool region_required = true) {
    std::array<Field<Draft>, N + 4> all{};
    std::ranges::copy(origin_of<Draft>(region_required), all.begin());
    std::ranges::copy(own, all.begin() + 4);
    return all;
}

constexpr auto list_fields =
    with_origin<ListDraft, 1>({{{"usd_per_hour", R"({ "db.m5.large" = { list = 0.178 } })", true, read_rates}}});
constexpr auto capacity_fields = with_origin<CapacityDraft, 1>(
    {{{"usd_per_unit_hour", "0.12", true, [](C& c, const E& e, CapacityDraft& d) { d.price = nano(c, e); }}}});
constexpr auto support_fields = with_origin<SupportDraft, 3>(
    {{{"per", R"("vcpu")", true,
       [](C& c, const E& e, SupportDraft& d) {
           if (const auto found = one_of(c, e, {"vcpu", "unit"})) d.by_unit = found->value == 1;
       }},
      {"usd_per_hour", "0.1", true, [](C& c, const E& e, SupportDraft& d) { d.price = nano(c, e); }},
      {"usd_per_hour_year_3", "0.2", false, [](C& c, const E& e, SupportDraft& d) { d.year_3 = nano(c, e); }}}});
constexpr auto orderable_fields = with_origin<OrderableDraft, 2>(
    {{{"versions", R"(["16.8"])", true, [](C& c, const E& e, OrderableDraft& d) { d.versions = texts(c, e); }},
      {"classes", R"(["db.m5.large"])", true, [](C& c, const E& e, OrderableDraft& d) { d.classes = texts(c, e); }}}},
    false);

}  // namespace

void read_price_lists(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, list_header)) {
        ListDraft draft;
        read_table(c, *record.table, record.place, list_header, list_fields, draft);
        std::vector<Located<std::string>> classes;
        for (const auto& rate : draft.rates) classes.push_back({rate.cls, rate.place});
        const Platform* const platform = platform_of(c, draft.engine, classes);
        for (const auto& rate : draft.rates) {
            const auto key = fmt::format("{} {} {} {} list {}", rate.cls, draft.region, static_cast<int>(rate.term),
                                         rate.multi_az, platform == nullptr ? "" : platform->id);
            const auto [at, fresh] = rows.prices.emplace(key, rate.place);
            if (!fresh) report_twice(c, rate.place, at->second, "the price of " + quote(rate.cls));
        }
        rows.out.lists.push_back({platform, std::move(draft.region), std::move(draft.as_of), std::move(draft.source),
                                  std::move(draft.rates), record.place});
    }
}

void read_capacity_prices(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, capacity_header)) {
        CapacityDraft draft;
        read_table(c, *record.table, record.place, capacity_header, capacity_fields, draft);
        rows.out.capacity.push_back({platform_with(c, draft.engine, true), std::move(draft.region), draft.price,
                                     std::move(draft.as_of), std::move(draft.source), record.place});
    }
}

void read_support_prices(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, support_header)) {
        SupportDraft draft;
        read_table(c, *record.table, record.place, support_header, support_fields, draft);
        rows.out.support.push_back({platform_with(c, draft.engine, draft.by_unit), std::move(draft.region), draft.price,
                                    draft.year_3, std::move(draft.as_of), std::move(draft.source), record.place});
    }
}

void read_orderable(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, orderable_header)) {
        OrderableDraft draft;
        read_table(c, *record.table, record.place, orderable_header, orderable_fields, draft);
        catalog::OverlayOrderable out;
        out.platform = platform_of(c, draft.engine, draft.classes);
        for (const auto& version : draft.versions) {
            if (out.platform == nullptr) break;
            const auto parsed = out.platform->versions.parse(*version);
            const auto* good = std::get_if<EngineVersion>(&parsed);
            if (good == nullptr || !good->exact())
                c.out.error(version.place,
                            good == nullptr
                                ? fmt::format("versions: {} {}", quote(*version), std::get<std::string>(parsed))
                                : fmt::format("versions: {} has no release", quote(*version)),
                            fmt::format("write it as \"{}\"", out.platform->versions.example));
            else
                out.versions.push_back(*version);
        }
        for (const auto& cls : draft.classes) {
            if (platform::class_prefix(*cls).empty())
                c.out.error(cls.place, fmt::format("classes: {} is not a database class", quote(*cls)),
                            "write it as \"db.m5.large\"");
            else
                out.classes.push_back(*cls);
        }
        out.as_of = std::move(draft.as_of);
        out.source = std::move(draft.source);
        out.place = record.place;
        rows.out.orderable.push_back(std::move(out));
    }
}

std::vector<KeyTable> overlay_list_keys() {
    return {{list_header, keys_of(list_fields)},
            {capacity_header, keys_of(capacity_fields)},
            {support_header, keys_of(support_fields)},
            {orderable_header, keys_of(orderable_fields)}};
}

}  // namespace poolfit::load

// The records of a catalog file that `catalog import` writes: price lists, prices of capacity and of Extended Support,
// and which versions run on which class.
#include <algorithm>
#include <array>

#include <poolfit/unit/print.hpp>

#include "drafts.hpp"
#include "overlay_origin.hpp"
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

constexpr std::array<PriceColumn, 6> columns{{{"list", false, PriceTerm::list},
                                              {"ri1", false, PriceTerm::one_year},
                                              {"ri3", false, PriceTerm::three_years},
                                              {"multi_az_list", true, PriceTerm::list},
                                              {"multi_az_ri1", true, PriceTerm::one_year},
                                              {"multi_az_ri3", true, PriceTerm::three_years}}};

struct ListDraft : Origin {
    std::vector<catalog::OverlayRate> rates;
};

void read_class(C& c, const Member& cls, std::span<const PriceColumn> known, std::string_view example,
                std::vector<catalog::OverlayRate>& rates) {
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
        expected(c, {cls, example}, cls.value, "prices by term");
        return;
    }
    if (prices->members.empty())
        c.out.error(cls.key_place, fmt::format("usd_per_hour: {} has no price", quote(cls.key)),
                    c.assign(fmt::format("\"{}\"", clip(cls.key)), example));
    for (const Member& price : prices->members) {
        const auto at = std::ranges::find(known, price.key, &PriceColumn::name);
        if (at == known.end()) {
            std::vector<std::string_view> names;
            for (const PriceColumn& column : known) names.push_back(column.name);
            const std::string_view near = c.suggester.nearest(price.key, names);
            c.out
                .error(price.key_place, fmt::format("{} has no price called {}", clip(cls.key), quote(price.key)),
                       near.empty() ? "remove it" : fmt::format("did you mean {}?", near))
                .notes.emplace_back("prices", join(names));
            continue;
        }
        rates.push_back({cls.key, at->multi_az, at->term, nano(c, {price, "0.178"}), price.key_place});
    }
}

struct CapacityDraft : Origin {
    CapacityDraft() { any_region = true; }
    std::int64_t price = 0;
};
struct SupportDraft : Origin {
    bool by_unit = false;
    std::int64_t price = 0;
    std::optional<std::int64_t> year_3;
};
struct OrderableDraft : Origin {
    std::vector<Located<std::string>> versions, classes, single_az;
};

constexpr auto list_fields = with_origin<ListDraft, 1>(
    {{{"usd_per_hour", R"({ "db.m5.large" = { list = 0.178 } })", true,
       [](C& c, const E& e, ListDraft& d) { read_class_prices(c, e, columns, R"({ list = 0.178 })", d.rates); }}}});
constexpr auto capacity_fields = with_origin<CapacityDraft, 1>(
    {{{"usd_per_unit_hour", "0.12", true, [](C& c, const E& e, CapacityDraft& d) { d.price = nano(c, e); }}}}, false);
constexpr auto support_fields = with_origin<SupportDraft, 3>(
    {{{"per", R"("vcpu")", true,
       [](C& c, const E& e, SupportDraft& d) {
           if (const auto found = one_of(c, e, {"vcpu", "unit"})) d.by_unit = found->value == 1;
       }},
      {"usd_per_hour", "0.1", true, [](C& c, const E& e, SupportDraft& d) { d.price = nano(c, e); }},
      {"usd_per_hour_year_3", "0.2", false, [](C& c, const E& e, SupportDraft& d) { d.year_3 = nano(c, e); }}}});
constexpr auto orderable_fields = with_origin<OrderableDraft, 3>(
    {{{"versions", R"(["16.8"])", true, [](C& c, const E& e, OrderableDraft& d) { d.versions = texts(c, e); }},
      {"single_az_only", R"(["16.8"])", false, [](C& c, const E& e, OrderableDraft& d) { d.single_az = texts(c, e); }},
      {"classes", R"(["db.m5.large"])", true, [](C& c, const E& e, OrderableDraft& d) { d.classes = texts(c, e); }}}},
    false);

}  // namespace

void read_region(Context& c, const Entry& e, Origin& d) {
    const auto found = text(c, e);
    if (!found) return;
    d.region = found->value;
    d.written_region = found;
    if (!d.any_region) check_region(c, found, nullptr, true);
}
void check_own_region(Context& c, const Maybe<std::string>& region, const Platform* platform) {
    if (!region || platform == nullptr || platform->is_region == nullptr || platform->is_region(region->value)) return;
    const auto is_of = [&](const Platform* each) {
        return each->is_region != nullptr && each->is_region(region->value);
    };
    if (std::ranges::any_of(platform::all(), is_of)) check_region(c, region, platform, true);  // else it was said
}
void read_engine(Context& c, const Entry& e, Origin& d) { d.engine = text(c, e); }
void read_date(Context& c, const Entry& e, Origin& d) {
    if (const auto found = date(c, e)) d.as_of = unit::print(found->value);
}
void read_source(Context& c, const Entry& e, Origin& d) {
    if (const auto found = text(c, e)) d.source = found->value;
}
std::int64_t nano(Context& c, const Entry& e) {
    const auto found = number(c, e, hourly);
    return found ? std::max(static_cast<std::int64_t>(std::llround(found->value * 1e9)), std::int64_t{1}) : 0;
}

const Platform* platform_with(Context& c, const Maybe<std::string>& engine, bool elastic) {
    return platform_having(c, engine, "capacity that follows the load",
                           [&](const Platform& each) { return elastic ? each.elastic != nullptr : each.has_classes; });
}

const Platform* platform_of(Context& c, const Maybe<std::string>& engine,
                            const std::vector<Located<std::string>>& classes) {
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
    if (first == nullptr || !engine || !platform::is_engine(engine->value)) return platform_with(c, engine, false);
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

void read_class_prices(Context& c, const Entry& e, std::span<const PriceColumn> known, std::string_view example,
                       std::vector<catalog::OverlayRate>& rates) {
    const auto* classes = e.value().as<Table>();
    if (classes == nullptr) {
        expected(c, e, e.value(), "prices by class");
        return;
    }
    for (const Member& cls : classes->members) {
        if (c.exhausted()) return;
        read_class(c, cls, known, example, rates);
    }
}

void read_price_lists(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, list_header)) {
        ListDraft draft;
        read_table(c, *record.table, record.place, list_header, list_fields, draft);
        std::vector<Located<std::string>> classes;
        for (const auto& rate : draft.rates) classes.push_back({rate.cls, rate.place});
        const Platform* const platform = platform_of(c, draft.engine, classes);
        check_own_region(c, draft.written_region, platform);
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
        const Platform* const platform = platform_with(c, draft.engine, true);
        if (platform != nullptr && platform::has_regions(*platform)) {
            check_region(c, draft.written_region, nullptr, true);
            check_own_region(c, draft.written_region, platform);
            if (find(*record.table, "region") == nullptr)
                c.out.error(record.place, fmt::format("the price of {} depends on the region", platform->names.brief),
                            c.assign("region", fmt::format("\"{}\"", platform->region_example)));
        }
        rows.out.capacity.push_back({platform, std::move(draft.region), draft.price, std::move(draft.as_of),
                                     std::move(draft.source), record.place});
    }
}

void read_support_prices(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, support_header)) {
        SupportDraft draft;
        read_table(c, *record.table, record.place, support_header, support_fields, draft);
        const Platform* const platform = platform_with(c, draft.engine, draft.by_unit);
        check_own_region(c, draft.written_region, platform);
        rows.out.support.push_back({platform, std::move(draft.region), draft.price, draft.year_3,
                                    std::move(draft.as_of), std::move(draft.source), record.place});
    }
}

void read_orderable(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, orderable_header)) {
        OrderableDraft draft;
        read_table(c, *record.table, record.place, orderable_header, orderable_fields, draft);
        catalog::OverlayOrderable out;
        out.platform = platform_of(c, draft.engine, draft.classes);
        check_own_region(c, draft.written_region, out.platform);
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
        for (const auto& version : draft.single_az) {
            if (out.platform == nullptr) break;
            if (std::ranges::find(out.versions, *version) == out.versions.end())
                c.out.error(version.place, fmt::format("single_az_only: {} is not one of versions", quote(*version)),
                            "name it in versions too");
            else
                out.single_az.push_back(*version);
        }
        for (const auto& cls : draft.classes) {
            if (platform::class_prefix(*cls).empty())
                c.out.error(cls.place, fmt::format("classes: {} is not a database class", quote(*cls)),
                            "write it as \"db.m5.large\"");
            else
                out.classes.push_back(*cls);
        }
        out.region = std::move(draft.region);
        out.as_of = std::move(draft.as_of);
        out.source = std::move(draft.source);
        out.place = record.place;
        rows.out.orderable.push_back(std::move(out));
    }
}

std::vector<KeyTable> overlay_list_keys() {
    std::vector<KeyTable> all{{list_header, keys_of(list_fields)},
                              {capacity_header, keys_of(capacity_fields)},
                              {support_header, keys_of(support_fields)},
                              {orderable_header, keys_of(orderable_fields)}};
    for (KeyTable& table : overlay_price_keys()) all.push_back(std::move(table));
    return all;
}

}  // namespace poolfit::load

// The records of a catalog file with other prices than those of classes: rates of savings plans, sizes, storage, and
// managed poolers.
#include <algorithm>
#include <array>

#include "drafts.hpp"
#include "overlay_origin.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view plan_header = "[[savings_plan_rate]]";
constexpr std::string_view size_header = "[[size_price]]";
constexpr std::string_view storage_header = "[[storage_price]]";
constexpr std::string_view proxy_header = "[[proxy_price]]";

constexpr std::array<PriceColumn, 2> plan_columns{
    {{"rate", false, PriceTerm::list}, {"multi_az_rate", true, PriceTerm::list}}};

struct PlanDraft : Origin {
    std::vector<catalog::OverlayRate> rates;
};
constexpr auto plan_fields = with_origin<PlanDraft, 2>(
    {{{"term", R"("1yr-no-upfront")", true, [](C& c, const E& e, PlanDraft&) { one_of(c, e, {"1yr-no-upfront"}); }},
      {"usd_per_hour", R"({ "db.m7g.large" = { rate = 0.142 } })", true,
       [](C& c, const E& e, PlanDraft& d) { read_class_prices(c, e, plan_columns, "{ rate = 0.142 }", d.rates); }}}});

struct SizeDraft : Origin {
    bool multi_az = false;
    std::int64_t per_vcpu = 0, per_gib = 0;
};
constexpr auto size_fields = with_origin<SizeDraft, 3>(
    {{{"multi_az", "false", false,
       [](C& c, const E& e, SizeDraft& d) {
           if (const auto found = boolean(c, e)) d.multi_az = found->value;
       }},
      {"usd_per_vcpu_hour", "0.0413", true, [](C& c, const E& e, SizeDraft& d) { d.per_vcpu = nano(c, e); }},
      {"usd_per_gib_hour", "0.007", true, [](C& c, const E& e, SizeDraft& d) { d.per_gib = nano(c, e); }}}});

struct StorageDraft : Origin {
    std::vector<catalog::OverlayVolume> volumes;
};

using Amount = std::optional<std::int64_t> catalog::OverlayVolume::*;
struct VolumeColumn {
    std::string_view name;
    Amount amount;  ///< null: of a GiB
};
constexpr std::array<VolumeColumn, 4> volume_columns{
    {{"gib", nullptr},
     {"iops", &catalog::OverlayVolume::nano_usd_per_iops},
     {"mibps", &catalog::OverlayVolume::nano_usd_per_mibps},
     {"million_requests", &catalog::OverlayVolume::nano_usd_per_million_requests}}};
constexpr std::string_view both_sides = "multi_az_", volume_example = "{ gib = 0.137 }";

void read_volume(C& c, const Member& kind, StorageDraft& d) {
    const auto* prices = kind.value.as<Table>();
    if (prices == nullptr) {
        expected(c, {kind, volume_example}, kind.value, "prices by what is paid for");
        return;
    }
    if (prices->members.empty())
        c.out.error(kind.key_place, fmt::format("usd_per_month: {} has no price", quote(kind.key)),
                    c.assign(clip(kind.key), volume_example));
    for (const bool multi_az : {false, true}) {
        catalog::OverlayVolume made;
        made.kind = kind.key;
        made.multi_az = multi_az;
        const Member *first = nullptr, *gib = nullptr;
        for (const Member& price : prices->members) {
            std::string_view name = price.key;
            if (name.starts_with(both_sides) != multi_az) continue;
            if (multi_az) name.remove_prefix(both_sides.size());
            const auto at = std::ranges::find(volume_columns, name, &VolumeColumn::name);
            if (at == volume_columns.end()) {
                std::vector<std::string> names;
                for (const bool both : {false, true})
                    for (const VolumeColumn& column : volume_columns)
                        names.push_back(fmt::format("{}{}", both ? both_sides : "", column.name));
                const std::string_view near =
                    c.suggester.nearest(price.key, std::vector<std::string_view>(names.begin(), names.end()));
                c.out
                    .error(price.key_place, fmt::format("{} has no price called {}", clip(kind.key), quote(price.key)),
                           near.empty() ? "remove it" : fmt::format("did you mean {}?", near))
                    .notes.emplace_back("prices", fmt::format("{}", fmt::join(names, ", ")));
                continue;
            }
            if (first == nullptr) first = &price;
            const std::int64_t amount = nano(c, {price, "0.137"});
            if (at->amount != nullptr) {
                made.*at->amount = amount;
            } else {
                made.nano_usd_per_gib = amount;
                gib = &price;
            }
        }
        if (first == nullptr) continue;
        if (gib == nullptr) {
            c.out.error(first->key_place,
                        fmt::format("{} needs {}gib, the price of a GiB", clip(kind.key), multi_az ? both_sides : ""),
                        fmt::format("add {}gib: the record takes the place of the built-in prices of {}",
                                    multi_az ? both_sides : "", clip(kind.key)));
            continue;
        }
        made.place = gib->key_place;
        d.volumes.push_back(std::move(made));
    }
}

constexpr auto storage_fields = with_origin<StorageDraft, 1>(
    {{{"usd_per_month", R"({ gp3 = { gib = 0.137 } })", true, [](C& c, const E& e, StorageDraft& d) {
           const auto* kinds = e.value().as<Table>();
           if (kinds == nullptr) {
               expected(c, e, e.value(), "prices by kind of storage");
               return;
           }
           for (const Member& kind : kinds->members) {
               if (c.exhausted()) return;
               read_volume(c, kind, d);
           }
       }}}});

struct ProxyDraft : Origin {
    std::optional<std::int64_t> per_vcpu, per_unit;
};
using ProxyRow = Field<ProxyDraft>;
constexpr std::array proxy_fields{
    ProxyRow{"region", R"("eu-central-1")", true, [](C& c, const E& e, ProxyDraft& d) { read_region(c, e, d); }},
    ProxyRow{"usd_per_vcpu_hour", "0.015", false, [](C& c, const E& e, ProxyDraft& d) { d.per_vcpu = nano(c, e); }},
    ProxyRow{"usd_per_unit_hour", "0.015", false, [](C& c, const E& e, ProxyDraft& d) { d.per_unit = nano(c, e); }},
    ProxyRow{"as_of", R"("2026-08-01")", true, [](C& c, const E& e, ProxyDraft& d) { read_date(c, e, d); }},
    ProxyRow{"source", R"("the provider's price list")", true,
             [](C& c, const E& e, ProxyDraft& d) { read_source(c, e, d); }},
};

/// One of two records for the same thing would count, and which one is not seen.
void once(C& c, OverlayDraft& rows, const std::string& key, Place place, std::string_view what) {
    const auto [at, fresh] = rows.prices.emplace(key, place);
    if (!fresh) report_twice(c, place, at->second, what);
}

/// A rate that no plan would use is a slip.
void check_covered(C& c, const Platform& platform, const catalog::OverlayRate& rate) {
    if (platform::is_elastic_class(rate.cls)) {
        if (platform::elastic_of(platform) != nullptr) return;
        c.out.error(rate.place, fmt::format("usd_per_hour: {} has no {}", platform.names.brief, quote(rate.cls)),
                    c.assign("engine", engine_with([](const Platform& each) { return each.elastic != nullptr; })));
    } else if (!rate.cls.starts_with(platform.class_prefix)) {
        c.out.error(rate.place,
                    fmt::format("usd_per_hour: {} is not a class of {}", quote(rate.cls), platform.names.brief),
                    fmt::format("write it as \"{}\"", platform.class_example));
    } else if (const InstanceClass* cls = find_class(c.catalog, &platform, rate.cls);
               cls != nullptr && !platform::plan_covers(platform, *cls)) {
        c.out.error(rate.place, fmt::format("usd_per_hour: savings plans do not cover {}", quote(rate.cls)),
                    fmt::format("remove it: they cover classes of generation {} and later",
                                platform.commitment->plan_generation));
    }
}

}  // namespace

void read_plan_rates(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, plan_header)) {
        PlanDraft draft;
        read_table(c, *record.table, record.place, plan_header, plan_fields, draft);
        const Platform* const platform = platform_having(
            c, draft.engine, "savings plans that are planned with",
            [](const Platform& each) { return each.has_classes && each.commitment != nullptr; }, draft.written_region);
        for (const auto& rate : draft.rates) {
            if (platform != nullptr) check_covered(c, *platform, rate);
            once(c, rows,
                 fmt::format("plan {} {} {} {}", rate.cls, draft.region, rate.multi_az,
                             platform == nullptr ? "" : platform->id),
                 rate.place, "the rate of " + quote(rate.cls));
        }
        rows.out.plans.push_back({platform, std::move(draft.region), std::move(draft.as_of), std::move(draft.source),
                                  std::move(draft.rates), record.place});
    }
}

void read_size_prices(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, size_header)) {
        SizeDraft draft;
        read_table(c, *record.table, record.place, size_header, size_fields, draft);
        const Platform* const platform = platform_having(
            c, draft.engine, "classes that are priced by their size",
            [](const Platform& each) { return each.has_classes && each.custom != nullptr; }, draft.written_region);
        once(c, rows,
             fmt::format("size {} {} {}", draft.engine ? draft.engine->value : "", draft.region, draft.multi_az),
             record.place, "the price of a size");
        rows.out.sizes.push_back({platform, std::move(draft.region), draft.multi_az, draft.per_vcpu, draft.per_gib,
                                  std::move(draft.as_of), std::move(draft.source), record.place});
    }
}

void read_storage_prices(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, storage_header)) {
        StorageDraft draft;
        read_table(c, *record.table, record.place, storage_header, storage_fields, draft);
        const Platform* const platform = platform_having(
            c, draft.engine, "storage that is planned",
            [](const Platform& each) { return each.has_classes && each.volumes != nullptr; }, draft.written_region);
        for (const auto& volume : draft.volumes) {
            if (platform != nullptr && platform::find_volume(*platform, volume.kind) == nullptr) {
                std::vector<std::string_view> kinds;
                for (const VolumeKind* kind : platform->volumes->kinds) kinds.push_back(kind->name);
                const std::string_view near = c.suggester.nearest(volume.kind, kinds);
                c.out
                    .error(volume.place,
                           fmt::format("usd_per_month: {} has no storage called {}", platform->names.brief,
                                       quote(volume.kind)),
                           near.empty() ? "remove it" : fmt::format("did you mean {}?", near))
                    .notes.emplace_back("kinds", join(kinds));
            }
            once(c, rows,
                 fmt::format("volume {} {} {} {}", volume.kind, draft.region, volume.multi_az,
                             platform == nullptr ? "" : platform->id),
                 volume.place, "the price of " + quote(volume.kind));
        }
        rows.out.storage.push_back({platform, std::move(draft.region), std::move(draft.as_of), std::move(draft.source),
                                    std::move(draft.volumes), record.place});
    }
}

void read_proxy_prices(Context& c, const Entry& e, OverlayDraft& rows) {
    for (const auto& record : read_records(c, e, proxy_header)) {
        ProxyDraft draft;
        read_table(c, *record.table, record.place, proxy_header, proxy_fields, draft);
        check_own_region(c, draft.written_region, &platform::usual());
        if (find(*record.table, "usd_per_vcpu_hour") == nullptr && find(*record.table, "usd_per_unit_hour") == nullptr)
            c.out.error(record.place, "a price of a proxy needs usd_per_vcpu_hour or usd_per_unit_hour",
                        c.assign("usd_per_vcpu_hour", "0.015"));
        once(c, rows, fmt::format("proxy {}", draft.region), record.place, "the price of a proxy");
        rows.out.proxies.push_back({std::move(draft.region), draft.per_vcpu, draft.per_unit, std::move(draft.as_of),
                                    std::move(draft.source), record.place});
    }
}

std::vector<KeyTable> overlay_price_keys() {
    return {{plan_header, keys_of(plan_fields)},
            {size_header, keys_of(size_fields)},
            {storage_header, keys_of(storage_fields)},
            {proxy_header, keys_of(proxy_fields)}};
}

}  // namespace poolfit::load

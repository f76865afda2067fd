#include <poolfit/catalog/overlay.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include <poolfit/unit/hash.hpp>

#include "built_in.hpp"
#include "overlay_store.hpp"
#include "tables.hpp"

namespace poolfit::catalog {
namespace {

InstanceClass instance_class(OverlayClass& row, auto keep) {
    InstanceClass cls;
    cls.name = keep(std::move(row.name));
    cls.family = keep(std::move(row.family));
    cls.category = keep(std::move(row.category));
    cls.generation = row.generation;
    cls.arch = row.arch;
    cls.vcpus = row.vcpus;
    cls.memory = row.memory;
    cls.os_visible = row.os_visible;
    cls.burst = row.burst;
    cls.throughput = row.throughput;
    cls.cpu_model = keep(std::move(row.cpu_model));
    cls.threads_per_core = row.threads_per_core;
    cls.coremark_per_vcpu = row.coremark_per_vcpu;
    cls.row = {{}, keep(std::move(row.source)), keep(std::move(row.as_of)), row.place};
    if (cls.coremark_per_vcpu) cls.coremark_row = cls.row;
    return cls;
}

std::int64_t micro_of(std::int64_t nano) { return (nano + 500) / 1000; }

/// "17.5, 17.6, 16.8": the newest series first, as an overlay lists them.
std::string versions_text(const std::vector<std::string>& versions) {
    return fmt::format("{}", fmt::join(versions, ", "));
}

}  // namespace

MicroUsdPerMonth OverlayRate::per_month() const {
    return MicroUsdPerMonth((nano_usd_per_hour * hours_per_month + 500) / 1000);
}

void add(Catalog& catalog, OverlayRows rows) {
    if (!catalog.overlay_) catalog.overlay_ = std::make_unique<Catalog::Overlay>();
    Catalog::Overlay& overlay = *catalog.overlay_;
    auto keep = [&overlay](std::string owned) { return overlay.keep(std::move(owned)); };
    overlay.files.push_back(keep(std::move(rows.file)));
    overlay.digest = unit::hash(fmt::format("{:016x}", rows.digest), overlay.digest);
    const std::size_t layer = overlay.files.size();
    const auto dated = [&](std::string_view as_of) { overlay.newest = std::max(overlay.newest, as_of); };
    const auto region_of = [&](std::string name) {
        const auto known = std::ranges::find(catalog.regions(), name);
        if (known != catalog.regions().end()) return *known;
        const std::string_view region = keep(std::move(name));
        if (overlay.regions.empty()) overlay.regions.assign(tables::regions.begin(), tables::regions.end());
        overlay.regions.insert(std::ranges::upper_bound(overlay.regions, region), region);
        return region;
    };
    const auto place_of = [&](const Platform& platform, std::string_view name) {
        auto& classes = overlay.of[&platform];
        if (classes.empty()) classes = built_in(platform).pointers;
        return std::pair(&classes, std::ranges::lower_bound(classes, name, {}, &InstanceClass::name));
    };
    const auto put = [&](const Platform& platform, InstanceClass& cls) {
        const auto place = place_of(platform, cls.name);
        if (place.second != place.first->end() && (*place.second)->name == cls.name)
            *place.second = &cls;
        else
            place.first->insert(place.second, &cls);
    };

    overlay.class_rows += rows.classes.size();
    for (OverlayClass& row : rows.classes) {
        const InstanceClass base = instance_class(row, keep);
        dated(base.row.as_of);
        for (const Platform* platform : platform::all()) {
            const std::string_view prefix = platform->class_prefix;
            if (!platform->has_classes || !base.name.starts_with(prefix)) continue;
            InstanceClass& cls = overlay.classes.emplace_back(base);
            const auto& own = built_in(*platform).classes;
            if (!own.empty() && !own.front().ec2_equivalent.empty())
                cls.ec2_equivalent = cls.name.substr(prefix.size());
            const bool runs = std::ranges::find(row.runs, platform) != row.runs.end();
            const bool sold = std::ranges::find(row.sold_for, platform) != row.sold_for.end();
            cls.support = sold   ? InstanceClass::Support::sold
                          : runs ? InstanceClass::Support::yes
                                 : InstanceClass::Support::no;
            cls.support_row = cls.row;
            // What is listed of a class by its name holds of the user's row too.
            const auto& listed = built_in(*platform).pointers;
            const auto same = std::ranges::lower_bound(listed, cls.name, {}, &InstanceClass::name);
            cls.limit = by_memory(rows_of(*platform), cls.memory);
            if (!cls.limit && same != listed.end() && (*same)->name == cls.name) cls.limit = (*same)->limit;
            put(*platform, cls);
        }
    }
    for (OverlayPriceList& list : rows.lists) {
        const std::string_view region = region_of(std::move(list.region));
        const std::string_view source = keep(std::move(list.source)), as_of = keep(std::move(list.as_of));
        dated(as_of);
        auto& prices = overlay.prices[region];
        for (OverlayRate& rate : list.rates) {
            auto at = prices.find(rate.cls);
            if (at == prices.end())
                at = prices.emplace(keep(rate.cls), std::vector<Catalog::Overlay::PriceEntry>{}).first;
            at->second.push_back({list.platform, at->first, region, rate.multi_az, rate.term,
                                  Price{rate.per_month(), false, platform::term(rate.term).text,
                                        Provenance{{}, source, as_of, rate.place}},
                                  2 * layer});
            ++overlay.price_rows;
        }
    }
    // What is written by hand goes before what comes from a list.
    for (OverlayPrice& row : rows.prices) {
        const std::string_view region = region_of(std::move(row.region));
        Price price{row.amount,
                    false,
                    platform::term(row.term).text,
                    {{}, keep(std::move(row.source)), keep(std::move(row.as_of)), row.place}};
        dated(price.row.as_of);
        const std::string_view cls = keep(std::move(row.cls));
        overlay.prices[region][cls].push_back(
            {row.platform, cls, region, row.multi_az, row.term, price, 2 * layer + 1});
        ++overlay.price_rows;
    }
    for (OverlayCapacityPrice& row : rows.capacity) {
        const Provenance origin{{}, keep(std::move(row.source)), keep(std::move(row.as_of)), row.place};
        dated(origin.as_of);
        const MicroUsdPerMonth month =
            OverlayRate{{}, false, PriceTerm::list, row.nano_usd_per_unit_hour, {}}.per_month();
        const std::string_view region =
            platform::has_regions(*row.platform) ? region_of(std::move(row.region)) : keep(std::move(row.region));
        overlay.capacity.push_back(
            {row.platform, region, Price{month, false, platform::term(PriceTerm::list).text, origin}});
        ++overlay.price_rows;
    }
    for (OverlaySupportPrice& row : rows.support) {
        SupportPrice price{micro_of(row.nano_usd_per_hour),
                           {},
                           {{}, keep(std::move(row.source)), keep(std::move(row.as_of)), row.place}};
        if (row.nano_usd_per_hour_year_3) price.later = micro_of(*row.nano_usd_per_hour_year_3);
        dated(price.row.as_of);
        overlay.support.push_back({row.platform, region_of(std::move(row.region)), price});
        ++overlay.price_rows;
    }

    for (OverlayPriceList& list : rows.plans) {
        const std::string_view region = region_of(std::move(list.region));
        const std::string_view source = keep(std::move(list.source)), as_of = keep(std::move(list.as_of));
        dated(as_of);
        for (OverlayRate& rate : list.rates) {
            const Platform* const platform =
                platform::is_elastic_class(rate.cls) ? platform::elastic_of(*list.platform) : list.platform;
            if (platform == nullptr) continue;
            Catalog::PlanPrice made{platform, keep(std::move(rate.cls)), region, rate.multi_az,
                                    Price{rate.per_month(), false, {}, {{}, source, as_of, rate.place}}};
            const auto [at, fresh] =
                overlay.plan_at.try_emplace({platform, made.cls, region, rate.multi_az}, overlay.plans.size());
            if (fresh)
                overlay.plans.push_back(made);
            else
                overlay.plans[at->second] = made;
            ++overlay.price_rows;
        }
    }
    const auto origin_of = [&](auto& row) {
        const Provenance origin{{}, keep(std::move(row.source)), keep(std::move(row.as_of)), row.place};
        dated(origin.as_of);
        return origin;
    };
    for (OverlayStorageList& list : rows.storage) {
        const std::string_view region = region_of(std::move(list.region));
        Provenance origin = origin_of(list);
        for (OverlayVolume& volume : list.volumes) {
            origin.place = volume.place;
            const auto month = [](const std::optional<std::int64_t>& nano) {
                return nano ? std::optional(MicroUsdPerMonth(micro_of(*nano))) : std::nullopt;
            };
            overlay.volumes.push_back({list.platform, region, keep(std::move(volume.kind)), volume.multi_az,
                                       StoragePrice{MicroUsdPerMonth(micro_of(volume.nano_usd_per_gib)),
                                                    month(volume.nano_usd_per_iops), month(volume.nano_usd_per_mibps),
                                                    month(volume.nano_usd_per_million_requests), false, origin}});
            ++overlay.price_rows;
        }
    }
    for (OverlaySizePrice& row : rows.sizes) {
        const Provenance origin = origin_of(row);
        overlay.sizes.push_back({row.platform, region_of(std::move(row.region)), row.multi_az,
                                 row.nano_usd_per_vcpu_hour, row.nano_usd_per_gib_hour, origin});
        ++overlay.price_rows;
    }
    for (OverlayProxyPrice& row : rows.proxies) {
        const Provenance origin = origin_of(row);
        overlay.proxies.push_back(
            {region_of(std::move(row.region)), row.nano_usd_per_vcpu_hour, row.nano_usd_per_unit_hour, origin});
        ++overlay.price_rows;
    }

    // Rows of one platform, region, date and source are one answer.
    using Answer = std::tuple<const Platform*, std::string, std::string, std::string>;
    const auto answer_of = [](const OverlayOrderable& row) {
        return Answer{row.platform, row.region, row.as_of, row.source};
    };
    std::map<Answer, std::set<EngineVersion>> answers;
    const auto parsed = [](const Platform& platform, const std::vector<std::string>& texts) {
        std::set<EngineVersion> versions;
        for (const std::string& text : texts) {
            const auto version = platform.versions.parse(text);
            if (const auto* good = std::get_if<EngineVersion>(&version)) versions.insert(*good);
        }
        return versions;
    };
    const auto kept = [&](const std::set<EngineVersion>& versions) {
        return std::span<const EngineVersion>(overlay.versions.emplace_back(versions.begin(), versions.end()));
    };
    for (const OverlayOrderable& row : rows.orderable)
        answers[answer_of(row)].merge(parsed(*row.platform, row.versions));
    std::map<Answer, std::span<const EngineVersion>> any;
    for (const auto& [key, versions] : answers) any[key] = kept(versions);
    for (OverlayOrderable& row : rows.orderable) {
        Orderable answer;
        answer.own = kept(parsed(*row.platform, row.versions));
        answer.any = any[answer_of(row)];
        if (!row.single_az.empty()) answer.single_az = kept(parsed(*row.platform, row.single_az));
        answer.text = keep("can be ordered with " + versions_text(row.versions) +
                           (row.single_az.empty() ? "" : "; single-AZ only: " + versions_text(row.single_az)));
        answer.region = row.region.empty() ? std::string_view() : region_of(row.region);
        answer.row = {{}, keep(row.source), keep(row.as_of), row.place};
        dated(answer.row.as_of);
        auto& answered = overlay.answered[{row.platform, answer.region}];
        for (const std::string& name : row.classes) {
            const auto place = place_of(*row.platform, name);
            if (place.second == place.first->end() || (*place.second)->name != name) continue;
            InstanceClass& cls = overlay.classes.emplace_back(**place.second);
            Orderable& own = overlay.orderable.emplace_back(answer);
            own.next = cls.orderable;  // the last file's comes first
            cls.orderable = &own;
            answered.classes.insert(cls.name);
            for (const EngineVersion& version : answer.own) answered.by_version[version].insert(cls.name);
            *place.second = &cls;
        }
    }
}

}  // namespace poolfit::catalog

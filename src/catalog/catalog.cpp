#include <poolfit/catalog/catalog.hpp>

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "built_in.hpp"
#include "overlay_store.hpp"
#include "tables.hpp"

namespace poolfit {

namespace {

namespace tables = catalog::tables;

/// Index of a name in rows sorted by it, or nothing.
template <class Rows>
std::optional<std::size_t> index_of(const Rows& rows, std::string_view name) {
    auto key = [](const auto& row) { return tables::text(row.name); };
    auto at = std::ranges::lower_bound(rows, name, {}, key);
    if (at == rows.end() || key(*at) != name) return std::nullopt;
    return static_cast<std::size_t>(at - rows.begin());
}

std::optional<std::size_t> region_index(std::string_view region) {
    auto at = std::ranges::lower_bound(tables::regions, region);
    if (at == tables::regions.end() || *at != region) return std::nullopt;
    return static_cast<std::size_t>(at - tables::regions.begin());
}

std::optional<Price> built_in_price(const tables::PlatformRows& rows, std::string_view cls, std::string_view region,
                                    bool multi_az, PriceTerm term) {
    auto class_at = index_of(rows.classes, cls);
    auto region_at = region_index(region);
    if (!class_at || !region_at) return std::nullopt;
    using Key = std::array<std::size_t, 3>;
    auto key = [](const tables::PriceRow& row) { return Key{row.cls, row.region, row.multi_az}; };
    Key wanted{*class_at, *region_at, multi_az};
    auto at = std::ranges::lower_bound(rows.prices, wanted, {}, key);
    auto slot = static_cast<std::size_t>(term);
    if (at == rows.prices.end() || key(*at) != wanted || at->micro_usd_per_hour[slot] == 0) return std::nullopt;
    return Price{MicroUsdPerMonth(at->micro_usd_per_hour[slot] * hours_per_month), false, platform::term(term).text,
                 tables::provenance(rows.price_origins[at->origin[slot]])};
}

/// Of a class that is priced by its vCPUs and its memory.
std::optional<Price> size_price(const tables::PlatformRows& rows, const InstanceClass& cls, std::string_view region) {
    if (!cls.by_size) return std::nullopt;
    for (const tables::SizePriceRow& row : rows.size_prices) {
        if (tables::regions[row.region] != region) continue;
        const std::int64_t quarters = cls.memory.value / (bytes_per_gib / 4);  // memory is in whole ones
        const std::int64_t hourly = std::int64_t{row.micro_usd_per_vcpu_hour} * cls.vcpus +
                                    std::int64_t{row.micro_usd_per_gib_hour} * quarters / 4;
        return Price{MicroUsdPerMonth(hourly * hours_per_month), false, platform::term(PriceTerm::list).text,
                     tables::provenance(row.origin)};
    }
    return std::nullopt;
}

std::optional<Price> doubled(std::optional<Price> single) {
    if (single) {
        single->amount += single->amount;
        single->doubled = true;
    }
    return single;
}

StoragePrice doubled(StoragePrice single) {
    single.per_gib += single.per_gib;
    for (auto* amount : {&single.per_iops, &single.per_mibps, &single.per_million_requests})
        if (*amount) **amount += **amount;
    single.doubled = true;
    return single;
}

/// What the row of both sides lacks, and that of one side has, is twice that.
StoragePrice completed(StoragePrice both, const StoragePrice& one) {
    const auto fill = [&](auto amount, bool StoragePrice::*is_doubled) {
        if (both.*amount || !(one.*amount)) return;
        both.*amount = *(one.*amount) + *(one.*amount);
        both.*is_doubled = true;
        both.single = one.row;
    };
    fill(&StoragePrice::per_iops, &StoragePrice::doubled_iops);
    fill(&StoragePrice::per_mibps, &StoragePrice::doubled_mibps);
    fill(&StoragePrice::per_million_requests, &StoragePrice::doubled_requests);
    return both;
}

Date date_of(std::uint32_t yyyymmdd) {
    return {static_cast<int>(yyyymmdd / 10000), static_cast<int>(yyyymmdd / 100 % 100),
            static_cast<int>(yyyymmdd % 100)};
}

/// "2026-10" of "2026-10 (mirror copy; page undated)": the part that orders as a date.
std::string_view date_part(std::string_view as_of) { return as_of.substr(0, as_of.find_first_not_of("0123456789-")); }

}  // namespace

Catalog::Catalog() = default;
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;
Catalog::~Catalog() = default;

std::span<const InstanceClass* const> Catalog::classes(const Platform& platform) const {
    if (overlay_)
        if (const auto own = overlay_->of.find(&platform); own != overlay_->of.end()) return own->second;
    return catalog::built_in(platform).pointers;
}

const InstanceClass* Catalog::find_class(const Platform& platform, std::string_view name) const {
    const auto all = classes(platform);
    auto at = std::ranges::lower_bound(all, name, {}, &InstanceClass::name);
    return at != all.end() && (*at)->name == name ? *at : catalog::custom_class(platform, name);
}

std::vector<std::string_view> Catalog::regions(const Platform& platform) const {
    std::vector<std::string_view> own;
    if (platform.is_region != nullptr) std::ranges::copy_if(regions(), std::back_inserter(own), platform.is_region);
    return own;
}

std::span<const HostType> Catalog::hosts() const { return catalog::built_in_hosts(); }

const HostType* Catalog::find_host(std::string_view name) const {
    auto at = index_of(tables::hosts, name);
    return at ? &catalog::built_in_hosts()[*at] : nullptr;
}

std::span<const std::string_view> Catalog::regions() const {
    if (overlay_ && !overlay_->regions.empty()) return overlay_->regions;
    return tables::regions;
}

std::optional<Price> Catalog::price(const Platform& platform, const InstanceClass& cls, std::string_view region,
                                    bool multi_az, PriceTerm term) const {
    // Among a user's rows, those of the last file that has one; there, one for this engine goes before one for every
    // engine; of the same kind the last wins.
    const std::vector<Overlay::PriceEntry>* mine = nullptr;
    if (overlay_)
        if (const auto there = overlay_->prices.find(region); there != overlay_->prices.end())
            if (const auto at = there->second.find(cls.name); at != there->second.end()) mine = &at->second;
    auto own = [&](bool multi) {
        const Overlay::PriceEntry* found = nullptr;
        if (mine != nullptr)
            for (const Overlay::PriceEntry& entry : *mine) {
                if (entry.multi_az != multi || entry.term != term) continue;
                if (entry.platform != nullptr && entry.platform != &platform) continue;
                if (found != nullptr && found->layer == entry.layer && found->platform != nullptr &&
                    entry.platform == nullptr)
                    continue;
                found = &entry;
            }
        return found;
    };
    const tables::PlatformRows& rows = catalog::rows_of(platform);
    // Of a list that a provider published the newer of the two counts; what is written by hand always does.
    const auto newest = [&](bool multi) {
        std::optional<Price> built_in = built_in_price(rows, cls.name, region, multi, term);
        if (!built_in && !multi && term == PriceTerm::list) built_in = size_price(rows, cls, region);
        const Overlay::PriceEntry* const mine = own(multi);
        if (mine == nullptr) {
            if (term == PriceTerm::list)
                if (const auto by_size = own_size_price(platform, cls, region, multi)) return std::pair(by_size, true);
            return std::pair(built_in, false);
        }
        const bool older =
            mine->layer % 2 == 0 && built_in && date_part(mine->price.row.as_of) < date_part(built_in->row.as_of);
        return older ? std::pair(built_in, false) : std::pair(std::optional(mine->price), true);
    };
    const auto [price, is_own] = newest(multi_az);
    if (!multi_az || is_own || !platform.standby_costs_the_same) return price;
    const auto [single, single_is_own] = newest(false);
    return single_is_own || !price ? doubled(single) : price;
}

std::optional<Price> Catalog::own_size_price(const Platform& platform, const InstanceClass& cls,
                                             std::string_view region, bool multi_az) const {
    if (!overlay_ || !cls.by_size) return std::nullopt;
    for (auto row = overlay_->sizes.rbegin(); row != overlay_->sizes.rend(); ++row) {
        if (row->platform != &platform || row->region != region || row->multi_az != multi_az) continue;
        const std::int64_t quarters = cls.memory.value / (bytes_per_gib / 4);  // memory is in whole ones
        const std::int64_t hourly = row->nano_usd_per_vcpu_hour * cls.vcpus + row->nano_usd_per_gib_hour * quarters / 4;
        return Price{MicroUsdPerMonth((hourly * hours_per_month + 500) / 1000), false,
                     platform::term(PriceTerm::list).text, row->row};
    }
    return std::nullopt;
}

std::span<const Catalog::PlanPrice> Catalog::plan_prices() const {
    if (overlay_) return overlay_->plans;
    return {};
}

bool Catalog::left_out_of_answer(const Platform& platform, const InstanceClass& cls, std::string_view region,
                                 std::optional<EngineVersion> version) const {
    if (!overlay_) return false;
    constexpr std::size_t least_whole = 30;  // classes: a provider starts hundreds, and one may ask for a few
    const auto is_whole = [&](std::string_view of) {
        const auto at = overlay_->answered.find({&platform, of});
        if (at == overlay_->answered.end()) return false;
        if (!version) return at->second.classes.size() >= least_whole;
        return std::ranges::any_of(at->second.by_version, [&](const auto& each) {
            return (version->exact() ? each.first == *version : each.first.series == version->series) &&
                   each.second.size() >= least_whole;
        });
    };
    return (is_whole(region) || is_whole({})) && catalog::answer(cls, region) == nullptr;
}

std::optional<Catalog::CreditPrice> Catalog::credit_price(const Platform& platform, const InstanceClass& cls,
                                                          std::string_view region) const {
    if (!cls.burst) return std::nullopt;
    auto region_at = region_index(region);
    const tables::CreditRow* found = nullptr;
    for (const tables::CreditRow& row : catalog::rows_of(platform).credits) {
        if (tables::text(row.family) != cls.family) continue;
        bool everywhere = row.region == tables::every_region;
        if (!everywhere && row.region != region_at) continue;
        if (!found || !everywhere) found = &row;  // a region's own row goes before the row for all
    }
    if (!found) return std::nullopt;
    return CreditPrice{found->micro_usd_per_vcpu_hour, tables::provenance(found->origin)};
}

std::vector<LifeCycle> Catalog::life_cycles(const Platform& platform) const {
    std::vector<LifeCycle> all;
    for (const tables::CycleRow& row : catalog::rows_of(platform).cycles) {
        const auto maybe = [](std::uint32_t day) { return day == 0 ? std::nullopt : std::optional(date_of(day)); };
        all.push_back({Series{row.major, row.minor}, tables::text(row.text), date_of(row.standard_until),
                       maybe(row.charged_from), maybe(row.dearer_from), date_of(row.ends),
                       tables::provenance(row.origin)});
    }
    std::ranges::sort(all, {}, &LifeCycle::series);
    return all;
}

std::optional<SupportPrice> Catalog::support_price(const Platform& platform, std::string_view region) const {
    if (overlay_)
        for (auto own = overlay_->support.rbegin(); own != overlay_->support.rend(); ++own)
            if (own->platform == &platform && own->region == region) return own->price;
    const auto at = region_index(region);
    for (const tables::SupportPriceRow& row : catalog::rows_of(platform).support_prices) {
        if (row.region != at) continue;
        SupportPrice price{row.micro_usd_per_vcpu_hour, {}, tables::provenance(row.origin)};
        if (row.micro_usd_per_vcpu_hour_later != 0) price.later = row.micro_usd_per_vcpu_hour_later;
        return price;
    }
    return std::nullopt;
}

std::optional<StoragePrice> Catalog::storage_price(const Platform& platform, std::string_view region,
                                                   std::string_view kind, bool multi_az) const {
    if (overlay_) {
        const auto own = [&](bool both) -> const StoragePrice* {
            for (auto row = overlay_->volumes.rbegin(); row != overlay_->volumes.rend(); ++row)
                if (row->platform->engine == platform.engine && row->platform->provider == platform.provider &&
                    row->region == region && row->kind == kind && row->multi_az == both)
                    return &row->price;
            return nullptr;
        };
        const StoragePrice *row = own(multi_az), *one = multi_az ? own(false) : nullptr;
        if (row != nullptr) return one != nullptr ? completed(*row, *one) : *row;
        if (one != nullptr) return doubled(*one);
    }
    const auto at = region_index(region);
    const auto row_of = [&](bool both) -> const tables::StoragePriceRow* {
        for (const tables::StoragePriceRow& row : catalog::rows_of(platform).storage)
            if (row.region == at && row.multi_az == both && tables::text(row.kind) == kind) return &row;
        return nullptr;
    };
    const tables::StoragePriceRow* row = row_of(multi_az);
    const bool twice = row == nullptr && multi_az;
    if (twice) row = row_of(false);
    if (row == nullptr) return std::nullopt;
    const auto known = [&](std::uint32_t amount) {
        return amount == 0 ? std::nullopt : std::optional(MicroUsdPerMonth(std::int64_t{amount} * (twice ? 2 : 1)));
    };
    return StoragePrice{known(row->micro_usd_per_gib).value_or(MicroUsdPerMonth(0)),
                        known(row->micro_usd_per_iops),
                        known(row->micro_usd_per_mibps),
                        known(row->micro_usd_per_million_requests),
                        twice,
                        tables::provenance(row->origin)};
}

std::string_view Catalog::prices_as_of(const Platform& platform, std::string_view region) const {
    const auto dates = catalog::rows_of(platform).prices_as_of;
    auto at = region_index(region);
    return at && *at < dates.size() ? dates[*at] : std::string_view();
}

std::string_view Catalog::as_of() const {
    std::string_view newest;
    for (const tables::ClassRow& row : tables::classes)
        newest = std::max(newest, date_part(tables::text(row.origin.as_of)));
    if (overlay_)
        for (const InstanceClass& cls : overlay_->classes) newest = std::max(newest, date_part(cls.row.as_of));
    return newest;
}

Date Catalog::newest() const {
    Date newest = date_of(tables::newest);
    const auto also = [&](std::string_view as_of) {
        std::string day(date_part(as_of));
        while (day.size() == 4 || day.size() == 7) day += "-01";
        if (const auto date = unit::parse_date(day)) newest = std::max(newest, *date);
    };
    if (overlay_ && !overlay_->newest.empty()) also(overlay_->newest);
    return newest;
}

Catalog::OverlaySize Catalog::overlay_size() const {
    return overlay_ ? OverlaySize{overlay_->class_rows, overlay_->price_rows} : OverlaySize{};
}

std::string_view Catalog::overlay_newest() const { return overlay_ ? overlay_->newest : std::string_view(); }

std::span<const std::string_view> Catalog::overlays() const {
    if (overlay_) return overlay_->files;
    return {};
}

std::string Catalog::overlay_digest() const {
    return overlay_ ? fmt::format("{:016x}", overlay_->digest) : std::string();
}

}  // namespace poolfit

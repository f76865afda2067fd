#include <poolfit/catalog/catalog.hpp>

#include <algorithm>
#include <array>

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

std::optional<Price> built_in_price(std::string_view cls, std::string_view region, bool multi_az, PriceTerm term) {
    auto class_at = index_of(tables::classes, cls);
    auto region_at = region_index(region);
    if (!class_at || !region_at) return std::nullopt;
    using Key = std::array<std::size_t, 3>;
    auto key = [](const tables::PriceRow& row) { return Key{row.cls, row.region, row.multi_az}; };
    Key wanted{*class_at, *region_at, multi_az};
    auto at = std::ranges::lower_bound(tables::prices, wanted, {}, key);
    auto slot = static_cast<std::size_t>(term);
    if (at == tables::prices.end() || key(*at) != wanted || at->micro_usd_per_hour[slot] == 0) return std::nullopt;
    return Price{MicroUsdPerMonth(at->micro_usd_per_hour[slot] * hours_per_month), false, catalog::term_text(term),
                 tables::provenance(tables::price_origins[at->origin[slot]])};
}

std::optional<Price> doubled(std::optional<Price> single) {
    if (single) {
        single->amount += single->amount;
        single->doubled = true;
    }
    return single;
}

/// "2026-10" of "2026-10 (mirror copy; page undated)": the part that orders as a date.
std::string_view date_part(std::string_view as_of) { return as_of.substr(0, as_of.find_first_not_of("0123456789-")); }

}  // namespace

std::string_view catalog::term_text(PriceTerm term) {
    constexpr std::string_view texts[] = {"on demand", "1 year, no upfront", "3 years, partial upfront (effective)"};
    return texts[static_cast<std::size_t>(term)];
}

Catalog::Catalog() {
    classes_.reserve(catalog::built_in_classes().size());
    for (const InstanceClass& cls : catalog::built_in_classes()) classes_.push_back(&cls);
}
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;
Catalog::~Catalog() = default;

std::span<const InstanceClass* const> Catalog::classes() const { return classes_; }

const InstanceClass* Catalog::find_class(std::string_view name) const {
    auto at = std::ranges::lower_bound(classes_, name, {}, &InstanceClass::name);
    return at != classes_.end() && (*at)->name == name ? *at : nullptr;
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

std::optional<Price> Catalog::price(const InstanceClass& cls, std::string_view region, bool multi_az,
                                    PriceTerm term) const {
    auto own = [&](bool multi) -> std::optional<Price> {
        if (!overlay_) return std::nullopt;
        const auto& prices = overlay_->prices;
        auto at = std::find_if(prices.rbegin(), prices.rend(), [&](const Overlay::PriceEntry& entry) {
            return entry.cls == cls.name && entry.region == region && entry.multi_az == multi && entry.term == term;
        });
        return at == prices.rend() ? std::nullopt : std::optional(at->price);
    };
    if (auto price = own(multi_az)) return price;
    if (multi_az) {
        if (auto price = doubled(own(false))) return price;
    }
    if (auto price = built_in_price(cls.name, region, multi_az, term)) return price;
    if (multi_az) return doubled(built_in_price(cls.name, region, false, term));
    return std::nullopt;
}

std::optional<Catalog::CreditPrice> Catalog::credit_price(const InstanceClass& cls, std::string_view region) const {
    if (!cls.burst) return std::nullopt;
    auto region_at = region_index(region);
    const tables::CreditRow* found = nullptr;
    for (const tables::CreditRow& row : tables::credit_prices) {
        if (tables::text(row.family) != cls.family) continue;
        bool everywhere = row.region == tables::every_region;
        if (!everywhere && row.region != region_at) continue;
        if (!found || !everywhere) found = &row;  // a region's own row goes before the row for all
    }
    if (!found) return std::nullopt;
    return CreditPrice{found->micro_usd_per_vcpu_hour, tables::provenance(found->origin)};
}

std::string_view Catalog::prices_as_of(std::string_view region) const {
    auto at = region_index(region);
    return at ? tables::region_prices_as_of[*at] : std::string_view();
}

std::string_view Catalog::as_of() const {
    std::string_view newest;
    for (const InstanceClass* cls : classes_) newest = std::max(newest, date_part(cls->row.as_of));
    return newest;
}

Catalog::OverlaySize Catalog::overlay_size() const {
    return overlay_ ? OverlaySize{overlay_->classes.size(), overlay_->prices.size()} : OverlaySize{};
}

}  // namespace poolfit

#include <algorithm>
#include <set>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/catalog/formula_limit.hpp>

#include "built_in.hpp"
#include "overlay_store.hpp"

namespace poolfit {
namespace {

namespace tables = catalog::tables;

bool keeps(const tables::SlotRow& row, EngineVersion version) {
    return row.from_major <= version.series.major && version.series.major <= row.to_major &&
           (!version.exact() || row.least_release <= version.release);
}

std::vector<ReservedSlots> kept_at(const Platform& platform, EngineVersion version) {
    std::vector<ReservedSlots> kept;
    for (const tables::SlotRow& row : catalog::rows_of(platform).slots)
        if (keeps(row, version))
            kept.push_back({tables::text(row.parameter), row.slots, tables::provenance(row.origin)});
    return kept;
}

std::int64_t total(const std::vector<ReservedSlots>& kept) {
    std::int64_t sum = 0;
    for (const ReservedSlots& row : kept) sum += row.slots;
    return sum;
}

const tables::LimitRow* listed(const tables::PlatformRows& rows, std::size_t key) {
    const auto at = std::ranges::lower_bound(rows.limits, key, {}, &tables::LimitRow::key);
    return at != rows.limits.end() && at->key == key ? &*at : nullptr;
}

ListedLimit as_listed(const tables::LimitRow& row) {
    return {Interval<Connections>(Connections(row.connections)), tables::provenance(row.origin)};
}

std::optional<std::int64_t> evaluated(const Formula& formula, const InstanceClass& cls, Bytes memory) {
    auto result = formula::evaluate_rds(
        formula, {{"DBInstanceClassMemory", static_cast<double>(memory.value)}, {"DBInstanceVCPU", cls.vcpus}});
    const auto* value = std::get_if<std::int64_t>(&result);
    return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::int64_t limit_by_formula(const Platform& platform, const InstanceClass& cls, Bytes memory) {
    const std::optional<Formula>& formula = catalog::built_in(platform).limit;
    return formula ? evaluated(*formula, cls, memory).value_or(0) : 0;  // a test evaluates it for every class
}

}  // namespace

std::optional<ListedLimit> catalog::by_memory(const tables::PlatformRows& rows, Bytes memory) {
    const double gib = static_cast<double>(memory.value) / static_cast<double>(bytes_per_gib);
    for (const tables::BandRow& row : rows.bands) {
        const auto bytes = [](std::uint32_t mib) { return Bytes(mib * bytes_per_mib); };
        if (memory < bytes(row.from_mib) || (row.below_mib != 0 && memory >= bytes(row.below_mib))) continue;
        const auto more = static_cast<std::int64_t>(gib * row.per_gib);
        return ListedLimit{Interval<Connections>(Connections(row.connections + more)), tables::provenance(row.origin)};
    }
    return std::nullopt;
}

std::optional<ListedLimit> catalog::by_class(const tables::PlatformRows& rows, std::size_t at) {
    if (const auto* row = listed(rows, at)) return as_listed(*row);
    return by_memory(rows, Bytes(rows.classes[at].memory_mib * bytes_per_mib));
}

std::optional<catalog::FormulaLimit> catalog::formula_limit(std::string_view formula, const Platform& platform,
                                                            const InstanceClass& cls) {
    const auto parsed = formula::parse(formula, Formula::Dialect::rds);
    const Formula* good = std::get_if<Formula>(&parsed);
    if (good == nullptr || cls.memory == Bytes(0)) return std::nullopt;
    const EngineMemory seen = engine_memory(platform, cls);
    const auto low = evaluated(*good, cls, seen.range.low), high = evaluated(*good, cls, seen.range.high),
               label = evaluated(*good, cls, cls.memory);
    if (!low || !high || !label || *low < 0 || *low > *high) return std::nullopt;
    return FormulaLimit{Interval<Connections>(Connections(*low), Connections(*high)), Connections(*label)};
}

bool catalog::knows_limit(const Catalog& catalog, const Platform& platform, const InstanceClass& cls) {
    return cls.limit || catalog.max_connections_formula(platform);
}

std::optional<Catalog::LimitFormula> Catalog::max_connections_formula(const Platform& platform) const {
    const tables::FormulaRow& row = catalog::rows_of(platform).limit;
    if (row.text.length == 0) return std::nullopt;
    return LimitFormula{tables::text(row.text), tables::provenance(row.origin)};
}

std::optional<ListedLimit> Catalog::limit_by_memory(const Platform& platform, Bytes memory) const {
    return catalog::by_memory(catalog::rows_of(platform), memory);
}

std::optional<ListedLimit> Catalog::limit_by_units(const Platform& platform, double units) const {
    const tables::PlatformRows& rows = catalog::rows_of(platform);
    const auto key = static_cast<std::size_t>(units * 4);
    if (const auto* row = listed(rows, key)) return as_listed(*row);
    const auto above = std::ranges::lower_bound(rows.limits, key, {}, &tables::LimitRow::key);
    if (rows.limit.text.length != 0 || above == rows.limits.begin() || above == rows.limits.end()) return std::nullopt;
    ListedLimit between = as_listed(*(above - 1));
    between.range.high = Connections(above->connections);
    return between;
}

std::optional<Price> Catalog::capacity_price(const Platform& platform, std::string_view region) const {
    if (overlay_)
        for (const std::string_view of : {region, std::string_view()})  // one without a region is of all
            for (auto own = overlay_->capacity.rbegin(); own != overlay_->capacity.rend(); ++own)
                if (own->platform == &platform && own->region == of) return own->price;
    for (const tables::CapacityPriceRow& row : catalog::rows_of(platform).capacity)
        if (tables::regions[row.region] == region)
            return Price{MicroUsdPerMonth(row.micro_usd_per_unit_hour * hours_per_month), false,
                         platform::term(PriceTerm::list).text, tables::provenance(row.origin)};
    return std::nullopt;
}

std::optional<Price> Catalog::proxy_price(const Platform& platform, std::string_view region) const {
    if (!platform::takes(platform, Pooler::Kind::proxy)) return std::nullopt;
    if (overlay_)
        for (auto own = overlay_->proxies.rbegin(); own != overlay_->proxies.rend(); ++own) {
            const auto& nano = platform.elastic != nullptr ? own->nano_usd_per_unit_hour : own->nano_usd_per_vcpu_hour;
            if (nano && own->region == region)
                return Price{MicroUsdPerMonth((*nano * hours_per_month + 500) / 1000), false,
                             platform::term(PriceTerm::list).text, own->row};
        }
    for (const tables::ProxyPriceRow& row : tables::proxy_prices) {
        const auto hourly = platform.elastic != nullptr ? row.micro_usd_per_unit_hour : row.micro_usd_per_vcpu_hour;
        if (hourly != 0 && tables::regions[row.region] == region)
            return Price{MicroUsdPerMonth(hourly * hours_per_month), false, platform::term(PriceTerm::list).text,
                         tables::provenance(row.origin)};
    }
    return std::nullopt;
}

std::span<const VersionSupport> Catalog::capacity_versions(const Platform& platform) const {
    const tables::SupportRow& row = catalog::rows_of(platform).capacity_support;
    return tables::clauses.subspan(row.first_clause, row.clauses);
}

std::string_view Catalog::capacity_versions_text(const Platform& platform) const {
    return tables::text(catalog::rows_of(platform).capacity_support.text);
}

std::vector<ReservedSlots> Catalog::reserved_slots(const Platform& platform,
                                                   std::optional<EngineVersion> version) const {
    if (version) return kept_at(platform, *version);
    std::set<int> majors;  // one of each stretch in which no row begins or ends
    for (const tables::SlotRow& row : catalog::rows_of(platform).slots) {
        majors.insert(row.from_major);
        majors.insert(row.to_major);
    }
    std::vector<ReservedSlots> most;
    for (int major : majors)
        if (auto kept = kept_at(platform, {{major}, -1}); total(kept) >= total(most)) most = std::move(kept);
    return most;
}

EngineMemory catalog::engine_memory(const Platform& platform, const InstanceClass& cls) {
    return {platform.limit.memory(cls),
            cls.os_visible ? platform.limit.basis : platform.limit.basis_unmeasured,
            {"memory-model", platform.limit.source, tables::observed_as_of, {}}};
}

std::int64_t catalog::max_connections_nominal(const Catalog&, const Platform& platform, const InstanceClass& cls) {
    if (cls.limit) return cls.limit->range.high.value;
    return limit_by_formula(platform, cls, cls.memory);
}

Interval<Connections> catalog::max_connections_expected(const Catalog&, const Platform& platform,
                                                        const InstanceClass& cls) {
    if (cls.limit) return cls.limit->range;
    const Interval<Bytes> memory = platform.limit.memory(cls);
    return with_seen_limit(platform, {Connections(limit_by_formula(platform, cls, memory.low)),
                                      Connections(limit_by_formula(platform, cls, memory.high))});
}

Interval<Connections> catalog::with_seen_limit(const Platform& platform, Interval<Connections> expected) {
    if (const SeenLimit* seen = platform.limit.seen)
        expected.low = std::min(expected.low, Connections(seen->connections));
    return expected;
}

}  // namespace poolfit

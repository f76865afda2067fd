#include <algorithm>
#include <set>

#include <poolfit/catalog/catalog.hpp>

#include "tables.hpp"

namespace poolfit {
namespace {

namespace tables = catalog::tables;

bool keeps(const tables::SlotRow& row, EngineVersion version) {
    return row.from_major <= version.major && version.major <= row.to_major &&
           (version.minor < 0 || row.least_minor <= version.minor);
}

std::vector<ReservedSlots> kept_at(EngineVersion version) {
    std::vector<ReservedSlots> kept;
    for (const tables::SlotRow& row : tables::reserved_slots)
        if (keeps(row, version))
            kept.push_back({tables::text(row.parameter), row.slots, tables::provenance(row.origin)});
    return kept;
}

std::int64_t total(const std::vector<ReservedSlots>& kept) {
    std::int64_t sum = 0;
    for (const ReservedSlots& row : kept) sum += row.slots;
    return sum;
}

/// The formula with this much memory; nothing where it can't be evaluated.
std::optional<std::int64_t> max_connections(const Formula& formula, const InstanceClass& cls, Bytes memory) {
    auto result = formula::evaluate_rds(
        formula, {{"DBInstanceClassMemory", static_cast<double>(memory.value)}, {"DBInstanceVCPU", cls.vcpus}});
    const auto* value = std::get_if<std::int64_t>(&result);
    return value ? std::optional(*value) : std::nullopt;
}

std::int64_t max_connections(const Catalog& catalog, const InstanceClass& cls, Bytes memory) {
    auto parsed = formula::parse(catalog.max_connections_formula(Engine::postgresql).text, Formula::Dialect::rds);
    const auto* formula = std::get_if<Formula>(&parsed);
    return formula ? max_connections(*formula, cls, memory).value_or(0) : 0;  // a test evaluates it for every class
}

}  // namespace

Catalog::LimitFormula Catalog::max_connections_formula(Engine) const {
    const tables::FormulaRow& row = tables::max_connections_postgresql;
    return {tables::text(row.text), tables::provenance(row.origin)};
}

std::vector<ReservedSlots> Catalog::reserved_slots(Engine, std::optional<EngineVersion> version) const {
    if (version) return kept_at(*version);
    std::set<int> majors;  // one of each stretch in which no row begins or ends
    for (const tables::SlotRow& row : tables::reserved_slots) {
        majors.insert(row.from_major);
        majors.insert(row.to_major);
    }
    std::vector<ReservedSlots> most;
    for (int major : majors)
        if (auto kept = kept_at({major, -1}); total(kept) >= total(most)) most = std::move(kept);
    return most;
}

std::int64_t catalog::max_connections_nominal(const Catalog& catalog, const InstanceClass& cls) {
    return max_connections(catalog, cls, cls.memory);
}

Interval<Connections> catalog::max_connections_expected(const Catalog& catalog, const InstanceClass& cls) {
    Interval<Bytes> memory = engine_memory(cls).range;
    return {Connections(max_connections(catalog, cls, memory.low)),
            Connections(max_connections(catalog, cls, memory.high))};
}

}  // namespace poolfit

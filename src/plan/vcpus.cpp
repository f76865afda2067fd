// Pool sizes against vCPUs of the host: by vcpu_max, by a formula in max, or not at all.
#include <algorithm>
#include <iterator>

#include <poolfit/plan/strategy.hpp>

namespace poolfit::plan {

namespace {

constexpr std::string_view columns[] = {"2", "4", "8", "16"};
static_assert(std::size(columns) == std::size(vcpu_counts));

}  // namespace

std::vector<VcpuRow> vcpu_table(const Fleet& fleet, const Plan& plan, Recorder recorder) {
    std::vector<VcpuRow> rows;
    rows.reserve(fleet.pools.size());
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        VcpuRow& row = rows.emplace_back();
        row.pool = i;
        row.formula = assess::size_formula(fleet, i);
        for (std::size_t c = 0; c < std::size(columns); ++c)
            row.sizes.push_back(row.formula.empty()
                                    ? plan.pools[i].declared
                                    : assess::size_at_vcpus(fleet, i, vcpu_counts[c], columns[c], recorder));
        const PoolSize& first = row.sizes.front();
        row.scales = std::any_of(row.sizes.begin(), row.sizes.end(),
                                 [&](const PoolSize& size) { return size && first && size->value != first->value; });
    }
    return rows;
}

}  // namespace poolfit::plan

#include "cause.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "connections.hpp"
#include "facts.hpp"
#include "rules.hpp"

namespace poolfit::lint {
namespace {

/// Which finding comes first: a pooler that shares nothing, then the order of Trouble.
constexpr std::array about_connections{
    &table::session_mode_shares_nothing, &table::pooler_servers_over_usable, &table::autoscaling_over_usable,
    &table::steady_over_usable,          &table::deploy_over_usable,         &table::failover_over_usable,
    &table::steady_over_policy,          &table::deploy_over_policy,         &table::no_operator_reserve,
};

/// What is told of a pool's size where nothing before it is.
constexpr std::array about_sizes{
    &table::pool_under_threads, &table::pool_over_provisioned, &table::pool_over_runtime,
    &table::per_process_pools,  &table::untuned_default,       &table::pool_ignores_vcpus,
};

template <std::size_t N>
std::optional<std::size_t> rank(const std::array<const Rule*, N>& order, const Finding& finding) {
    const auto at = std::ranges::find(order, finding.rule);
    if (at == order.end()) return std::nullopt;
    return static_cast<std::size_t>(at - order.begin());
}

/// By their places in about_connections: does the second only repeat the first? What is over in the steady
/// state is over in a deploy and after a failover, and what is over a limit is over the policy's share of it.
bool follows(std::size_t first, std::size_t second) {
    if (first == 0 || second == 0) return first == 0;  // a pooler that shares nothing
    const auto trouble = static_cast<Trouble>(second - 1);
    switch (static_cast<Trouble>(first - 1)) {
        case Trouble::pooler_over_usable:
        case Trouble::scaled_over_usable:
        case Trouble::steady_over_usable:
            return trouble != Trouble::pooler_over_usable;
        case Trouble::deploy_over_usable:
            return trouble == Trouble::deploy_over_policy || trouble == Trouble::no_reserve;
        default:
            return false;
    }
}

class Causes {
public:
    Causes(std::vector<Finding>& findings, const std::vector<Finding>& hidden, const LintInput& input)
        : findings_(findings), input_(input) {
        for (const Finding& finding : findings) all_.push_back(&finding);
        for (const Finding& finding : hidden) all_.push_back(&finding);
        dropped_.resize(findings.size());
    }

    void connections() {
        std::map<Index, std::vector<std::size_t>> of_database;  // what is left to report, in order
        for (std::size_t i = 0; i < all_.size(); ++i)
            if (rank(about_connections, at(i))) of_database[at(i).databases.front()].push_back(i);
        std::map<Index, std::vector<Index>> failing;  // of each primary, the servers that a failover is first of
        for (auto& [database, all] : of_database) {
            std::ranges::sort(all, [&](std::size_t a, std::size_t b) { return before(a, b, about_connections); });
            pass_hidden(all);
            if (all.empty() || at(all.front()).rule != &table::failover_over_usable) continue;
            failing[input_.fleet.databases[database].replica_of.value_or(database)].push_back(database);
        }
        for (const auto& [primary, servers] : failing) {
            const Index told = worst(primary, servers);
            for (const Index server : servers) {
                if (server == told) continue;
                std::vector<std::size_t>& all = of_database[server];
                drop(all.front());
                all.erase(all.begin());
                pass_hidden(all);
            }
        }
        for (const auto& [database, all] : of_database)
            for (std::size_t k = 1; k < all.size(); ++k)
                if (!hidden(all[k])) drop(all[k]);
    }

    void sizes() {
        std::map<Index, Severity> told;  // of each pool, the most severe finding so far
        std::vector<std::size_t> later;
        for (std::size_t i = 0; i < findings_.size(); ++i) {
            if (findings_[i].suppressed || dropped_[i] || findings_[i].pools.empty()) continue;
            if (rank(about_sizes, findings_[i]))
                later.push_back(i);
            else
                tell(told, findings_[i]);
        }
        std::ranges::sort(later, [&](std::size_t a, std::size_t b) { return before(a, b, about_sizes); });
        for (const std::size_t i : later) {
            const bool known = std::ranges::all_of(findings_[i].pools, [&](Index pool) {
                const auto at = told.find(pool);
                return at != told.end() && at->second >= findings_[i].severity;
            });
            if (known)
                dropped_[i] = true;
            else
                tell(told, findings_[i]);
        }
    }

    void drop_all() {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < findings_.size(); ++i) {
            if (dropped_[i]) continue;
            if (kept != i) findings_[kept] = std::move(findings_[i]);
            ++kept;
        }
        findings_.resize(kept);
    }

private:
    const Finding& at(std::size_t i) const { return *all_[i]; }
    bool hidden(std::size_t i) const { return i >= findings_.size() || at(i).suppressed != nullptr; }
    void drop(std::size_t i) {
        if (i < findings_.size()) dropped_[i] = true;
    }

    /// Hiding the finding that would be reported hides its cause: what only follows from it is not reported instead.
    void pass_hidden(std::vector<std::size_t>& all) {
        while (!all.empty() && hidden(all.front())) {
            const auto place = [&](std::size_t i) { return *rank(about_connections, at(i)); };
            const std::size_t cause = place(all.front());
            all.erase(all.begin());
            std::erase_if(all, [&](std::size_t i) {
                if (!follows(cause, place(i))) return false;
                if (!hidden(i)) drop(i);
                return true;
            });
        }
    }

    template <std::size_t N>
    bool before(std::size_t a, std::size_t b, const std::array<const Rule*, N>& order) const {
        const Finding &first = at(a), &second = at(b);
        if (first.severity != second.severity) return first.severity > second.severity;
        if (first.rule != second.rule) return rank(order, first) < rank(order, second);
        return a < b;
    }

    /// One pool fixes them all: the server with the largest excess, the primary before its replicas.
    Index worst(Index primary, const std::vector<Index>& servers) const {
        const auto lacks = [&](Index i) { return facts(input_, i).failover->peak - facts(input_, i).usable; };
        Index result = std::ranges::find(servers, primary) != servers.end() ? primary : servers.front();
        for (const Index server : servers)
            if (lacks(server) > lacks(result)) result = server;
        return result;
    }

    static void tell(std::map<Index, Severity>& told, const Finding& finding) {
        for (const Index pool : finding.pools) {
            const auto [at, fresh] = told.try_emplace(pool, finding.severity);
            if (!fresh) at->second = std::max(at->second, finding.severity);
        }
    }

    std::vector<Finding>& findings_;
    std::vector<const Finding*> all_;  ///< those, then the ones that were left out
    const LintInput& input_;
    std::vector<bool> dropped_;
};

}  // namespace

bool is_about_connections(const Rule& rule) {
    return std::ranges::find(about_connections, &rule) != about_connections.end();
}

void one_for_each_cause(std::vector<Finding>& findings, const std::vector<Finding>& hidden, const LintInput& input) {
    Causes causes(findings, hidden, input);
    causes.connections();
    causes.sizes();
    causes.drop_all();
}

}  // namespace poolfit::lint

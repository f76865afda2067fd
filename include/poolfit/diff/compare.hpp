// Two states of an inventory, and what is between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <poolfit/diff/allowance.hpp>
#include <poolfit/diff/snapshot.hpp>

namespace poolfit::diff {

enum class Kind : std::uint8_t { changed, added, removed };
/// "changed", "added", "removed".
std::string_view name(Kind kind);

/// After minus before; nothing where it is not known.
using CountChange = std::optional<std::int64_t>;
using CostChange = std::optional<Money>;

struct DatabaseChange {
    Kind kind = Kind::changed;
    const Database* base = nullptr;  ///< null where it was added
    const Database* head = nullptr;  ///< null where it was removed
    CountChange steady, deploy, steady_after, deploy_after, usable;
    CostChange cost, cost_after;
    bool worse = false;              ///< more connections, less room for them, or more money: today or after the plan
    bool worse_connections = false;  ///< the first two
};

struct PoolChange {
    Kind kind = Kind::changed;
    const Pool* base = nullptr;
    const Pool* head = nullptr;
    CountChange steady, deploy;
    bool worse = false;  ///< more connections
};

/// A sum over the databases whose difference is known.
struct CountTotal {
    std::int64_t base = 0, head = 0, difference = 0;
    std::vector<std::string> unknown;  ///< the others
    /// Of those in the sum, databases with a part that is not known and stays as it is: it is not in `base` and `head`.
    std::vector<std::string> partly;
};
struct CostTotal {
    Money base{}, head{};
    Money difference{};
    std::vector<std::string> unknown, partly;
};

/// A finding that counts no longer, and not because it was fixed.
struct Silenced {
    enum class How : std::uint8_t { suppressed, off, less_severe } how = How::suppressed;
    const Finding* finding = nullptr;  ///< of `head`; where its rule is off, of `base`
    const Finding* before = nullptr;   ///< of `base`; null where it was suppressed as soon as it was there
};
/// "suppressed", "off", "less-severe".
std::string_view name(Silenced::How how);

/// One that both sides have, of `head`.
struct Kept {
    const Finding* before = nullptr;
    const Finding* after = nullptr;
};

struct Comparison {
    const Snapshot* base = nullptr;  ///< both outlive it
    const Snapshot* head = nullptr;
    std::vector<DatabaseChange> databases;  ///< those that differ, in the order of `head`, then those removed
    std::vector<PoolChange> pools;
    bool compares_findings = false;           ///< both sides tell theirs apart
    std::vector<const Finding*> fresh, gone;  ///< errors first; those with a higher severity than before are fresh
    std::vector<Kept> raised;                 ///< of `fresh`, those that were there with a lower severity
    std::vector<Kept> grown;  ///< as severe as before, with other figures, about a database that got worse
    std::vector<Silenced> silenced;
    std::size_t same_databases = 0, same_pools = 0, same_findings = 0;  ///< findings: with those of `grown`
    CountTotal steady, deploy, steady_after, deploy_after;
    CostTotal cost, cost_after;
    /// Databases of either side whose volume its inventory does not give: in no cost.
    std::vector<std::string> without_storage;
    std::vector<std::string> storage_on_one_side;  ///< of those, where only one does
    bool empty() const {
        return databases.empty() && pools.empty() && fresh.empty() && gone.empty() && grown.empty() && silenced.empty();
    }
};

/// Have the catalog files of both sides the same contents, as far as is known?
bool same_catalog_files(const Snapshot& base, const Snapshot& head);
/// Are the prices of both sides of one term, catalog and day?
bool same_prices(const Comparison& comparison);

Comparison compare(const Snapshot& base, const Snapshot& head);
/// Databases that one side has, and the other, of which only some are shown, leaves out: the two do not compare.
std::vector<std::string> left_out_of_one(const Snapshot& base, const Snapshot& head);

/// What of all three parts is paid: unknown where one is.
Cost total_now(const Database& database);
Cost total_after(const Database& database);

struct Exceeded {
    enum class Why : std::uint8_t {
        over,
        unknown_increase,  ///< what `unknown` add is not known
        unknown_cost,      ///< a share of a cost of which `unknown` have a part that is not known
        prices,            ///< the sides have other prices, or other days of them
    };
    const Allowance* allowance = nullptr;
    std::vector<std::string> unknown;  ///< databases
    std::int64_t difference = 0;       ///< the difference, in the unit of the allowance
    Why why = Why::over;
    bool in_deploy = false;  ///< of connections: `difference` is that of deploys, the larger
};

struct Judgement {
    std::vector<Exceeded> exceeded;
    std::optional<Severity> fail_on;  ///< of new findings; nothing: none fails
    std::size_t failing = 0;          ///< new findings at or above it
    std::span<const Allowance> asked;
    bool failed() const { return failing > 0 || !exceeded.empty(); }
};
/// Connections: the larger of what deploys and the most instances add, summed over the databases that add some, as each
/// server has its own limit. Money: the net difference of all. `allowances` outlive the judgement.
Judgement judge(const Comparison& comparison, const std::vector<Allowance>& allowances,
                std::optional<Severity> fail_on);

}  // namespace poolfit::diff

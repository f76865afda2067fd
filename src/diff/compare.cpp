#include <poolfit/diff/compare.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "parts.hpp"

namespace poolfit::diff {
namespace {

using PoolKey = std::tuple<std::string_view, std::string_view, std::string_view>;
PoolKey key_of(const Pool& pool) { return {pool.database, pool.service, pool.name}; }

const Database no_database{};
const Pool no_pool{};

/// `alike`: what opens them is the same on both sides.
CountChange between(const Count& base, const Count& head, bool alike) {
    if (base.presence == Presence::unknown || head.presence == Presence::unknown)
        return alike && base == head ? CountChange(0) : CountChange();
    return head.value - base.value;
}

/// `one_sided`: the database is in one of the two only, so what is left out of it is left out of the difference.
CostChange between(const Bill& base, const Bill& head, Cost Bill::*part, bool one_sided) {
    const Cost& before = base.*part;
    const Cost& after = head.*part;
    const Money none{};
    const bool alike = base.what == head.what && (part == &Bill::now || base.what_after == head.what_after);
    if (alike && before == after) return none;
    if (before.presence == Presence::unknown || after.presence == Presence::unknown) return std::nullopt;
    if (!one_sided && base.without_support != head.without_support) return std::nullopt;
    if (before.presence == Presence::open || after.presence == Presence::open)
        return one_sided ? CostChange(none) : CostChange();
    return after.value - before.value;
}

CostChange between(const Database& base, const Database& head, Cost Bill::*part, bool one_sided) {
    Money sum{};
    for (const auto which : {&Database::instance, &Database::storage, &Database::poolers}) {
        const CostChange one = between(base.*which, head.*which, part, one_sided);
        if (!one) return std::nullopt;
        sum = sum + *one;
    }
    return sum;
}

Cost total(const Database& database, Cost Bill::*part) {
    Cost sum;
    for (const auto which : {&Database::instance, &Database::storage, &Database::poolers})
        add(sum, database.*which.*part);
    return sum;
}

/// What is known of it.
Money known_of(const Database& database, Cost Bill::*part) {
    Money sum{};
    for (const auto which : {&Database::instance, &Database::storage, &Database::poolers})
        if (const Cost& cost = database.*which.*part; cost.presence == Presence::known) sum = sum + cost.value;
    return sum;
}

bool more(const CountChange& difference) { return !difference || *difference > 0; }
bool more(const CostChange& difference) { return !difference || difference->high.value > 0; }

/// Rules that say what could be saved: PF1…, and those of other groups. Reports that are read back have only ids.
bool is_about_money(std::string_view rule) { return rule.starts_with("PF1") || rule == "PF031" || rule == "PF306"; }

class Comparer {
public:
    Comparer(const Snapshot& base, const Snapshot& head) : base_(base), head_(head) {
        out_.base = &base;
        out_.head = &head;
    }

    Comparison compare() {
        pools();
        databases();
        findings();
        return std::move(out_);
    }

private:
    void pools() {
        std::map<PoolKey, const Pool*> before;
        for (const Pool& pool : base_.pools) before.emplace(key_of(pool), &pool);
        std::set<PoolKey> seen;
        for (const Pool& pool : head_.pools) {
            if (!seen.insert(key_of(pool)).second) continue;
            const auto found = before.find(key_of(pool));
            pair(found == before.end() ? nullptr : found->second, &pool);
        }
        for (const Pool& pool : base_.pools)
            if (seen.insert(key_of(pool)).second) pair(&pool, nullptr);
    }

    void pair(const Pool* base, const Pool* head) {
        if (base != nullptr && head != nullptr && *base == *head) {
            ++out_.same_pools;
            return;
        }
        PoolChange change{kind(base, head), base, head, {}, {}, false};
        const Pool& before = base != nullptr ? *base : no_pool;
        const Pool& after = head != nullptr ? *head : no_pool;
        change.steady = between(before.steady, after.steady, false);
        change.deploy = between(before.deploy, after.deploy, false);
        change.worse = head != nullptr && (more(change.steady) || more(change.deploy));
        touched_.insert((base != nullptr ? base : head)->database);
        out_.pools.push_back(change);
    }

    void databases() {
        std::map<std::string_view, const Database*> before;
        for (const Database& each : base_.databases) before.emplace(each.name, &each);
        std::set<std::string_view> seen;
        for (const Database& each : head_.databases) {
            if (!seen.insert(each.name).second) continue;
            const auto found = before.find(each.name);
            pair(found == before.end() ? nullptr : found->second, &each);
        }
        for (const Database& each : base_.databases)
            if (seen.insert(each.name).second) pair(&each, nullptr);
    }

    void pair(const Database* base, const Database* head) {
        const Database& before = base != nullptr ? *base : no_database;
        const Database& after = head != nullptr ? *head : no_database;
        const std::string& name = (base != nullptr ? base : head)->name;
        // Where a pool has no limit, the sum says nothing of a change of the others.
        const bool alike = base != nullptr && head != nullptr && !touched_.contains(name);
        const bool one_sided = base == nullptr || head == nullptr;
        DatabaseChange change{kind(base, head), base, head, {}, {}, {}, {}, {}, {}, {}, false, false};
        change.steady = between(before.steady, after.steady, alike);
        change.deploy = between(before.deploy, after.deploy, alike);
        change.steady_after = between(before.steady_after, after.steady_after, alike);
        change.deploy_after = between(before.deploy_after, after.deploy_after, alike);
        if (before.usable && after.usable) change.usable = *after.usable - *before.usable;
        change.cost = between(before, after, &Bill::now, one_sided);
        change.cost_after = between(before, after, &Bill::after, one_sided);
        const bool less_room =
            base != nullptr && before.usable != after.usable && (!change.usable || *change.usable < 0);
        // What is removed adds nothing, known or not.
        change.worse_connections = head != nullptr && (less_room || more(change.steady) || more(change.deploy) ||
                                                       more(change.steady_after) || more(change.deploy_after));
        change.worse = head != nullptr && (change.worse_connections || more(change.cost) || more(change.cost_after));
        sum(name, change);
        if (base != nullptr && head != nullptr && before == after)
            ++out_.same_databases;
        else
            out_.databases.push_back(change);
    }

    void sum(const std::string& name, const DatabaseChange& change) {
        const Database& before = change.base != nullptr ? *change.base : no_database;
        const Database& after = change.head != nullptr ? *change.head : no_database;
        const auto count = [&](CountTotal& total, Count Database::*of, const CountChange& difference) {
            if (!difference) return total.unknown.push_back(name);
            if ((before.*of).presence == Presence::unknown || (after.*of).presence == Presence::unknown)
                total.partly.push_back(name);
            total.base += (before.*of).value;
            total.head += (after.*of).value;
            total.difference += *difference;
        };
        count(out_.steady, &Database::steady, change.steady);
        count(out_.deploy, &Database::deploy, change.deploy);
        count(out_.steady_after, &Database::steady_after, change.steady_after);
        count(out_.deploy_after, &Database::deploy_after, change.deploy_after);
        const auto cost = [&](CostTotal& total, Cost Bill::*part, const CostChange& difference) {
            if (!difference) return total.unknown.push_back(name);
            const auto unknown = [&](const Database& side) {
                return diff::total(side, part).presence == Presence::unknown;
            };
            if (unknown(before) || unknown(after)) total.partly.push_back(name);
            total.base = total.base + known_of(before, part);
            total.head = total.head + known_of(after, part);
            total.difference = total.difference + *difference;
        };
        cost(out_.cost, &Bill::now, change.cost);
        cost(out_.cost_after, &Bill::after, change.cost_after);
        const bool open_before = before.storage.now.presence == Presence::open,
                   open_after = after.storage.now.presence == Presence::open;
        if (open_before || open_after) out_.without_storage.push_back(name);
        if (change.base != nullptr && change.head != nullptr && open_before != open_after)
            out_.storage_on_one_side.push_back(name);
    }

    using ByFingerprint = std::map<std::string_view, const Finding*>;

    void findings() {
        const bool none_before = base_.missing, none_after = head_.missing;
        out_.compares_findings = (none_before || base_.findings) && (none_after || head_.findings);
        if (!out_.compares_findings) return;
        static const std::vector<Finding> none;
        const std::vector<Finding>& before = base_.findings ? *base_.findings : none;
        const std::vector<Finding>& after = head_.findings ? *head_.findings : none;
        const auto by_fingerprint = [](const std::vector<Finding>& all) {
            ByFingerprint found;
            for (const Finding& each : all) found.emplace(each.fingerprint, &each);
            return found;
        };
        const ByFingerprint were = by_fingerprint(before), are = by_fingerprint(after);
        worse_ = around(&DatabaseChange::worse);
        worse_connections_ = around(&DatabaseChange::worse_connections);
        for (const Finding& each : after) {
            const auto found = were.find(each.fingerprint);
            const Finding* earlier = found == were.end() ? nullptr : found->second;
            if (each.suppressed && (earlier == nullptr || !earlier->suppressed))
                out_.silenced.push_back({Silenced::How::suppressed, &each, earlier});
            else if (!each.suppressed && (earlier == nullptr || earlier->suppressed))
                out_.fresh.push_back(&each);
            else if (!each.suppressed)
                both(earlier, &each);
        }
        for (const Finding& each : before) {
            if (each.suppressed || are.contains(each.fingerprint)) continue;
            if (is_off(head_, each.rule))
                out_.silenced.push_back({Silenced::How::off, &each, &each});
            else
                out_.gone.push_back(&each);
        }
        const auto severity = [](const auto& kept) { return kept.after->severity; };
        std::ranges::stable_sort(out_.fresh, std::ranges::greater(), &Finding::severity);
        std::ranges::stable_sort(out_.gone, std::ranges::greater(), &Finding::severity);
        std::ranges::stable_sort(out_.grown, std::ranges::greater(), severity);
        std::ranges::stable_sort(out_.silenced, std::ranges::greater(), [](const Silenced& each) {
            return (each.before != nullptr ? each.before : each.finding)->severity;
        });
    }

    /// Neither is suppressed.
    void both(const Finding* before, const Finding* after) {
        if (after->severity > before->severity) {
            out_.fresh.push_back(after);
            out_.raised.push_back({before, after});
        } else if (after->severity < before->severity) {
            out_.silenced.push_back({Silenced::How::less_severe, after, before});
        } else {
            ++out_.same_findings;
            if (before->message != after->message && is_about_worse(*after)) out_.grown.push_back({before, after});
        }
    }

    const std::string& primary_of(const std::string& name) const {
        const auto found = head_.primaries.find(name);
        return found == head_.primaries.end() ? name : found->second;
    }

    static void add_pool(const Pool& pool, std::set<std::string>& targets) {
        targets.insert({pool.service, pool.service + "." + pool.name});
        if (!pool.via.empty()) targets.insert(pool.via);
    }

    /// What findings about these databases may be named after: they, the servers that they fail over to or stand in
    /// for, and what connects to any of those.
    std::set<std::string> around(bool DatabaseChange::*is_worse) const {
        std::set<std::string> primaries, targets;
        for (const DatabaseChange& each : out_.databases)
            if (each.*is_worse) primaries.insert(primary_of(each.head->name));
        for (const PoolChange& each : out_.pools)
            if (each.worse) primaries.insert(primary_of(each.head->database));
        for (const Database& each : head_.databases)
            if (primaries.contains(primary_of(each.name))) targets.insert(each.name);
        for (const Pool& pool : head_.pools)
            if (primaries.contains(primary_of(pool.database))) add_pool(pool, targets);
        return targets;
    }

    /// A class that costs more makes nothing worse that is about connections.
    bool is_about_worse(const Finding& finding) const {
        return (is_about_money(finding.rule) ? worse_ : worse_connections_).contains(finding.target);
    }

    static bool is_off(const Snapshot& side, std::string_view rule) {
        return side.left_out && std::ranges::find(side.left_out->rules, rule) != side.left_out->rules.end();
    }

    static Kind kind(const void* base, const void* head) {
        return base == nullptr ? Kind::added : head == nullptr ? Kind::removed : Kind::changed;
    }

    const Snapshot& base_;
    const Snapshot& head_;
    std::set<std::string_view> touched_;               ///< databases with a pool that differs
    std::set<std::string> worse_, worse_connections_;  ///< targets: around() what got worse
    Comparison out_;
};

}  // namespace

std::string_view name(Kind kind) {
    constexpr std::array<std::string_view, 3> names{"changed", "added", "removed"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name(Silenced::How how) {
    constexpr std::array<std::string_view, 3> names{"suppressed", "off", "less-severe"};
    return names[static_cast<std::size_t>(how)];
}

Cost total_now(const Database& database) { return total(database, &Bill::now); }
Cost total_after(const Database& database) { return total(database, &Bill::after); }

bool same_catalog_files(const Snapshot& base, const Snapshot& head) {
    return !base.catalog_files || !head.catalog_files || *base.catalog_files == *head.catalog_files;
}

bool same_prices(const Comparison& comparison) {
    const Snapshot& base = *comparison.base;
    const Snapshot& head = *comparison.head;
    if (base.missing || head.missing) return true;
    return base.term == head.term && base.catalog == head.catalog && same_catalog_files(base, head) &&
           base.today == head.today;
}

Comparison compare(const Snapshot& base, const Snapshot& head) { return Comparer(base, head).compare(); }

std::vector<std::string> left_out_of_one(const Snapshot& base, const Snapshot& head) {
    std::vector<std::string> names;
    const auto look = [&](const Snapshot& silent, const Snapshot& other) {
        if (!silent.left_out || silent.left_out->databases.empty()) return;
        std::set<std::string_view> shown;
        for (const Database& each : other.databases) shown.insert(each.name);
        for (const std::string& name : silent.left_out->databases)
            if (shown.contains(name)) names.push_back(name);
    };
    look(base, head);
    look(head, base);
    return names;
}

}  // namespace poolfit::diff

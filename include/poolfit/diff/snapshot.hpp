// What a report says of one state of an inventory, as far as `diff` compares it: of a report, or of its JSON.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/report/report.hpp>
#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit::diff {

/// Is there a value?
enum class Presence : std::uint8_t {
    none,     ///< nothing to count: no pool is listed, no provider bills it
    open,     ///< the inventory does not give it, as the size of a volume; sums leave it out, and say so
    unknown,  ///< there is one, and it is not known: a pool without a limit, a class without a price
    known,
};
struct Count {
    Presence presence = Presence::none;
    std::int64_t value = 0;
    bool operator==(const Count&) const = default;
};
using Money = Interval<MicroUsdPerMonth>;
struct Cost {
    Presence presence = Presence::none;
    Money value{};
    bool operator==(const Cost&) const = default;
};

/// A month of one part of the bill, today and after the plan.
struct Bill {
    Cost now, after;
    std::string what;              ///< that is paid for: two that are equal cost the same, even where that is not known
    bool without_support = false;  ///< Extended Support may be charged, at a price that is not known
    std::string what_after{};      ///< what else decides the cost after the plan
    bool operator==(const Bill&) const = default;
};

struct Database {
    std::string name;
    std::string cls, cls_after;  ///< empty: not known
    std::string verdict;
    Count steady, deploy;              ///< connections at the most instances, and in a deploy
    Count steady_after, deploy_after;  ///< the same after the plan
    std::optional<std::int64_t> usable;
    Bill instance, storage, poolers;
    bool operator==(const Database&) const = default;
};

struct Pool {
    std::string database, service, name;
    std::string via;                               ///< the pooler; empty: none
    std::optional<std::int64_t> size, size_after;  ///< of a process; nothing: no limit
    Count steady, deploy;
    std::int64_t least = 0, most = 0, processes = 1;  ///< instances of the service, and processes of each
    bool operator==(const Pool&) const = default;
};

struct Finding {
    std::string fingerprint;  ///< as lint::fingerprints
    std::string rule, name;
    Severity severity = Severity::warning;
    std::string target, message;
    std::string fix;         ///< empty: none
    std::string file;        ///< empty: none
    std::uint32_t line = 0;  ///< 0: none
    bool suppressed = false;
};

struct LeftOut {
    std::vector<std::string> databases;  ///< that were not asked for
    std::vector<std::string> rules;      ///< ids of those that did not look, for whatever reason
};

struct Snapshot {
    std::string label;      ///< "main", "plan.json": what the user named
    std::string path;       ///< of its first file: "infra/poolfit.toml", from the root of the repository; empty: none
    std::string inventory;  ///< its name; may be empty
    bool missing = false;   ///< there is no inventory: nothing is in it
    bool is_revision = false;  ///< of git, which `label` names
    std::string elsewhere;     ///< then, where it has one that may be the same: "infra/poolfit.toml"; may be empty
    std::string term;          ///< of prices: "list"
    std::string catalog;       ///< its date: "2026-10"
    /// Of the contents of catalog files, "" without any; nothing where a report does not tell: one of a version before
    /// they did.
    std::optional<std::string> catalog_files = std::string();
    std::string today;  ///< "2026-11-01"
    std::vector<Database> databases;
    std::vector<Pool> pools;
    std::map<std::string, std::string> primaries;  ///< of replicas
    /// Nothing where a report does not tell them apart: one of a version before they had fingerprints.
    std::optional<std::vector<Finding>> findings;
    /// What it says nothing about; nothing where a report does not tell: one of a version before they did.
    std::optional<LeftOut> left_out = LeftOut();
};

/// Of a report with findings.
Snapshot snapshot(const Report& report);
/// Of `plan --json` or `check --json`; nothing after an error, which names the place.
std::optional<Snapshot> snapshot(const SourceText& json, Diagnostics& diagnostics);
/// Does the text say that it is a report?
bool is_report(const SourceText& text);

}  // namespace poolfit::diff

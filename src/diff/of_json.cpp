// A snapshot of the JSON that `plan` and `check` write.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/diff/snapshot.hpp>
#include <poolfit/load/document.hpp>
#include <poolfit/model/fingerprint.hpp>
#include <poolfit/platform/platform.hpp>

#include "parts.hpp"

namespace poolfit::diff {
namespace {

using load::Array;
using load::Table;
using load::Value;

constexpr std::string_view again = "write it anew: poolfit plan --json";

struct Served {
    std::string name, replica_of, provider, engine, region;
    Target target;
};

/// What a report has is read, what it lacks is an error at its place.
class Reader {
public:
    Reader(const SourceText& source, Diagnostics& diagnostics) : source_(source), diagnostics_(diagnostics) {}

    std::optional<Snapshot> read() {
        const auto document = load::parse(source_, diagnostics_);
        if (!document) return std::nullopt;
        root_ = &document->root;
        here_ = Place{&source_, {0, 1}};
        Snapshot out;
        if (const Table* inventory = table(*root_, "inventory")) out.inventory = text(*inventory, "name");
        if (const Table* catalog = table(*root_, "catalog")) {
            out.catalog = text_or_none(*catalog, "as_of");
            out.catalog_files.reset();
            if (load::find(*catalog, "digest") != nullptr) out.catalog_files = text_or_none(*catalog, "digest");
        }
        out.term = text(*root_, "price_term");
        out.today = text(*root_, "today");
        left_out(out);
        totals();
        for (const Table* each : records(*root_, "databases")) out.databases.push_back(database(*each));
        for (const Served& each : served_)
            if (!each.replica_of.empty()) out.primaries.emplace(each.name, each.replica_of);
        for (const Table* each : records(*root_, "poolers")) pooler(*each, out.databases);
        for (const Table* each : records(*root_, "services")) service(*each, out.pools);
        findings(out);
        if (failed_) return std::nullopt;
        return out;
    }

private:
    void error(const Place& place, std::string message) {
        if (!failed_) diagnostics_.error(place, std::move(message), std::string(again));
        failed_ = true;
    }

    const Value* find(const Table& in, std::string_view key) {
        const Value* value = load::find(in, key);
        if (value == nullptr) error(here_, fmt::format("the report has no {}", key));
        return value;
    }
    void wrong(const Value& value, std::string_view key, std::string_view what) {
        error(value.place, fmt::format("{}: not {}", key, what));
    }

    const Table* table(const Table& in, std::string_view key) {
        const Value* value = find(in, key);
        if (value == nullptr) return nullptr;
        const Table* found = value->as<Table>();
        if (found == nullptr) wrong(*value, key, "an object");
        return found;
    }
    const Table* table_or_none(const Table& in, std::string_view key) {
        const Value* value = find(in, key);
        return value == nullptr || value->as<load::Null>() != nullptr ? nullptr : table(in, key);
    }
    std::vector<const Table*> records(const Table& in, std::string_view key) {
        std::vector<const Table*> all;
        const Value* value = find(in, key);
        if (value == nullptr) return all;
        const Array* list = value->as<Array>();
        if (list == nullptr) {
            wrong(*value, key, "a list");
            return all;
        }
        for (const Value& item : list->items) {
            const Table* record = item.as<Table>();
            if (record == nullptr) {
                wrong(item, key, "a list of objects");
                break;
            }
            here_ = item.place;
            all.push_back(record);
        }
        return all;
    }
    std::string text_or_none(const Table& in, std::string_view key) {
        const Value* value = find(in, key);
        if (value == nullptr || value->as<load::Null>() != nullptr) return {};
        const auto* found = value->as<std::string>();
        if (found == nullptr) wrong(*value, key, "a text");
        return found == nullptr ? std::string() : *found;
    }
    std::string text(const Table& in, std::string_view key) {
        const Value* value = find(in, key);
        if (value != nullptr && value->as<load::Null>() != nullptr) wrong(*value, key, "a text");
        return value == nullptr ? std::string() : text_or_none(in, key);
    }
    std::optional<double> number(const Value& value, std::string_view key) {
        if (value.as<load::Null>() != nullptr) return std::nullopt;
        if (const auto* whole = value.as<std::int64_t>()) return static_cast<double>(*whole);
        if (const auto* real = value.as<double>(); real != nullptr && std::abs(*real) < 1e12) return *real;
        wrong(value, key, "a number");
        return std::nullopt;
    }
    std::optional<double> number(const Table& in, std::string_view key) {
        const Value* value = find(in, key);
        return value == nullptr ? std::nullopt : number(*value, key);
    }
    std::optional<std::int64_t> whole(const Table& in, std::string_view key) {
        const auto found = number(in, key);
        if (!found) return std::nullopt;
        if (std::abs(*found) < 1e12 && std::trunc(*found) == *found) return static_cast<std::int64_t>(*found);
        wrong(*find(in, key), key, "a whole number");
        return std::nullopt;
    }
    bool truth(const Table& in, std::string_view key) {
        const Value* value = find(in, key);
        if (value == nullptr) return false;
        const bool* found = value->as<bool>();
        if (found == nullptr) wrong(*value, key, "true or false");
        return found != nullptr && *found;
    }
    std::vector<std::string> texts(const Table& in, std::string_view key) {
        const std::set<std::string> all = names(in, key);
        return {all.begin(), all.end()};
    }
    std::set<std::string> names(const Table& in, std::string_view key) {
        std::set<std::string> all;
        const Value* value = find(in, key);
        const Array* list = value == nullptr ? nullptr : value->as<Array>();
        if (value != nullptr && list == nullptr) wrong(*value, key, "a list");
        if (list != nullptr)
            for (const Value& item : list->items) {
                if (const auto* name = item.as<std::string>())
                    all.insert(*name);
                else
                    wrong(item, key, "a list of texts");
            }
        return all;
    }

    /// An amount of dollars, or a range of it; `unknown`: null is an amount that is not known.
    Cost cost(const Table& in, std::string_view key, bool unknown) {
        const Value* value = find(in, key);
        if (value == nullptr || value->as<load::Null>() != nullptr)
            return {unknown ? Presence::unknown : Presence::none, {}};
        const auto micro = [](double usd) { return MicroUsdPerMonth(std::llround(usd * 1e6)); };
        if (const Table* range = value->as<Table>()) {
            const auto low = number(*range, "low"), high = number(*range, "high");
            if (low && high) return {Presence::known, {micro(*low), micro(*high)}};
            return {Presence::unknown, {}};
        }
        const auto amount = number(*value, key);
        return amount ? Cost{Presence::known, Money(micro(*amount))} : Cost{Presence::unknown, {}};
    }
    Count count(const Table& in, std::string_view key, bool has_unlimited) {
        const auto found = whole(in, key);
        if (found) return {Presence::known, *found};
        return {has_unlimited ? Presence::unknown : Presence::none, 0};
    }

    void left_out(Snapshot& out) {
        if (load::find(*root_, "left_out") == nullptr) {
            out.left_out.reset();
        } else if (const Table* silent = table(*root_, "left_out")) {
            out.left_out = LeftOut{texts(*silent, "databases"), texts(*silent, "rules")};
        }
    }

    void totals() {
        const Table* all = table(*root_, "totals");
        if (all == nullptr) return;
        unpriced_ = names(*all, "without_price");
        without_support_ = names(*all, "without_extended_support");
        storage_not_given_ = names(*all, "without_storage");
        unpriced_poolers_ = names(*all, "poolers_without_price");
    }

    Database database(const Table& each) {
        here_ = each.members.empty() ? here_ : each.members.front().key_place;
        Database out;
        out.name = text(each, "name");
        out.cls = text_or_none(each, "class");
        const Table* advice = table(each, "recommendation");
        const Table* connections = table(each, "connections");
        const Table* after = table(each, "after");
        const Table* then = after == nullptr ? nullptr : table(*after, "connections");
        if (advice == nullptr || connections == nullptr || then == nullptr) return out;
        out.cls_after = text_or_none(*advice, "class");
        out.verdict = text(*advice, "verdict");
        const bool unlimited = !names(*connections, "unlimited").empty();
        out.steady = count(*connections, "allocated", unlimited);
        out.deploy = count(*connections, "deploy_peak", unlimited);
        out.steady_after = count(*then, "allocated", unlimited);
        out.deploy_after = count(*then, "deploy_peak", unlimited);
        out.usable = whole(*connections, "usable");
        out.instance = instance(each, out, *advice);
        served(each, out);
        out.storage = storage(each, out.name);
        return out;
    }

    /// What a pooler in front of it is charged for.
    void served(const Table& each, const Database& of) {
        Served out;
        out.name = of.name;
        // Only a pooler asks for these, and a report may have none.
        if (load::find(each, "replica_of") != nullptr) out.replica_of = text_or_none(each, "replica_of");
        if (load::find(each, "vcpus") != nullptr) out.target.vcpus = whole(each, "vcpus");
        out.provider = text(each, "provider");
        out.engine = text(each, "engine");
        out.region = text_or_none(each, "region");
        const Table* capacity = table_or_none(each, "capacity");
        if (capacity != nullptr && !truth(*capacity, "instead_of_class"))
            if (const Table* units = table(*capacity, "units"))
                out.target.units.emplace(number(*units, "low").value_or(0), number(*units, "high").value_or(0));
        out.target.cls_after = of.cls_after;
        out.target.verdict = of.verdict;
        served_.push_back(std::move(out));
    }

    Bill instance(const Table& each, const Database& of, const Table& advice) {
        Bill bill;
        const std::string provider = text(each, "provider"), engine = text(each, "engine"),
                          version = text_or_none(each, "version"), region = text_or_none(each, "region");
        bill.what = what_of_instance({provider, engine, version, of.cls, region, truth(each, "multi_az")});
        bill.what_after = of.cls_after;
        bill.without_support = without_support_.contains(of.name);
        const Table* price = table(each, "price");
        const Table* capacity = table_or_none(each, "capacity");
        const bool by_load = capacity != nullptr && !truth(*capacity, "instead_of_class");
        const bool unpriced = unpriced_.contains(of.name);
        if (price == nullptr) return bill;
        const auto paid = [&](const Table& in) {
            const Cost own = cost(in, "usd_per_month", unpriced);
            return own.presence != Presence::known && by_load ? cost(*capacity, "usd_per_month", true) : own;
        };
        bill.now = paid(*price);
        bill.after = paid(advice);
        return bill;
    }

    Bill storage(const Table& each, const std::string& name) {
        Bill bill;
        const Table* volume = table_or_none(each, "storage");
        if (volume == nullptr) {
            bill.now.presence = bill.after.presence =
                storage_not_given_.contains(name) ? Presence::open : Presence::none;
            return bill;
        }
        const auto digits = [&](std::string_view key) { return number(*volume, key).value_or(0.0); };
        bill.what = what_of_storage(text_or_none(*volume, "type"), {digits("size_gib"), digits("provisioned_iops"),
                                                                    digits("iops"), digits("throughput_mib_per_s")});
        const bool at_least = truth(*volume, "at_least");
        bill.now = at_least ? Cost{Presence::unknown, {}} : cost(*volume, "usd_per_month", true);
        bill.after = at_least ? Cost{Presence::unknown, {}} : cost(*volume, "usd_per_month_after", true);
        return bill;
    }

    /// Of a cluster all.
    std::vector<Target> targets(const Served& of) const {
        const Platform* platform = platform::find(of.provider, of.engine);
        const bool cluster = platform != nullptr && platform->cluster;
        const auto primary = [](const Served& one) { return one.replica_of.empty() ? one.name : one.replica_of; };
        std::vector<Target> all;
        for (const Served& each : served_)
            if (each.name == of.name || (cluster && primary(each) == primary(of))) all.push_back(each.target);
        return all;
    }

    void pooler(const Table& each, std::vector<Database>& databases) {
        const std::string name = text(each, "name"), of = text(each, "database");
        const bool unpriced = unpriced_poolers_.contains(name);
        for (Database& database : databases) {
            if (database.name != of) continue;
            const auto found = std::ranges::find(served_, of, &Served::name);
            if (found == served_.end()) break;
            const Server server{found->provider, found->engine, {}, {}, found->region, false};
            add_pooler(database.poolers, name, server, targets(*found), cost(each, "usd_per_month", unpriced),
                       cost(each, "usd_per_month_after", unpriced));
            break;
        }
    }

    void service(const Table& each, std::vector<Pool>& pools) {
        const std::string name = text(each, "name");
        const Table* instances = table(each, "instances");
        if (instances == nullptr) return;
        const std::int64_t least = whole(*instances, "min").value_or(0), most = whole(*instances, "max").value_or(0),
                           processes = whole(each, "processes").value_or(1);
        for (const Table* pool : records(each, "pools")) {
            Pool out;
            out.database = text(*pool, "database");
            out.service = name;
            out.name = text(*pool, "name");
            out.via = text_or_none(*pool, "via");
            out.size = whole(*pool, "max");
            out.size_after = whole(*pool, "recommended");
            out.steady = count(*pool, "allocated", true);
            out.deploy = count(*pool, "deploy_peak", true);
            out.least = least;
            out.most = most;
            out.processes = processes;
            pools.push_back(std::move(out));
        }
    }

    void findings(Snapshot& out) {
        std::vector<Finding> all;
        bool told_apart = true;
        for (const Table* each : records(*root_, "findings")) {
            Finding finding;
            if (load::find(*each, "fingerprint") == nullptr)
                told_apart = false;
            else
                finding.fingerprint = model::fingerprint_of_file(text(*each, "fingerprint"));
            finding.rule = text(*each, "rule");
            finding.name = text(*each, "name");
            const std::string severity = text(*each, "severity");
            for (const Severity level : {Severity::info, Severity::warning, Severity::error})
                if (severity == diag::name(level)) finding.severity = level;
            finding.target = text(*each, "target");
            finding.message = text(*each, "message");
            if (load::find(*each, "fix") != nullptr) finding.fix = text_or_none(*each, "fix");
            finding.suppressed = table_or_none(*each, "suppressed") != nullptr;
            if (const Table* location = table_or_none(*each, "location")) {
                finding.file = text(*location, "file");
                finding.line = static_cast<std::uint32_t>(whole(*location, "line").value_or(0));
            }
            all.push_back(std::move(finding));
        }
        if (told_apart) out.findings = std::move(all);
    }

    const SourceText& source_;
    Diagnostics& diagnostics_;
    const Table* root_ = nullptr;
    Place here_{};  ///< of the record that is read
    std::set<std::string> unpriced_, without_support_, storage_not_given_, unpriced_poolers_;
    std::vector<Served> served_;  ///< databases so far
    bool failed_ = false;
};

}  // namespace

std::optional<Snapshot> snapshot(const SourceText& json, Diagnostics& diagnostics) {
    return Reader(json, diagnostics).read();
}

bool is_report(const SourceText& text) {
    // `schema` is the first key of a report; what is no JSON, or another document, is left to others.
    const std::string_view all = text.text();
    const std::size_t begin = all.find_first_not_of(" \t\r\n");
    if (begin == all.npos || all[begin] != '{') return false;
    const std::size_t schema = all.find(Report::schema, begin);
    const std::size_t colon = all.find(':', begin);
    return schema != all.npos && colon != all.npos && schema > colon && schema - colon <= 8 &&
           all.substr(begin, colon - begin).find("\"schema\"") != all.npos;
}

}  // namespace poolfit::diff

// A database's volume: what it gives and costs, in words.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "platform_words.hpp"
#include "storage_words.hpp"

namespace poolfit::render {
namespace {

using Money = Interval<MicroUsdPerMonth>;

std::string whole(double value) { return unit::print_number(std::round(value)); }

std::string range_text(const Interval<double>& range, double times) {
    const auto end = [&](double value) { return unit::print_number(std::round(value / times * 10) / 10); };
    const std::string low = end(range.low), high = end(range.high);
    return low == high ? high : fmt::format("{}–{}", low, high);
}

std::string gives_text(const StorageUse& use) {
    if (!use.iops) return {};
    std::string text = fmt::format("{} IOPS", whole(use.iops->value));
    if (use.mibps) text += fmt::format(" and {} MiB/s", whole(use.mibps->value));
    if (use.burst > use.iops->value) text += fmt::format(", for a while {} IOPS", whole(use.burst));
    return text;
}

/// "saves $1,005.00/mo", "costs $20.00/mo more", "at the same price"; empty where that is not known.
std::string saving_text(const StorageAdvice& advice) {
    if (!advice.saves) return {};
    const Money& saves = advice.saves->value;
    if (saves.high.value < 0)
        return fmt::format("costs {} more",
                           money_range({MicroUsdPerMonth(-saves.high.value), MicroUsdPerMonth(-saves.low.value)}));
    if (saves.low.value <= 0) return saves.high.value <= 0 ? "at the same price" : "";
    return "saves " + money_range(saves);
}

/// "saves $56.16/mo", "costs $16.91/mo more", "costs up to $20.00/mo more or saves up to $5.00/mo".
std::string difference_text(const Money& saves) {
    const MicroUsdPerMonth none(0), more_low(-saves.high.value), more_high(-saves.low.value);
    if (saves.low >= none) return "saves " + money_range(saves);
    if (saves.high <= none) return fmt::format("costs {} more", money_range({more_low, more_high}));
    return fmt::format("costs up to {} more or saves up to {}", money_range({more_high, more_high}),
                       money_range({saves.high, saves.high}));
}

std::string configuration_text(const StorageUse& use) {
    std::string text;
    if (use.requests)
        text += fmt::format("; {} I/O requests a month{}", requests_text(use.requests->value),
                            use.requests_observed ? " by observed IOPS" : "");
    if (use.requests_after && (!use.requests || use.requests->value != use.requests_after->value))
        text += fmt::format("{} {} without what is deleted", use.requests ? "," : ";",
                            requests_text(use.requests_after->value));
    if (use.break_even_requests)
        text += fmt::format("; Standard and I/O-Optimized cost the same at {} ({} of I/O)",
                            requests_text(use.break_even_requests->value), money_range(use.break_even->value));
    if (!use.requests_after && use.break_even_requests) text += "; give io_requests to compare";
    return text;
}

/// What of a volume is in no sum.

}  // namespace

std::string requests_text(const Interval<double>& requests) {
    if (requests.high >= 1e9) return range_text(requests, 1e9) + " billion";
    if (requests.high >= 1e6) return range_text(requests, 1e6) + " million";
    return range_text(requests, 1);
}

std::string storage_cost_text(const StorageUse& use) {
    if (!use.cost.cost) return "no price";
    return (use.cost.at_least ? "≥ " : "") + money_range(use.cost.cost->value);
}

namespace {

std::string kind_text(const VolumeKind& kind, const std::optional<double>& gib, const std::optional<double>& iops,
                      const std::optional<double>& mibps = {}) {
    std::string text(kind.name);
    if (gib) text += fmt::format(" of {} GiB", unit::print_number(*gib));
    if (iops) text += fmt::format(" with {} provisioned IOPS", unit::print_number(*iops));
    if (mibps) text += fmt::format(" {} {} provisioned MiB/s", iops ? "and" : "with", unit::print_number(*mibps));
    return text;
}

}  // namespace

std::string volume_text(const StorageUse& use) {
    const StorageAdvice& advice = *use.advice;
    const auto& provisioned = advice.provisioned;
    if (advice.to != use.volume.kind) return kind_text(*advice.to, advice.gib, provisioned, advice.provisioned_mibps);
    // Of the same kind only what changes is said.
    std::string text;
    if (advice.gib) text = fmt::format("{} GiB", unit::print_number(*advice.gib));
    if (provisioned)
        text += fmt::format("{}{} provisioned IOPS", text.empty() ? "" : " with ", unit::print_number(*provisioned));
    else if (use.volume.iops)
        text += fmt::format("{}no provisioned IOPS", text.empty() ? "" : " with ");
    const auto& was = use.volume.mibps;
    if (was && !advice.provisioned_mibps)
        text += " and no provisioned throughput";
    else if (advice.provisioned_mibps && (!was || *advice.provisioned_mibps != was->value))
        text += fmt::format(" and {} provisioned MiB/s", unit::print_number(*advice.provisioned_mibps));
    return text;
}

std::string storage_gain(const StorageAdvice& advice) {
    const std::string saves = saving_text(advice);
    switch (advice.kind) {
        case StorageAdvice::Kind::more_iops:
            return fmt::format("{} IOPS always{}{}", whole(advice.iops->value), saves.empty() ? "" : ", ", saves);
        case StorageAdvice::Kind::retired:
            return fmt::format("a supported kind of storage{}{}", saves.empty() ? "" : ", ", saves);
        default:
            return saves;
    }
}

std::string storage_text(const Report& report, Index index) {
    const auto& use = report.plan.databases[index].storage;
    if (!use) return {};
    const Database& database = report.fleet->databases[index];
    const VolumeKind* kind = use->volume.kind;
    std::string text(kind != nullptr ? kind->name : use->given->type ? std::string_view(**use->given->type) : "volume");
    if (use->volume.gib)
        text += fmt::format(" {} GiB", unit::print_number(std::round(use->volume.gib->value * 10) / 10));
    if (const std::string gives = gives_text(*use); !gives.empty()) text += ": " + gives;
    if (use->usable_after && use->usable_after->value < use->iops->value)
        text += fmt::format(", of which {} always lets through {}", report.plan.databases[index].chosen.cls->name,
                            whole(use->usable_after->value));
    if (kind == nullptr) return text;
    if (use->cost.cost)
        text += fmt::format("; {} at prices of {}{}", storage_cost_text(*use), use->cost.price->row.as_of,
                            use->cost.at_least ? kind->io_charged
                                                     ? std::string(", without I/O requests")
                                                     : fmt::format(", without {}: no price", uncounted_part(*use))
                                               : std::string());
    else if (!use->volume.gib)
        text += "; size not set: price not known";
    else if (use->cost.other_class)
        text += fmt::format("; price not known with {}", *database.cls);
    else
        text += fmt::format("; price not known in {}", *database.region);
    text += configuration_text(*use);
    if (use->advice) text += "; better: " + better_text(*use);
    return text;
}

std::string better_text(const StorageUse& use) {
    const StorageAdvice& advice = *use.advice;
    const std::string gain = storage_gain(advice);
    std::string text = fmt::format("{}{}{}{}", volume_text(use), gain.empty() ? "" : ", ", gain,
                                   advice.gib ? ", and cannot be made smaller again" : "");
    if (advice.mibps_not_seen)
        text += advice.mibps ? fmt::format(", up to {} MiB/s (ebs_throughput is not set)", whole(*advice.mibps))
                             : std::string(" (ebs_throughput is not set)");
    if (!advice.pays_today) text += ", after the change of class";
    return text;
}

std::string rejected_text(const Report& report, Index index, const StorageRejected& other) {
    const Database& database = report.fleet->databases[index];
    const bool own = other.to == report.plan.databases[index].storage->volume.kind && !other.provisioned;
    const std::string head =
        fmt::format("not {}{}: ", kind_text(*other.to, {}, other.provisioned), own ? " without provisioned IOPS" : "");
    switch (other.why) {
        case StorageRejected::Why::size:
            return fmt::format("{}it has no volume of {} GiB", head, whole(other.needs));
        case StorageRejected::Why::iops:
            return fmt::format("{}at this size it gives {} IOPS at most, and {} are needed", head, whole(other.has),
                               whole(other.needs));
        case StorageRejected::Why::throughput:
            return fmt::format("{}it has {} MiB/s, and {} were observed", head, whole(other.has), whole(other.needs));
        case StorageRejected::Why::by_class:
            return fmt::format("{}{} always lets {} IOPS through, which today's volume gives", head,
                               report.plan.databases[index].chosen.cls->name, whole(other.has));
        case StorageRejected::Why::version:
            return fmt::format("{}{} {} does not run on it", head, engine_name(database), database.version_text);
        case StorageRejected::Why::no_price:
            return fmt::format("{}the catalog lacks a price in {}", head, *database.region);
        case StorageRejected::Why::no_requests:
            return head + "I/O requests are charged, and how many there are is not known: set storage.io_requests";
        case StorageRejected::Why::committed:
            return fmt::format(
                "{}until {} commitments pay for instances, and so long it {}; by list price it costs less", head,
                unit::print(*other.until), difference_text(*other.saves));
        case StorageRejected::Why::schedule:
            return fmt::format("{}it {} as long as the cluster runs all week, and {} with the advised schedule", head,
                               difference_text(*other.saves), difference_text(*other.saves_stopped));
        case StorageRejected::Why::saves_less:
            break;
    }
    const Money& saves = *other.saves;
    const std::string least = unit::print(*report.fleet->policy.min_savings_per_month);
    if (saves.high.value <= 0)
        return saves.low.value == 0
                   ? head + "it saves nothing"
                   : fmt::format(
                         "{}it costs {} more", head,
                         money_range({MicroUsdPerMonth(-saves.high.value), MicroUsdPerMonth(-saves.low.value)}));
    return fmt::format("{}it saves only {} (min_savings_per_month = {})", head, money_range(saves), least);
}

std::string no_storage_text(const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const bool shared = database.platform->volumes != nullptr && database.platform->volumes->shared;
    if (database.replica_of && shared)
        return fmt::format("its volume is that of {}", *report.fleet->databases[*database.replica_of].name);
    return "the inventory has no [database.storage] of it";
}

std::string no_other_text(const Report& report, Index index) {
    const StorageUse& use = *report.plan.databases[index].storage;
    if (use.volume.kind == nullptr) return "the catalog does not have its kind of volume: no other is compared";
    if (!use.kept) return "it is deleted with its database";
    if (use.given->kind != nullptr && !use.volume.gib) return "size is not set: no other is compared";
    const auto& seen = report.fleet->databases[index].observed.iops;
    if (!seen) return "no other kind is better; observed.iops is not set";
    const double high = (*seen)->high;
    if (use.usable_after && high > use.usable_after->value)
        return fmt::format("no other kind is better: {} always lets through {} IOPS of the {} seen",
                           report.plan.databases[index].chosen.cls->name, whole(use.usable_after->value), whole(high));
    if (use.iops && high <= use.iops->value) return "no other kind is better: observed IOPS are inside what it gives";
    return "no other kind is known to be better; observed IOPS are more than it always gives";
}

std::string storage_step(const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const StorageUse& use = *report.plan.databases[index].storage;
    const StorageAdvice& advice = *use.advice;
    const std::string what = fmt::format("Change the storage of {} to {}", *database.name, volume_text(use));
    if (advice.kind == StorageAdvice::Kind::configuration)
        return what +
               ": the cluster stays up. To I/O-Optimized it can be changed once in 30 days, and back at any time.";
    if (advice.kind == StorageAdvice::Kind::retired)
        return what +
               ": the database stays up, and I/O is slower for hours while the data move to new volumes. Storage "
               "cannot be made smaller again.";
    return fmt::format("{}{}{}", what, database.platform->volumes->change.meanwhile,
                       advice.gib ? fmt::format(" The {} GiB stay.", unit::print_number(*advice.gib)) : "");
}

namespace {

/// What a change of its size, or of its IOPS, starts from.
std::string today_text(const StorageUse& use) {
    if (use.advice->gib) return fmt::format("{} GiB", unit::print_number(std::round(use.volume.gib->value * 10) / 10));
    return use.volume.iops ? whole(use.volume.iops->value) : fmt::format("{} included", whole(use.iops->value));
}

}  // namespace

std::string storage_title(const Report& report, Index index) {
    const StorageUse& use = *report.plan.databases[index].storage;
    const std::string& name = *report.fleet->databases[index].name;
    if (use.advice->to != use.volume.kind)
        return fmt::format("{}: storage {} → {}", name, use.volume.kind->name, volume_text(use));
    return fmt::format("{}: {} {} → {}", name, use.volume.kind->name, today_text(use), volume_text(use));
}

std::string storage_work(const Report& report, Index index) {
    const bool cluster = report.plan.databases[index].storage->advice->kind == StorageAdvice::Kind::configuration;
    return cluster ? "minutes" : std::string(report.fleet->databases[index].platform->volumes->change.work);
}

std::string storage_undo(const Report& report, Index index) {
    const StorageUse& use = *report.plan.databases[index].storage;
    const std::string& name = *report.fleet->databases[index].name;
    const bool same = use.advice->to == use.volume.kind;
    if (same && use.advice->gib && !use.advice->provisioned)
        return fmt::format("none: storage of {} cannot be made smaller", name);
    const std::string back =
        same && use.volume.iops ? fmt::format("{} provisioned IOPS for {} again", whole(use.volume.iops->value), name)
        : same ? fmt::format("no provisioned IOPS for {} again{}", name, use.advice->gib ? ", at the larger size" : "")
               : fmt::format("storage of {} back to {}{}", name, use.volume.kind->name,
                             use.advice->gib ? ", at the larger size" : "");
    switch (use.advice->kind) {
        case StorageAdvice::Kind::configuration:
            return back + (use.advice->to->io_charged ? ", 30 days after the last change to it" : ", at any time");
        case StorageAdvice::Kind::retired:
            return fmt::format("none: {} takes no new {} storage",
                               report.fleet->databases[index].platform->names.keeper, use.volume.kind->name);
        default:
            return fmt::format("{}, {}", back, report.fleet->databases[index].platform->volumes->change.undo);
    }
}

std::string storage_hazard(const Report& report, Index index) {
    const StorageUse& use = *report.plan.databases[index].storage;
    const StorageAdvice& advice = *use.advice;
    std::string text(advice.kind == StorageAdvice::Kind::fewer_iops ? "a peak that was not observed needs more" : "");
    if (!use.volume.iops || advice.to == use.volume.kind || !advice.mibps) return text;
    return fmt::format("{}{}{} has {} MiB/s, and a latency that is promised for 99 % of the time, not 99.9 %", text,
                       text.empty() ? "" : "; ", advice.to->name, unit::print_number(*advice.mibps));
}

}  // namespace poolfit::render

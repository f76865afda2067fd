// Risks in words.
#include <cmath>

#include <fmt/format.h>

#include <poolfit/series/series.hpp>
#include <poolfit/unit/print.hpp>

#include "commitments.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

/// "saves $519.76/mo at list price, $129.94/mo after commitments, with the other changes made".
std::string stranding_text(const RiskReason& reason, bool others) {
    const auto one = [](MicroUsdPerMonth saves) {
        return saves.value < 0 ? fmt::format("costs {}/mo more", unit::print(MicroUsdPerMonth(-saves.value)))
                               : fmt::format("saves {}/mo", unit::print(saves));
    };
    return fmt::format("{} at list price, {} after commitments{}", one(reason.listed), one(reason.saves),
                       others ? ", with the other changes made" : "");
}

/// The key of the CPU figure that the risk is about, in a sentence.
std::string_view busy_word(const Observed& observed, const Interval<Fraction>& busy) {
    if (observed.cpu_p95 && observed.cpu_p95->value == busy) return "p95";
    return observed.cpu_peak && observed.cpu_peak->value == busy ? "peak" : "mean";
}

/// "page cache shrinks from 11 GiB to 5 GiB: disk reads may rise; set observed.iops (ReadIOPS) …".
std::string cache_text(const Platform& platform, const RiskReason& reason) {
    const std::string now = unit::print(reason.cache_now), then = unit::print(reason.cache_then);
    std::string text = platform.reads_past_page_cache ? fmt::format("{} holds {} of data today and would have {}",
                                                                    platform.buffers_name, now, then)
                                                      : fmt::format("page cache shrinks from {} to {}", now, then);
    if (reason.data) text += fmt::format(", less than the {} of data", unit::print(*reason.data));
    const std::string_view reads = platform.words.read_iops;
    if (!reason.data && !reason.reads)
        return text + fmt::format(": disk reads may rise; set observed.iops ({}) and observed.data_size", reads);
    text += reason.reads ? fmt::format(": disk reads are at least today's {}; how many more is unknown",
                                       assess::print({*reason.reads, Measure::iops}))
                         : ": disk reads are at least today's; how many more is unknown";
    if (!reason.data) return text + "; set observed.data_size";
    return reason.reads ? text : text + fmt::format("; set observed.iops ({})", reads);
}

/// "combined peak CPU 110–172 %".
std::string not_survived_text(const Check& check) {
    const std::string value = assess::print({*check.value, check.measure});
    const std::string limit = assess::print({Interval<double>(*check.limit), check.measure});
    if (check.dimension == Dimension::failover_cpu) return fmt::format("combined peak CPU {}", value);
    if (check.dimension == Dimension::failover_memory) return fmt::format("memory {} used (limit {})", value, limit);
    return fmt::format("{} connections may be open, {} are usable", value, limit);
}

/// "900 IOPS", "network 300 Mbps".
std::string seen_text(const Database& database, const Check& check) {
    const std::string seen = assess::print({*check.value, check.measure});
    return check.dimension == Dimension::iops ? seen : fmt::format("{} {}", in_words(database, check.dimension), seen);
}

std::string burst_text(const StorageUse& use, const RiskReason& reason) {
    if (reason.bursts) return ", while its burst lasts";
    const bool has_burst = reason.reason.check.dimension == Dimension::iops && use.burst > *reason.reason.check.limit;
    return has_burst ? fmt::format(", and no more than {} while burst credits last",
                                   assess::print({Interval<double>(use.burst), Measure::iops}))
                     : ", and no burst gives more";
}

/// "900 IOPS, and gp2 always gives 300 IOPS: 300 % of it, while its burst lasts".
std::string volume_risk_text(const Database& database, const DatabasePlan& plan, const RiskReason& reason) {
    const Check& check = reason.reason.check;
    const VolumeKind* kind = plan.storage->volume.kind;
    return fmt::format("{}, and {} always gives {}: {} of it{}", seen_text(database, check),
                       kind != nullptr ? kind->name : "its volume",
                       assess::print({Interval<double>(*check.limit), check.measure}),
                       unit::print(Fraction(check.share)), burst_text(*plan.storage, reason));
}

}  // namespace

std::string risk_text(const Fleet& fleet, const Plan& plan, Index index, const RiskReason& reason, Length length) {
    const Database& database = fleet.databases[index];
    const InstanceClass& cls = *plan.databases[index].recommendation.cls;
    switch (reason.kind) {
        case RiskReason::Kind::tight: {
            const std::string share = unit::print(Fraction(reason.reason.check.share));
            return length == Length::brief
                       ? fmt::format("{} {} of its limit", in_words(database, reason.reason.check.dimension), share)
                       : fmt::format("{}: {} of its limit", check_text(fleet, index, cls, reason.reason.check), share);
        }
        case RiskReason::Kind::no_window:
            return "observation window not set (observed.window)";
        case RiskReason::Kind::short_window:
            return fmt::format("observed for only {}; {} would catch weekly and monthly peaks",
                               series::print_days(reason.observed.value), unit::print(reason.wanted));
        case RiskReason::Kind::caveat:
            return reason_text(fleet, plan, index, cls, reason.reason);
        case RiskReason::Kind::new_version:
            return "a new major version changes query plans, extensions and defaults";
        case RiskReason::Kind::architecture:
            return "another processor architecture: test extensions and drivers first";
        case RiskReason::Kind::saturated:
            return fmt::format("{} CPU reached {}: a lower bound, the load may need more",
                               busy_word(database.observed, reason.busy), unit::print(reason.busy));
        case RiskReason::Kind::one_maximum:
            return fmt::format(
                "a single maximum decides this: if it was short, give {}.observed.cpu_p95, which is then "
                "judged instead",
                *database.name);
        case RiskReason::Kind::full_at_peak:
            return fmt::format("at its peak, beyond p95, the load asks for {}{} of {}: queries queue then",
                               plan.databases[index].now.peak_saturated ? "at least " : "", unit::print(reason.busy),
                               cls.name);
        case RiskReason::Kind::shared_threads:
            return shared_threads_text(cls, reason.busy.high, reason.capacity, length);
        case RiskReason::Kind::cache:
            return cache_text(*database.platform, reason);
        case RiskReason::Kind::pools_first:
            return fmt::format("change the pools first: they can open {}, with {} usable there",
                               unit::print(reason.connections), unit::print(reason.usable));
        case RiskReason::Kind::proxy_short:
            return fmt::format(
                "{} may need {} server connections, for clients that are pinned or busy, and has {} there",
                *fleet.poolers[reason.pooler].name, unit::print(reason.connections), unit::print(reason.usable));
        case RiskReason::Kind::set_by_hand:
            return fmt::format("max_connections is set by hand: check the {} first", settings_home(database));
        case RiskReason::Kind::last_replica:
            return fmt::format("without it nothing can take over from {}", *fleet.databases[*database.replica_of].name);
        case RiskReason::Kind::replicates:
            return "it applies its primary's changes: is it kept as a standby?";
        case RiskReason::Kind::not_starting: {
            const Check& own = reason.reason.check;
            return fmt::format("max_connections {} is below the {} of {}: kept, it will not start (PF030)",
                               assess::print(assess::measured(own.measure, *own.value)),
                               unit::print(reason.reason.need), *fleet.databases[*database.replica_of].name);
        }
        case RiskReason::Kind::last_copy:
            return fmt::format("its data is then only in {}", database.platform->leaving->kept);
        case RiskReason::Kind::follows_load:
            return "how fast capacity follows a peak is not published: try it under load";
        case RiskReason::Kind::no_limit:
            return fmt::format("{}: how much {} lets through is not known", seen_text(database, reason.reason.check),
                               cls.name);
        case RiskReason::Kind::unmeasured:
            return "CPU is not set (observed.cpu_peak): whether its load fits is not known";
        case RiskReason::Kind::volume:
            return volume_risk_text(database, plan.databases[index], reason);
        case RiskReason::Kind::not_survived:
            return fmt::format("the loss of {} is not survived: {}", *fleet.databases[reason.reason.from].name,
                               not_survived_text(reason.reason.check));
        case RiskReason::Kind::failover:
            return fmt::format("after the loss of {}, CPU peaks at {} (policy limit {}): slower, but it survives",
                               *fleet.databases[reason.reason.from].name, unit::print(reason.busy),
                               unit::print(reason.capacity));
        case RiskReason::Kind::failover_credits:
            if (reason.over_series)
                return fmt::format(
                    "after the loss of {}, {} is without credits for {} h/mo, and capped at its baseline",
                    *fleet.databases[reason.reason.from].name, cls.name, unit::print_number(std::round(reason.hours)));
            return fmt::format("after the loss of {}, full credits last {} h, then {} is capped at its baseline",
                               *fleet.databases[reason.reason.from].name, unit::print_number(std::round(reason.hours)),
                               cls.name);
        case RiskReason::Kind::strands:
            return fmt::format("strands {} of {} until {}: {}", units_text(reason.units), reason.family,
                               unit::print(reason.until), stranding_text(reason, fleet.databases.size() > 1));
        case RiskReason::Kind::verdict:
            break;
    }
    return summary_text(fleet, plan, index);
}

namespace {

/// In a block of the terminal: the first sentence has the verdict, a line of its own the credits.
bool is_shown_above(const RiskReason& reason) {
    return reason.kind == RiskReason::Kind::verdict ||
           (reason.kind == RiskReason::Kind::caveat && reason.reason.check.dimension == Dimension::credits);
}

/// Of those there is room for, the lowest go first: what has to be done in order comes before all, what a gauge shows
/// comes last.
int importance(const RiskReason* reason) {
    if (reason->kind == RiskReason::Kind::caveat && reason->reason.kind == Reason::Kind::edition) return 0;
    switch (reason->kind) {
        case RiskReason::Kind::pools_first:
        case RiskReason::Kind::proxy_short:
        case RiskReason::Kind::set_by_hand:
            return 0;
        case RiskReason::Kind::tight:
        case RiskReason::Kind::no_window:
        case RiskReason::Kind::short_window:
            return 2;
        default:
            return 1;
    }
}

}  // namespace

std::vector<std::string> risk_texts(const Fleet& fleet, const Plan& plan, Index database, Length length) {
    std::vector<std::string> texts;
    const auto& reasons = plan.databases[database].recommendation.risk_reasons;
    for (const RiskReason& reason : reasons)
        if (length == Length::whole || !is_shown_above(reason))
            texts.push_back(risk_text(fleet, plan, database, reason, length));
    return texts;
}

Risks some_risks(const Fleet& fleet, const Plan& plan, Index database, std::size_t most) {
    std::vector<const RiskReason*> all;
    for (const RiskReason& reason : plan.databases[database].recommendation.risk_reasons)
        if (!is_shown_above(reason)) all.push_back(&reason);
    const std::size_t kept = std::min(most, all.size()), left_out = all.size() - kept;
    std::vector<const RiskReason*> order = all;
    std::ranges::stable_sort(order, {}, importance);
    Risks risks{{}, left_out};
    for (const RiskReason* reason : all)
        if (std::find(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), reason) !=
            order.begin() + static_cast<std::ptrdiff_t>(kept))
            risks.texts.push_back(risk_text(fleet, plan, database, *reason, Length::brief));
    return risks;
}

}  // namespace poolfit::render

#include "storage.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "finding.hpp"

namespace poolfit::lint {

const StorageUse* kept_storage(const Plan& plan, Index database) {
    const auto& use = plan.databases[database].storage;
    return use && plan.databases[database].recommendation.verdict != Verdict::idle ? &*use : nullptr;
}

Place storage_place(const Storage& storage, bool iops_first) {
    if (iops_first && storage.iops) return storage.iops->place;
    return storage.type ? storage.type->place : storage.place;
}

std::string iops_text(double iops) { return unit::print_number(std::round(iops)); }

std::string money_text(const Interval<MicroUsdPerMonth>& money) {
    const std::string low = unit::print(money.low), high = unit::print(money.high);
    return (low == high ? high : fmt::format("{}–{}", low, high)) + "/mo";
}

std::string requests_text(const Interval<double>& requests) {
    const double times = requests.high >= 1e9 ? 1e9 : requests.high >= 1e6 ? 1e6 : 1;
    const auto end = [&](double value) { return unit::print_number(std::round(value / times * 10) / 10); };
    const std::string low = end(requests.low), high = end(requests.high);
    return (low == high ? high : fmt::format("{}–{}", low, high)) + (times == 1e9   ? " billion"
                                                                     : times == 1e6 ? " million"
                                                                                    : "");
}

std::string not_seen_text(const StorageAdvice& advice) {
    if (!advice.mibps) return "observed.ebs_throughput is not set: measure it first";
    return fmt::format("observed.ebs_throughput is not set: it holds up to {} MiB/s", iops_text(*advice.mibps));
}

std::string storage_fix(const StorageUse& use) {
    const StorageAdvice& advice = *use.advice;
    std::string text;
    const Place place = storage_place(*use.given, false);
    const auto add = [&](std::string part) { text += (text.empty() ? "" : ", ") + std::move(part); };
    const auto whole = [](double value) { return static_cast<std::int64_t>(std::round(value)); };
    if (advice.to != use.volume.kind) add(assign(place, "type", fmt::format("\"{}\"", advice.to->name)));
    if (advice.gib) {
        const std::string size = fmt::format("\"{} GiB\"", whole(*advice.gib));
        add(assign(place, "size", size));
        if (const auto& most = use.given->max_size; most && gib(most->value) < *advice.gib)
            add(assign(place, "max_size", size));
    }
    if (advice.provisioned)
        add(assign(place, "iops", fmt::format("{}", whole(*advice.provisioned))));
    else if (use.volume.iops)
        add("without iops");
    if (const auto& mibps = advice.provisioned_mibps; mibps && (!use.volume.mibps || *mibps != use.volume.mibps->value))
        add(assign(place, "throughput", fmt::format("\"{} MiB/s\"", whole(*mibps))));
    else if (use.volume.mibps && !advice.provisioned_mibps)
        add("without throughput");
    // What a kind does not charge by request, an inventory does not give so.
    if (use.given->io_requests && advice.to->most_gib > 0 && !advice.to->io_charged) add("without io_requests");
    return text;
}

}  // namespace poolfit::lint

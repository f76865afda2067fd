// PF115: which configuration of Aurora storage is cheaper is not known.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"
#include "../storage.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::io_requests_unknown{
    "PF115",
    "aurora-io-unknown",
    Severity::info,
    "0.1.0",
    "Without the number of I/O requests, the cheaper Aurora storage configuration is unknown.",
    "Aurora Standard charges each request to the cluster's volume, I/O-Optimized none. The sums of VolumeReadIOPs "
    "and VolumeWriteIOPs in CloudWatch are what is charged. ReadIOPS and WriteIOPS of all instances are near it.",
    "Set io_requests in [database.storage], or read_iops and write_iops in [database.observed] of each instance.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const StorageUse* use = kept_storage(input.plan, i);
        if (use == nullptr) continue;
        const Database& database = input.fleet.databases[i];
        if (use->requests || !use->break_even_requests) continue;
        Finding finding = found(table::io_requests_unknown, {i}, *database.name, storage_place(*use->given, false),
                                "I/O requests not known: which storage configuration is cheaper is open");
        finding.label = fmt::format("both cost the same at {} a month, {} of I/O",
                                    requests_text(use->break_even_requests->value), money_text(use->break_even->value));
        finding.fix = R"(io_requests = "…/month", the sum of VolumeReadIOPs and VolumeWriteIOPs)";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint

// What text and Markdown of a difference say of a finding, and of where its sides are from.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "diff_words.hpp"

namespace poolfit::render {
namespace {

/// "main:infra/poolfit.toml", or the file itself.
bool is_in_label(const diff::Snapshot& side) {
    return side.path.empty() || side.label == side.path || side.label.ends_with(":" + side.path);
}

}  // namespace

std::string diff_path(const diff::Comparison& comparison) {
    const std::string& path = comparison.base->path;
    return path == comparison.head->path && !is_in_label(*comparison.base) && !is_in_label(*comparison.head)
               ? path
               : std::string();
}

std::string diff_side_path(const diff::Comparison& comparison, const diff::Snapshot& side) {
    return is_in_label(side) || !diff_path(comparison).empty() ? std::string() : side.path;
}

std::string diff_remark(const diff::Comparison& comparison, const diff::Finding& finding) {
    for (const diff::Kept& each : comparison.raised)
        if (each.after == &finding) return fmt::format("was {}", diag::name(each.before->severity));
    for (const diff::Kept& each : comparison.grown)
        if (each.after == &finding) return fmt::format("was: {}", each.before->message);
    for (const diff::Silenced& each : comparison.silenced) {
        if (each.finding != &finding) continue;
        if (each.how == diff::Silenced::How::off) return "its rule did not look";
        if (each.how == diff::Silenced::How::less_severe)
            return fmt::format("was {}", diag::name(each.before->severity));
        return each.before == nullptr ? "new, and suppressed" : "suppressed";
    }
    return {};
}

std::vector<const diff::Finding*> diff_grown(const diff::Comparison& comparison) {
    std::vector<const diff::Finding*> all;
    for (const diff::Kept& each : comparison.grown) all.push_back(each.after);
    return all;
}

std::vector<const diff::Finding*> diff_silenced(const diff::Comparison& comparison) {
    std::vector<const diff::Finding*> all;
    for (const diff::Silenced& each : comparison.silenced) all.push_back(each.finding);
    return all;
}

std::string diff_finding(const diff::Finding& finding) {
    return fmt::format("{} {} {}: {}", diag::name(finding.severity), finding.rule, finding.target, finding.message);
}

}  // namespace poolfit::render

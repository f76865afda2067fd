// What `diff` comes to: whether it has anything to say, and its exit code.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/render/diff.hpp>

#include "diff_words.hpp"
#include "layout.hpp"

namespace poolfit::render {

bool diff_is_silent(const Differing& compared) {
    const diff::Comparison& comparison = *compared.comparison;
    if (compared.always || compared.judgement->asked.empty() || compared.judgement->failed()) return false;
    // An inventory that is gone may have moved.
    if (comparison.head->missing) return false;
    // Findings that are not compared may be new.
    if (!comparison.compares_findings || !comparison.fresh.empty() || !comparison.grown.empty() ||
        !comparison.silenced.empty())
        return false;
    return std::ranges::none_of(diff_records(comparison), &DiffRecord::worse);
}

std::string diff_within(const diff::Judgement& judgement) {
    std::vector<std::string> texts;
    for (const diff::Allowance& each : judgement.asked) texts.push_back(each.text);
    return fmt::format("Within {}: no database is worse, no finding is new.", joined(texts, " and "));
}

std::string diff_exit(const diff::Judgement& judgement) {
    std::vector<std::string> parts;
    if (judgement.failing > 0)
        parts.push_back(
            fmt::format("{} ≥ {}", counted(judgement.failing, "new finding"), diag::name(*judgement.fail_on)));
    if (!judgement.exceeded.empty()) parts.push_back("--max-increase");
    if (!parts.empty()) return fmt::format("exit 1 ({})", joined(parts, ", "));
    return judgement.fail_on ? fmt::format("exit 0 (none new ≥ {})", diag::name(*judgement.fail_on)) : "exit 0";
}

}  // namespace poolfit::render

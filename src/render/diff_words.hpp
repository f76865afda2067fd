// What text and Markdown say of a difference.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <poolfit/diff/compare.hpp>
#include <poolfit/render/diff.hpp>

namespace poolfit::render {

/// "connections" → "160 → 200 (+40) of 176 usable".
using DiffLine = std::pair<std::string, std::string>;

/// A database and its pools.
struct DiffRecord {
    std::string name;
    diff::Kind kind = diff::Kind::changed;
    bool worse = false;
    std::vector<DiffLine> lines;
};
/// Those that got worse first.
std::vector<DiffRecord> diff_records(const diff::Comparison& comparison);
std::vector<DiffLine> diff_totals(const diff::Comparison& comparison);
/// "2 databases differ, 5 do not".
std::string diff_counts(const diff::Comparison& comparison);
/// What the comparison leaves out, or has to be known about it.
std::vector<std::string> diff_notes(const diff::Comparison& comparison);
/// "--max-increase 20 connections: 40 more": what is not within its allowance.
std::vector<std::string> diff_exceeded(const diff::Comparison& comparison, const diff::Judgement& judgement);
/// "Within $100 and 20 connections: no database is worse, no finding is new.": what a file says instead of nothing.
std::string diff_within(const diff::Judgement& judgement);
/// "exit 1 (1 new finding ≥ error)".
std::string diff_exit(const diff::Judgement& judgement);
/// Of the first file of both sides, where it has the same place in the repository and no label names it; else "".
std::string diff_path(const diff::Comparison& comparison);
/// Of this side, where neither its label nor diff_path names it; else "".
std::string diff_side_path(const diff::Comparison& comparison, const diff::Snapshot& side);
std::vector<const diff::Finding*> diff_grown(const diff::Comparison& comparison);
std::vector<const diff::Finding*> diff_silenced(const diff::Comparison& comparison);
/// "was warning", "suppressed": what became of a finding, beside its text; may be empty.
std::string diff_remark(const diff::Comparison& comparison, const diff::Finding& finding);
/// "error PF001 orders: a deploy needs …".
std::string diff_finding(const diff::Finding& finding);
/// "+", "-" or "~".
std::string_view diff_sign(diff::Kind kind);
/// Is nothing printed? Allowances were given, all is within them, nothing is worse, and no finding is new or silenced.
bool diff_is_silent(const Differing& compared);

}  // namespace poolfit::render

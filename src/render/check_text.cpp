#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/unit/date.hpp>

#include "layout.hpp"
#include "parts.hpp"
#include "phrase.hpp"

namespace poolfit::render {

namespace {

Paint paint(Severity severity) {
    switch (severity) {
        case Severity::error:
            return Paint::bad_mark;
        case Severity::warning:
            return Paint::warn_mark;
        case Severity::info:
            break;
    }
    return Paint::plain;
}

/// A finding in full, and others of its rule that are only named.
struct Shown {
    const Finding* finding = nullptr;
    std::vector<const Finding*> alike;
};

/// So many findings of one rule are one with a list, and the list is no longer than that.
constexpr std::size_t alike_from = fleet_from, most_named = 60;

/// Of a fleet the same warning comes once for each server: the first is in full, the others are named with it.
std::vector<Shown> grouped(const std::vector<const Finding*>& findings, const Gate& gate, bool each) {
    std::map<std::pair<const Rule*, Severity>, std::size_t> counts;
    for (const Finding* finding : findings) ++counts[{finding->rule, finding->severity}];
    std::map<std::pair<const Rule*, Severity>, std::size_t> first;
    std::vector<Shown> result;
    for (const Finding* finding : findings) {
        const std::pair key(finding->rule, finding->severity);
        // What fails the gate is in full, with its own fix.
        const bool fails = gate.fail_on && finding->severity >= *gate.fail_on;
        if (each || fails || finding->severity == Severity::error || counts[key] < alike_from) {
            result.push_back({finding, {}});
            continue;
        }
        const auto [at, is_first] = first.try_emplace(key, result.size());
        if (is_first)
            result.push_back({finding, {}});
        else
            result[at->second].alike.push_back(finding);
    }
    return result;
}

/// "users (line 31), billing (line 40): poolfit check --rule PF301 shows each".
std::string alike_text(const Shown& shown, const Fleet& fleet) {
    std::vector<std::string> names;
    for (const Finding* finding : shown.alike) {
        if (names.size() == most_named) break;
        const Place& place = finding->place;
        const bool same_file = place && shown.finding->place && place.source == shown.finding->place.source;
        names.push_back(
            same_file ? fmt::format("{} (line {})", finding->target, place.source->position(place.span.begin).line)
            : place   ? fmt::format("{} ({})", finding->target, diag::print(place))
                      : finding->target);
    }
    if (shown.alike.size() > names.size()) names.push_back(fmt::format("{} more", shown.alike.size() - names.size()));
    return fmt::format("{}: {} shows each", joined(names, ", "),
                       model::command(fleet, "check", fmt::format("--rule {}", shown.finding->rule->id)));
}

/// "error[PF001] auth-db: a deploy needs 200 connections; only 176 are usable", and the place below it.
void write_finding(std::string& out, const Gate& gate, const Shown& shown, const Style& style) {
    const Finding& finding = *shown.finding;
    Page page(style);
    page.write({{fmt::format("{}[{}]", diag::name(finding.severity), finding.rule->id), paint(finding.severity)},
                fmt::format(" {}: {}", finding.target, finding.message)},
               2);
    out += page.take();
    out += diag::excerpt(finding.place, in_full(*gate.fleet, *gate.plan, finding.label), style, finding.severity);
    auto notes = notes_of(*gate.fleet, *gate.plan, finding);
    if (!finding.fix.empty()) notes.emplace_back("fix", finding.fix);
    if (!shown.alike.empty()) {
        // A finding may itself be about several records.
        const auto also =
            std::ranges::find(notes, std::string_view("also"), &std::pair<std::string, std::string>::first);
        if (also == notes.end())
            notes.emplace_back("also", alike_text(shown, *gate.fleet));
        else
            also->second += ", " + alike_text(shown, *gate.fleet);
    }
    out += diag::print_notes(finding.place, notes, style);
}

/// "ignored[PF301] reports-db: until 2026-11-30 (@dana) "measure after Q4 freeze"".
void write_ignored(std::string& out, const Finding& finding, const Style& style) {
    const Ignore& ignore = *finding.suppressed;
    std::string text = fmt::format(" {}:", finding.target);
    if (ignore.until) text += fmt::format(" until {}", unit::print(**ignore.until));
    if (ignore.owner) text += fmt::format(" (@{})", **ignore.owner);
    text += ignore.reason ? fmt::format(" \"{}\"", **ignore.reason) : std::string(" without a reason");
    Page page(style);
    page.write({fmt::format("ignored[{}]", finding.rule->id), text}, 2);
    out += page.take();
}

}  // namespace

std::string exit_text(const Gate& gate) {
    if (!gate.fail_on) return "exit 0 (never fails)";
    return gate.failed ? fmt::format("exit 1 (≥ {})", diag::name(*gate.fail_on))
                       : fmt::format("exit 0 (none ≥ {})", diag::name(*gate.fail_on));
}

std::string found_text(const Gate& gate) {
    std::vector<std::string> counts;
    const lint::Count& count = gate.count;
    if (count.errors) counts.push_back(counted(count.errors, "error"));
    if (count.warnings) counts.push_back(counted(count.warnings, "warning"));
    if (count.infos) counts.push_back(counted(count.infos, "info"));
    if (counts.empty()) counts.push_back("no findings");
    if (count.suppressed) counts.push_back(fmt::format("{} ignored", count.suppressed));
    if (count.known) counts.push_back(fmt::format("{} in the baseline", count.known));
    counts.push_back(fmt::format("{}, {}", counted(gate.databases, "database"), counted(gate.services, "service")));
    return joined(counts);
}

std::string check_text(const Gate& gate, const Style& style, CheckOptions options, int threads) {
    bool ignored = false;
    std::vector<const Finding*> told;
    for (const Finding& finding : gate.findings) {
        if (finding.suppressed)
            ignored = true;
        else if (finding.known)
            continue;
        else if (!options.only_failing || (gate.fail_on && finding.severity >= *gate.fail_on))
            told.push_back(&finding);
    }
    const std::vector<Shown> all = grouped(told, gate, options.each);
    const auto some = [&](std::size_t first, std::size_t last) {
        std::string part;
        for (std::size_t k = first; k < last; ++k) {
            write_finding(part, gate, all[k], style);
            part += '\n';
        }
        return part;
    };
    std::string out;
    in_parts(all.size(), threads, some, [&](const std::string& part) { out += part; });
    if (ignored && !options.only_failing) {
        for (const Finding& finding : gate.findings)
            if (finding.suppressed) write_ignored(out, finding, style);
        out += '\n';
    }
    Page page(style);
    page.ends({found_text(gate)}, {{exit_text(gate), gate.failed ? Paint::bad : Paint::plain}}, 2);
    return out + page.take();
}

}  // namespace poolfit::render

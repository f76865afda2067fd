#include "suppress.hpp"

#include <algorithm>

#include "rules.hpp"

namespace poolfit::lint {

bool means(std::string_view selector, const Rule& rule) {
    return rule.id == selector || rule.name == selector ||
           (selector.size() > 2 && selector.starts_with("PF") && rule.id.starts_with(selector));
}

Suppressions::Suppressions(const Fleet& fleet, std::optional<Date> today)
    : fleet_(fleet), today_(today), used_(fleet.ignores.size()) {
    for (std::size_t i = 0; i < fleet.ignores.size(); ++i) {
        const Ignore& ignore = fleet.ignores[i];
        if (ignore.line) on_line_[{ignore.place.source, *ignore.line}].push_back(i);
        if (const Place& also = ignore.changed)
            on_line_[{also.source, also.source->position(also.span.begin).line}].push_back(i);
    }
}

std::vector<std::size_t> Suppressions::near(const Finding& finding) {
    const auto [records, fresh] = of_rule_.try_emplace(finding.rule);
    if (fresh)
        for (std::size_t i = 0; i < fleet_.ignores.size(); ++i)
            if (!fleet_.ignores[i].line && means(*fleet_.ignores[i].rule, *finding.rule)) records->second.push_back(i);
    std::vector<std::size_t> all = records->second;
    if (const Place& place = finding.place; place && !on_line_.empty()) {
        const auto comments = on_line_.find({place.source, place.source->position(place.span.begin).line});
        if (comments != on_line_.end()) all.insert(all.end(), comments->second.begin(), comments->second.end());
    }
    std::ranges::sort(all);
    return all;
}

bool Suppressions::covers(const Ignore& ignore, const Finding& finding) const {
    if (!means(*ignore.rule, *finding.rule) || expired(ignore)) return false;
    return !ignore.target || catalog::glob_matches(**ignore.target, finding.target);
}

void Suppressions::apply(std::vector<Finding>& findings) {
    for (Finding& finding : findings) {
        for (const std::size_t i : near(finding)) {
            const Ignore& ignore = fleet_.ignores[i];
            // No suppression hides what is wrong with itself.
            if (finding.place.source == ignore.place.source && finding.place.span.begin >= ignore.place.span.begin &&
                finding.place.span.end <= ignore.place.span.end)
                continue;
            if (!covers(ignore, finding)) continue;
            used_[i] = true;  // each that covers it has its use
            if (!finding.suppressed) finding.suppressed = &ignore;
        }
    }
}

std::vector<Finding> Suppressions::unused(const std::vector<const Rule*>& on) const {
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < fleet_.ignores.size(); ++i) {
        const Ignore& ignore = fleet_.ignores[i];
        if (used_[i] || ignore.idle || expired(ignore)) continue;
        if (std::ranges::none_of(on, [&](const Rule* rule) { return means(*ignore.rule, *rule); })) continue;
        findings.push_back(found_unused(ignore));
    }
    return findings;
}

}  // namespace poolfit::lint

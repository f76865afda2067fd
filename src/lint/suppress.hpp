// Suppressions on findings: which one covers which, and which covers none.
#pragma once

#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// Does the selector (an id, a name, or the beginning of ids) mean the rule?
bool means(std::string_view selector, const Rule& rule);

class Suppressions {
public:
    Suppressions(const Fleet& fleet, std::optional<Date> today) : fleet_(fleet), today_(today) {
        used_.resize(fleet.ignores.size());
    }

    /// Marks what is covered.
    void apply(std::vector<Finding>& findings);
    /// One finding for each that covered nothing, though it has not expired and one of its rules is on.
    std::vector<Finding> unused(const std::vector<const Rule*>& on) const;

private:
    bool expired(const Ignore& ignore) const { return ignore.until && today_ && **ignore.until < *today_; }
    bool covers(const Ignore& ignore, const Finding& finding) const;

    const Fleet& fleet_;
    std::optional<Date> today_;
    std::vector<bool> used_;
};

}  // namespace poolfit::lint

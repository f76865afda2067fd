// Suppressions on findings: which one covers which, and which covers none.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// Does the selector (an id, a name, or an id prefix) match the rule?
bool means(std::string_view selector, const Rule& rule);

class Suppressions {
public:
    Suppressions(const Fleet& fleet, std::optional<Date> today);

    /// Marks what is covered.
    void apply(std::vector<Finding>& findings);
    /// One finding for each that covered nothing, though it has not expired and one of its rules is on.
    std::vector<Finding> unused(const std::vector<const Rule*>& on) const;

private:
    using Line = std::pair<const SourceText*, std::uint32_t>;

    bool expired(const Ignore& ignore) const { return ignore.until && today_ && **ignore.until < *today_; }
    bool covers(const Ignore& ignore, const Finding& finding) const;
    /// Those that may cover the finding, in order: the comments on its line, and the records of its rule.
    std::vector<std::size_t> near(const Finding& finding);

    const Fleet& fleet_;
    std::optional<Date> today_;
    std::vector<bool> used_;
    std::map<Line, std::vector<std::size_t>> on_line_;
    std::map<const Rule*, std::vector<std::size_t>> of_rule_;  ///< records, of rules that were asked for
};

}  // namespace poolfit::lint

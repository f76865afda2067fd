// Suppressions written as comments: # poolfit: ignore[PF101] until=2026-12-31 owner=dana reason="…"
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <poolfit/model/fleet.hpp>

#include "reader.hpp"

namespace poolfit::load {

/// Could `text` be the id of a rule, the beginning of one ("PF1"), or its name?
bool is_rule_reference(std::string_view text);

/// What comments cover where there are environments. A suppression that covers nothing is judged in the run that it
/// was written for: one of the inventory without --env, one of an environment with it.
class Coverage {
public:
    /// All in this environment, which is the one that --env asks for, or is not.
    void of_environment(const Member& environment, bool asked);
    /// Comments at `change` cover what stands at `changed` as well.
    void same(const Place& change, const Place& changed);
    /// --env asks for one.
    void ask() { asked_ = true; }

    bool is_idle(const SourceText& source, std::uint32_t line) const;
    Place changed_at(const SourceText& source, std::uint32_t line) const;

private:
    bool commented(const Place& place);
    void add(const Place& place, bool asked);
    void add(const Value& value, bool asked);

    using Line = std::pair<const SourceText*, std::uint32_t>;
    struct Hash {
        std::size_t operator()(const Line& line) const {
            return std::hash<const SourceText*>()(line.first) * 31 + line.second;
        }
    };
    std::unordered_map<const SourceText*, bool> marked_;  ///< has it suppressions?
    bool asked_ = false;
    std::unordered_map<Line, bool, Hash> lines_;  ///< of environments: is it the one asked for?
    std::unordered_map<Line, Place, Hash> changed_;
};

/// Reads the comments of TOML text that begin with "poolfit:", and appends one Ignore for each rule that they name. A
/// comment behind a key covers that line; one on a line of its own, the next line that has more than a comment.
void read_suppressions(Context& context, const SourceText& source, const Coverage& coverage, std::vector<Ignore>& out);

}  // namespace poolfit::load

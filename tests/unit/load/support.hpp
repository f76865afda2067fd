// Loading from text in tests: marked places, a whole inventory with holes, a fleet as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/load/load.hpp>

namespace poolfit::test {

const Catalog& built_in();

/// A load and everything its places point into.
struct Loaded {
    Sources sources;
    Diagnostics diagnostics;
    std::optional<Fleet> fleet;

    /// All diagnostics as they would be printed.
    std::string text() const;
    /// "4:12 message", one a line.
    std::string list() const;
};
Loaded load_text(std::string text, const std::vector<std::string>& settings = {}, std::string name = "poolfit.toml");

/// Text whose one «marked» part is where the error must be.
struct Marked {
    std::string text;
    std::size_t begin = 0, end = 0;
    std::string position;  ///< "line:column", counted from the text
};
Marked unmark(std::string_view text);
/// Loading has one diagnostic, at the mark, with this fix.
void check_one(std::string_view text, std::string_view message, std::string_view fix);

/// A good inventory with every kind of record, where the lines of one section take the place of its own lines with
/// the same keys. Sections: "" for the top, policy, host, database, observed, replica, service, vars, pool, workload,
/// pooler, price, growth, ignore, and alias, in a pooler of its own.
std::string inventory_with(std::string_view section, std::string_view lines);

/// The section of a header: "[[service.pool]]" → "pool".
std::string_view section_of(std::string_view header);

/// Every field of a fleet that isn't a place.
std::string dump(const Fleet& fleet);

}  // namespace poolfit::test

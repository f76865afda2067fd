// The formats, as rows of a table: the command of each, its name, and the function that makes the text. Help,
// completion and dispatch read it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/render/diff.hpp>
#include <poolfit/render/pool.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/render/simulation.hpp>

namespace poolfit::render {

// The results of commands. Everything pointed to outlives the rendering.
struct Planned {
    const Report* report = nullptr;
    TextOptions text{};
};
struct Checked {
    const Report* report = nullptr;
    const Gate* gate = nullptr;
    CheckOptions text{};
};
struct Explained {
    const Report* report = nullptr;
    const std::vector<report::Target>* targets = nullptr;
};
struct ExplainedRule {
    const Rule* rule = nullptr;
};
struct CheckedCatalog {
    std::string_view file;
    std::size_t classes = 0, prices = 0;  ///< rows
};
struct Validated {
    const Fleet* fleet = nullptr;
};
/// What the program was built from.
struct BuiltFrom {
    std::string_view commit;    ///< in full; empty: not known
    bool working_tree = false;  ///< from files that may differ from the commit
};
struct Versioned {
    const Catalog* catalog = nullptr;
    BuiltFrom built_from;
};
using Content = std::variant<Planned, Checked, Differing, Explained, ExplainedRule, const PoolReport*,
                             const Simulation*, const CatalogList*, const ShownClass*,
                             const std::vector<KnownPlatform>*, CheckedCatalog, Validated, Versioned,
                             std::string_view>;  ///< the last: text as it is

/// One of several files that a format is.
struct NamedText {
    std::string name;  ///< of letters, digits, "-" and "." alone
    std::string text;
};

/// `plan --format svg=DIR`: the pictures of the HTML page, a file for each.
std::vector<NamedText> picture_files(const Report& report);

struct Format {
    std::string_view command;  ///< "plan", "catalog list"
    std::string_view name;     ///< "json"
    std::string (*render)(const Content& content, const Style& style) = nullptr;
    void (*stream)(const Content& content, const Sink& sink) = nullptr;  ///< the same; null where it is never long
    std::vector<NamedText> (*files)(const Content& content) = nullptr;   ///< in place of `render`: it fills a folder
    /// What a run that fails prints in its place, for a reader that knows nothing else; null: nothing.
    std::string (*failure)(const Diagnostics& diagnostics) = nullptr;
};

/// All of them; of each command its default first.
std::span<const Format> formats();
/// The names of a command's formats, the default first.
std::vector<std::string_view> format_names(std::string_view command);
/// Null for a format that the command does not have.
const Format* find_format(std::string_view command, std::string_view name);

}  // namespace poolfit::render

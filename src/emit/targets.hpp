// data/emit as tables: how each driver's pool is set up, and what refuses a pool over its budget in each language.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <poolfit/emit/language.hpp>

namespace poolfit::emit {

/// A file that sets up the pool of a driver.
struct Target {
    std::string_view driver;           ///< its id
    std::string_view driver_language;  ///< of the services that use it: "javascript"
    std::string_view ending;           ///< of the file: ".mjs"
    Language language;                 ///< of the file
    std::string_view snippet;
    std::string_view client[3];  ///< {{client}} for PostgreSQL, MySQL, MariaDB
    std::string_view never;      ///< lines: where the size is set and does not hold
    std::string_view size;       ///< reads the size of a started pool; empty: not known
    std::string_view variable;   ///< of the environment, read by `read_by` without a line of code; empty: none
    std::string_view read_by;    ///< "Spring Boot"
    std::string_view of_one;     ///< what its names are of, where they are of one pool; empty: they may be of any
    int least_acquire_ms, least_life_ms;  ///< the driver takes no less; 0: any
    std::string_view source, as_of;
};
std::span<const Target> targets();
/// The driver's first target that names a variable; null where it reads none.
const Target* with_variable(std::string_view driver);

/// What checks pools when a service starts.
struct Guard {
    std::string_view name;  ///< of the language, as Target::driver_language
    std::string_view ending;
    Language language;
    std::string_view entry, call, snippet;
    std::string_view about;  ///< the line above the calls; empty: the usual one
};
std::span<const Guard> guards();

/// A value of a template: `{{name}}`; nothing: it is not there.
struct Hole {
    std::string_view name;
    std::optional<std::string> value;
};
/// The template with its values. A line with a value that is not there is left out, and so is what stands in {?…?}.
std::string filled(std::string_view text, std::span<const Hole> holes);

}  // namespace poolfit::emit

// Lines of `--stream`: a report or an error each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::render {

/// What a line of the stream calls itself; nothing where it has no id.
using StreamId = std::variant<std::monostate, std::string, std::int64_t>;

/// A line, with its line break, around a document that `json` wrote.
std::string stream_line(std::size_t number, const StreamId& id, int exit_code, std::string_view report);
/// The same of a failure, as error_json has it.
std::string stream_error(std::size_t number, const StreamId& id, std::string_view kind, std::string_view message,
                         int exit_code, const Diagnostics& diagnostics);

}  // namespace poolfit::render

// Values as fresh text: what print() writes where there is no text to keep.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <poolfit/load/document.hpp>

namespace poolfit::load {

/// A key: bare where TOML lets it be, else in quotes.
std::string key_text(std::string_view key, Syntax syntax);
/// A string, a number, a date, true, false, null.
std::string scalar_text(const Value& value, Syntax syntax);
/// TOML: on one line, a list that is longer than `room` columns on several, indented by 4 beyond `indent`.
std::string toml_text(const Value& value, std::string_view indent = {}, std::size_t room = 100);
/// JSON: an item a line, each level indented by `step` beyond `indent`; lists of scalars on one line.
std::string json_text(const Value& value, std::string_view indent, std::string_view step);

/// Is there anything to write? Not of null in TOML.
bool is_written(const Value& value, Syntax syntax);
/// Does TOML write it as [header]s, if it may?
bool has_headers(const Value& value);
/// { min = 2, max = 10 }
bool is_range(const Table& table);

}  // namespace poolfit::load

// The two parsers, and what is refused before either sees a text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <poolfit/load/document.hpp>

namespace poolfit::load {

/// Deepest nesting of arrays and tables, and most values in one file.
inline constexpr std::size_t max_depth = 64;
inline constexpr std::size_t max_values = 4'000'000;

/// By the name's ending, else JSON if the first character is '{'.
Syntax syntax_of(const SourceText& source);

/// As parse(), in a given syntax and without comments: all that checking needs.
std::optional<Document> parse_values(const SourceText& source, Syntax syntax, Diagnostics& diagnostics);
/// A text much longer than `part` bytes is cut before [[records]] into parts of about that size, which are parsed on
/// several threads. The result is the same.
inline constexpr std::size_t usual_part = std::size_t{32} << 10;
std::optional<Document> parse_toml(const SourceText& source, Diagnostics& diagnostics, std::size_t part = usual_part);
std::optional<Document> parse_json(const SourceText& source, Diagnostics& diagnostics);

/// Size, UTF-8 and control characters: what no syntax has. False after an error.
bool check_text(const SourceText& source, Diagnostics& diagnostics);

/// Is the document another of poolfit's, by its schema? One error then says what to do with it: nothing else that could
/// be said of it would help. `own` is "poolfit-inventory/", say.
bool is_other_document(const Document& document, std::string_view own, std::string_view file, Diagnostics& diagnostics);

/// The value of a --set text: `text` from `begin` on, read as a TOML value if it is one, else as a string.
Value parse_setting_value(const SourceText& setting, std::uint32_t begin);

/// Bytes of a byte order mark at the start: 0 or 3.
inline std::uint32_t bom_length(std::string_view text) { return text.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

}  // namespace poolfit::load

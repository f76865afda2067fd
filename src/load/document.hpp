// The tree that TOML and JSON text become: values in file order, each with the bytes it was written in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>

namespace poolfit::load {

struct Value;
struct Member;

struct Null {};
/// A date or a time as TOML has them, as written.
struct DateText {
    std::string text;
};
struct Array {
    std::vector<Value> items;
    bool of_headers = false;  ///< written as [[name]] headers
};
struct Table {
    std::vector<Member> members;  ///< in order of position
};

struct Value {
    std::variant<Null, bool, std::int64_t, double, std::string, DateText, Array, Table> data;
    Place place;
    /// Of a string that stands in the source byte for byte (no escapes): its first byte, inside the quotes.
    std::optional<std::uint32_t> text_begin;

    template <class T>
    const T* as() const {
        return std::get_if<T>(&data);
    }
    template <class T>
    T* as() {
        return std::get_if<T>(&data);
    }
    /// The place of `span` bytes of a string, or of the whole value if its text has escapes.
    Place inside(std::size_t offset, std::size_t length) const;
};

struct Member {
    std::string key;
    Place key_place;
    Value value;
};

const Value* find(const Table& table, std::string_view key);
Value* find(Table& table, std::string_view key);

enum class Syntax : std::uint8_t { toml, json };

struct Document {
    Table root;
    Syntax syntax = Syntax::toml;
    const SourceText* source = nullptr;
};

/// Deepest nesting of arrays and tables, and most values in one file.
inline constexpr std::size_t max_depth = 64;
inline constexpr std::size_t max_values = 500'000;

/// By the name's ending, else JSON if the first character is '{'.
Syntax syntax_of(const SourceText& source);

/// Text to tree; nothing after an error. One syntax error at most is reported.
std::optional<Document> parse(const SourceText& source, Diagnostics& diagnostics);
std::optional<Document> parse_toml(const SourceText& source, Diagnostics& diagnostics);
std::optional<Document> parse_json(const SourceText& source, Diagnostics& diagnostics);

/// Size, UTF-8 and control characters: what no syntax has. False after an error.
bool check_text(const SourceText& source, Diagnostics& diagnostics);

/// The value of a --set text: `text` from `begin` on, read as a TOML value if it is one, else as a string.
Value parse_setting_value(const SourceText& setting, std::uint32_t begin);

/// Bytes of a byte order mark at the start: 0 or 3.
std::uint32_t bom_length(std::string_view text);

}  // namespace poolfit::load

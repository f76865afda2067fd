// A first look at TOML text before the parser sees it: how deep and how many, without recursion; and after
// an error, where a key stood first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/diag/source.hpp>

namespace poolfit::load {

/// A key or a header, in order of the text.
struct TomlKey {
    enum class Kind : std::uint8_t { key, table, table_list } kind = Kind::key;
    Span span;                ///< of the (dotted) key, brackets included for a header
    std::uint32_t scope = 0;  ///< 0 outside values; else a number per inline table
};

/// What makes a text unfit for any parser.
struct TomlExcess {
    enum class Kind : std::uint8_t { depth, dots, values, tables } kind = Kind::depth;
    std::uint32_t offset = 0;
};

/// Walks the text once. Keys are collected only when `keys` is given. On a text that isn't TOML it stays
/// harmless: it sees at least the brackets and dots that a parser would before its first error. Comments, where
/// asked for, are from their # to the end of their line.
std::optional<TomlExcess> scan_toml(std::string_view text, std::vector<TomlKey>* keys,
                                    std::vector<Span>* comments = nullptr);
/// What a text has of what is limited.
struct TomlCounts {
    std::size_t values = 0, dotted = 0, headers = 0, implied = 0;
    TomlCounts& operator+=(const TomlCounts& more);
};
/// Of a part of a text; nothing where the part alone is unfit.
std::optional<TomlCounts> count_toml(std::string_view part);
/// Is a text whose parts have so much together fit for a parser? Where it may not be, only `scan_toml` knows.
bool is_fit(const TomlCounts& counts);

/// Where the next line begins with a [[name]] without dots, from `from` on; the text's size where none does. What
/// follows depends on nothing before it but by its name, unless the line is within a string or a list: then what is
/// before it does not end.
std::size_t next_record(std::string_view text, std::size_t from);

/// Past the string that begins at `begin`. A one-line string ends at its line's end at the latest.
std::size_t skip_string(std::string_view text, std::size_t begin);

/// Parts of a dotted key or a header: `a."b.c"` is {"a", "b.c"}. Escapes are left as they are.
std::vector<std::string> split_key(std::string_view text);

/// The first occurrence of the key that is given twice, the second time around `offset`.
std::optional<Span> first_place(std::string_view text, std::uint32_t offset);

}  // namespace poolfit::load

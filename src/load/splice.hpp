// Lists and tables in brackets that were edited: the text of what stayed, and of what is between, is kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <poolfit/load/document.hpp>

namespace poolfit::load {

/// The text that values of a document had.
struct Written {
    const SourceText* source;
    Syntax syntax;
    std::string step = "  ";  ///< what a level of JSON is indented by

    /// `now` as text where `was` stood, in a line indented by `indent`.
    std::string value(const Value& now, const Value& was, std::string_view indent) const;
    /// The same of a table in brackets that begins at `open`.
    std::string table(const Table& now, const Table& was, std::uint32_t open, std::string_view indent) const;
    /// Behind the bracket that closes the one at `open`.
    std::uint32_t close_of(std::uint32_t open) const;
    Span span_of(const Value& was) const;
};

}  // namespace poolfit::load

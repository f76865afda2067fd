// Where the lines of TOML text begin and end, and the comments that stand at its values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/load/document.hpp>

namespace poolfit::load {

/// What is written from one key or header to the next: byte offsets, in ascending order.
struct Statement {
    std::uint32_t lead;     ///< blank lines and comments above it
    std::uint32_t begin;    ///< of its own line
    std::uint32_t key;      ///< the key, or the header's bracket
    std::uint32_t value;    ///< the value; of a header its end
    std::uint32_t content;  ///< the end of the value or the header
    std::uint32_t end;      ///< of the line, its line end included
    bool is_header;
};
struct Layout {
    std::vector<Statement> statements;  ///< in order
    std::uint32_t tail = 0;             ///< what stands below the last

    /// The one that the byte at `offset` is part of, or null.
    const Statement* at(std::uint32_t offset) const;
};

/// Of text that the parser took.
Layout layout_of(std::string_view text);

/// Lines of blank and comment, as Comments::before has them.
std::string comment_lines(std::string_view text);
/// The comment between a statement's content and its end, as Comments::behind has it.
std::string comment_behind(std::string_view text, const Statement& statement);

/// Gives the values of a document that was just parsed their comments.
void attach_comments(Document& document);

}  // namespace poolfit::load

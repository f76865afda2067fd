// Text as a terminal shows it: decoding that never fails, widths in columns, and nothing raw.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace poolfit::diag {

/// One code point, or one byte that is not part of any.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 1;  ///< bytes
    bool valid = true;
};

/// The code point at `offset`, which must be inside the text.
CodePoint decode(std::string_view text, std::size_t offset);
/// The code point as UTF-8, at the end of the text. Half a surrogate pair is not refused.
void append_utf8(std::string& text, char32_t c);

/// How many characters from `offset` on are printable ASCII, which is shown as it is, a column each.
std::size_t plain_run(std::string_view text, std::size_t offset);

/// Columns of a code point: 0 for combining marks, 2 for wide East Asian characters and emoji, else 1.
int width(char32_t c);
/// Columns of text that `visible` has passed.
int width(std::string_view text);

/// Is it printed as it is, on a terminal that has Unicode?
bool stands(CodePoint c);
/// The code point as a terminal may see it: control and direction characters as "\x1b" or "\u202e", an invalid
/// byte as "?"; without Unicode the common signs in ASCII ("–" is "-") and the rest as "\u00e9".
std::string visible(CodePoint c, bool unicode);
std::string visible(std::string_view text, bool unicode);

/// A shell command in its words, quotes and all: it may be broken between them, behind a backslash, and nowhere else.
std::vector<std::string_view> shell_words(std::string_view command);
/// Does the text begin with a program that our texts tell a user to run?
bool is_command(std::string_view text);

}  // namespace poolfit::diag

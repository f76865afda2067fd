// How text looks on each stream: colour, width, and whether it may leave ASCII.
#pragma once

#include <optional>

#include <poolfit/diag/diagnostic.hpp>

#include "options.hpp"

namespace poolfit::cli {

inline constexpr int stdout_fd = 1;
inline constexpr int stderr_fd = 2;
inline constexpr int no_fd = -1;  ///< a file: no terminal

/// Colour: --color, NO_COLOR, CLICOLOR_FORCE or FORCE_COLOR, CLICOLOR=0, TERM=dumb, is it a terminal.
/// Width: --width, COLUMNS, the terminal, 80; 40 at least, 400 at most.
/// Unicode: LC_ALL, else LC_CTYPE, else LANG, names UTF-8.
diag::Style style_of(int fd, Colour colour, std::optional<int> width);

}  // namespace poolfit::cli

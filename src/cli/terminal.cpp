#include "terminal.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

#include "environment.hpp"

namespace poolfit::cli {
namespace {

constexpr int narrowest = 40, widest = 400, usual = 80;

bool is_terminal(int fd) { return isatty(fd) == 1; }

bool has_colour(int fd, Colour colour) {
    if (colour != Colour::automatic) return colour == Colour::always;
    if (fd == no_fd || !variable("NO_COLOR").empty()) return false;
    const std::string_view force = variable("CLICOLOR_FORCE");
    if ((!force.empty() && force != "0") || !variable("FORCE_COLOR").empty()) return true;
    if (variable("CLICOLOR") == "0" || variable("TERM") == "dumb") return false;
    return is_terminal(fd);
}

int width_of(int fd) {
    const std::string_view columns = variable("COLUMNS");
    int width = 0;
    const auto [end, error] = std::from_chars(columns.data(), columns.data() + columns.size(), width);
    if (error == std::errc() && end == columns.data() + columns.size() && width > 0) return width;
    winsize size{};
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return usual;
}

bool is_utf8() {
    std::string locale;
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        locale = variable(name);
        if (!locale.empty()) break;
    }
    std::transform(locale.begin(), locale.end(), locale.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
}

}  // namespace

diag::Style style_of(int fd, Colour colour, std::optional<int> width) {
    diag::Style style;
    style.colour = has_colour(fd, colour);
    style.unicode = is_utf8();
    style.width = std::clamp(width ? *width : width_of(fd), narrowest, widest);
    return style;
}

}  // namespace poolfit::cli

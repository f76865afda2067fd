#include "progress.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include <unistd.h>

#include "environment.hpp"
#include "files.hpp"
#include "terminal.hpp"

namespace poolfit::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds patience = 1s, pause = 100ms;
constexpr int widest_bar = 40;
constexpr char erase[] = "\r\x1b[K";

volatile std::sig_atomic_t is_shown = 0;

}  // namespace

void clear_progress() {
    if (is_shown == 0) return;
    is_shown = 0;
    const ssize_t written = ::write(stderr_fd, erase, sizeof erase - 1);
    static_cast<void>(written);  // nothing can be done about it
}

Progress::Progress(std::string what, bool wanted)
    : what_(std::move(what)),
      wanted_(wanted && ::isatty(stderr_fd) == 1 && variable("TERM") != "dumb"),
      begun_(Clock::now()),
      shown_(begun_) {
    if (!wanted_) return;
    const diag::Style style = style_of(stderr_fd, Colour::never, {});
    unicode_ = style.unicode;
    width_ = style.width;
}

Progress::~Progress() { clear_progress(); }

void Progress::tell(double share) {
    if (!wanted_) return;
    const auto now = Clock::now();
    if (now - begun_ < patience || (is_shown != 0 && now - shown_ < pause)) return;
    shown_ = now;
    const int cells = std::min(widest_bar, width_ - static_cast<int>(what_.size()) - 8);
    const int full = std::clamp(static_cast<int>(share * cells), 0, std::max(cells, 0));
    std::string line = erase + what_;
    line += ' ';
    for (int i = 0; i < cells; ++i) line += i < full ? (unicode_ ? "■" : "#") : (unicode_ ? "□" : ".");
    line += fmt::format(" {:3.0f} %", std::clamp(share, 0.0, 1.0) * 100);
    is_shown = 1;
    write_stream(stderr_fd, line);
}

}  // namespace poolfit::cli

// Breaks what is written on a page into lines.
#include <algorithm>
#include <array>
#include <cstddef>

#include <poolfit/diag/text.hpp>

#include "layout.hpp"

namespace poolfit::render {
namespace {

constexpr std::string_view no_break_space = "\u00a0";

std::string_view escape(Paint paint) {
    switch (paint) {
        case Paint::good:
            return "\x1b[32m";
        case Paint::warn:
            return "\x1b[33m";
        case Paint::bad:
            return "\x1b[31m";
        case Paint::dim:
            return "\x1b[2m";
        case Paint::plain:
            break;
    }
    return "\x1b[0m";
}

/// Bytes [begin, end) that stay on one line, after `gap` spaces.
struct Word {
    std::size_t begin = 0, end = 0;
    int gap = 0, width = 0;
};

enum class Cling : std::uint8_t { no, to_previous, to_next };

constexpr std::array<std::string_view, 10> to_next{"→", "->", "=", "×", "x", "−", "-", "+", "÷", "/"};
constexpr std::array<std::string_view, 9> to_previous{"·", "|", "GiB", "MiB", "TiB", "Mbps", "ms", "vCPU", "h"};

/// First bytes of words that must stay next to another word. Most words can be ruled out by their first byte.
constexpr auto clinging = [] {
    std::array<bool, 256> first{};
    for (const std::string_view sign : to_next) first[static_cast<unsigned char>(sign.front())] = true;
    for (const std::string_view sign : to_previous) first[static_cast<unsigned char>(sign.front())] = true;
    first['%'] = true;
    return first;
}();

/// Signs that don't stand at the wrong side of a line's end: a unit stays with its number.
Cling cling(std::string_view word) {
    if (!clinging[static_cast<unsigned char>(word.front())]) return Cling::no;
    if (std::ranges::find(to_next, word) != to_next.end()) return Cling::to_next;
    while (!word.empty() && (word.back() == ',' || word.back() == ';' || word.back() == ':' || word.back() == ')'))
        word.remove_suffix(1);
    if (word.starts_with('%') || std::ranges::find(to_previous, word) != to_previous.end()) return Cling::to_previous;
    return Cling::no;
}

std::vector<Word> words_of(std::string_view line) {
    std::vector<Word> words;
    words.reserve(line.size() / 4);
    bool open = false;  // the last word takes the next one in
    for (std::size_t at = 0;;) {
        Word word;
        word.begin = std::min(line.find_first_not_of(' ', at), line.size());
        if (word.begin == line.size()) return words;
        word.gap = static_cast<int>(word.begin - at);
        word.end = at = std::min(line.find(' ', word.begin), line.size());
        const std::string_view text = line.substr(word.begin, word.end - word.begin);
        word.width = diag::width(text);
        const Cling side = cling(text);
        if (!words.empty() && word.gap == 1 && (open || side == Cling::to_previous)) {
            words.back().end = word.end;
            words.back().width += word.gap + word.width;
        } else {
            words.push_back(word);
        }
        open = side == Cling::to_next;
    }
}

/// Text from `begin` on, in one colour.
struct Run {
    std::size_t begin;
    Paint paint;
};

/// Writes parts of a line, in their colours.
class Pen {
public:
    Pen(std::string& out, bool colour, std::string_view line, const std::vector<Run>& runs)
        : out_(out), colour_(colour), line_(line), runs_(runs) {}

    void set(Paint next) {
        if (colour_ && next != paint_) {
            if (paint_ != Paint::plain) out_ += escape(Paint::plain);
            if (next != Paint::plain) out_ += escape(next);
        }
        paint_ = next;
    }
    /// No colour goes on over the gap before a word of another one.
    void before(std::size_t begin) {
        if (colour_ && runs_[run_at(begin)].paint != paint_) set(Paint::plain);
    }
    void write(std::size_t begin, std::size_t end) {
        if (!colour_) return add(begin, end);
        for (std::size_t run = run_at(begin); begin < end; ++run) {
            const std::size_t stop = run + 1 < runs_.size() ? std::min(runs_[run + 1].begin, end) : end;
            set(runs_[run].paint);
            add(begin, stop);
            begin = stop;
        }
    }

private:
    /// Words come in their order, so the run only goes on.
    std::size_t run_at(std::size_t begin) {
        while (run_ + 1 < runs_.size() && runs_[run_ + 1].begin <= begin) ++run_;
        return run_;
    }
    void add(std::size_t begin, std::size_t end) {
        std::string_view text = line_.substr(begin, end - begin);
        for (std::size_t at; (at = text.find(no_break_space)) != text.npos;) {
            out_ += text.substr(0, at);
            out_ += ' ';
            text.remove_prefix(at + no_break_space.size());
        }
        out_ += text;
    }

    std::string& out_;
    bool colour_;
    std::string_view line_;
    const std::vector<Run>& runs_;
    std::size_t run_ = 0;
    Paint paint_ = Paint::plain;
};

void cut_blanks(std::string& text, std::size_t from = 0) {
    while (text.size() > from && text.back() == ' ') text.pop_back();
}

}  // namespace

/// The line as it is, where it fits and no colour has to be set; the column after it.
std::optional<int> Page::on_one_line(const Pieces& pieces, int start) {
    const std::size_t begin = out_.size();
    for (const Piece& piece : pieces) append_shown(out_, piece.text, unicode_);
    cut_blanks(out_, begin);
    const int column = start + diag::width(std::string_view(out_).substr(begin));
    if (column > width_ || out_.size() == begin) {
        out_.resize(begin);
        return std::nullopt;
    }
    for (std::size_t at = out_.find(no_break_space, begin); at != out_.npos; at = out_.find(no_break_space, at)) {
        out_[at] = ' ';
        out_.erase(at + 1, no_break_space.size() - 1);
    }
    out_ += '\n';
    return column;
}

int Page::wrap(const Pieces& pieces, int start, int indent, std::string_view rest) {
    std::size_t bytes = 0;
    for (const Piece& piece : pieces) bytes += piece.text.size();
    // What is much longer than a line is not tried as one.
    if (!colour_ && bytes <= 2 * static_cast<std::size_t>(width_))
        if (const auto end = on_one_line(pieces, start)) return *end;
    std::string line;
    std::vector<Run> runs;
    line.reserve(bytes);
    runs.reserve(pieces.size());
    for (const Piece& piece : pieces) {
        runs.push_back({line.size(), piece.paint});
        append_shown(line, piece.text, unicode_);
    }
    const std::string guide = shown(rest, unicode_);
    const int guide_width = diag::width(guide);
    indent = std::max(std::clamp(indent, 0, width_ * 3 / 4), guide_width);
    int column = start;
    Pen pen(out_, colour_, line, runs);
    const auto spaces = [&](int n) { out_.append(static_cast<std::size_t>(std::max(0, n)), ' '); };
    const auto next_line = [&] {
        pen.set(Paint::plain);
        cut_blanks(out_);
        out_ += '\n';
        out_ += guide;
        spaces(indent - guide_width);
        column = indent;
    };
    bool fresh = true;
    for (const Word& word : words_of(line)) {
        const bool fits = column + word.gap + word.width <= width_;
        if (!fits && !fresh && word.width <= width_ - indent) {
            next_line();
        } else if (fits || column + word.gap + 8 <= width_) {
            pen.before(word.begin);
            spaces(word.gap);
            column += word.gap;
        } else {
            next_line();
        }
        fresh = false;
        if (column + word.width <= width_) {
            pen.write(word.begin, word.end);
            column += word.width;
            continue;
        }
        for (std::size_t at = word.begin; at < word.end;) {  // longer than a line
            const diag::CodePoint point = diag::decode(line, at);
            const int width = diag::width(point.value);
            if (column + width > width_) next_line();
            pen.write(at, at + point.length);
            column += width;
            at += point.length;
        }
    }
    pen.set(Paint::plain);
    cut_blanks(out_);
    out_ += '\n';
    return column;
}

}  // namespace poolfit::render

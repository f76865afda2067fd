// Breaks what is written on a page into lines.
#include <algorithm>
#include <array>
#include <cstddef>

#include <poolfit/diag/text.hpp>

#include "layout.hpp"

namespace poolfit::render {

std::string_view sgr(Paint paint) {
    switch (paint) {
        case Paint::good:
        case Paint::warn:
        case Paint::bad:
            return "1";
        case Paint::good_mark:
            return "30;102";
        case Paint::warn_mark:
            return "30;103";
        case Paint::bad_mark:
            return "1;7";
        case Paint::dim:
            return "2";
        case Paint::plain:
            break;
    }
    return "0";
}

namespace {

constexpr std::string_view no_break_space = "\u00a0";

std::string escape(Paint paint) {
    std::string code = "\x1b[";
    code += sgr(paint);
    return code += 'm';
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
        bool plain = true;
        for (at = word.begin; at < line.size() && line[at] != ' '; ++at)
            plain = plain && line[at] > ' ' && line[at] <= '~';
        word.end = at;
        const std::string_view text = line.substr(word.begin, word.end - word.begin);
        word.width = plain ? static_cast<int>(text.size()) : diag::width(text);
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

/// With spaces for what is one that no line breaks at.
void append_spaced(std::string& out, std::string_view text) {
    for (std::size_t at; (at = text.find(no_break_space)) != text.npos;) {
        out += text.substr(0, at);
        out += ' ';
        text.remove_prefix(at + no_break_space.size());
    }
    out += text;
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
    /// Spaces before what is written next.
    void gap(int n) {
        if (held_begin_ == held_end_) out_.append(static_cast<std::size_t>(n), ' ');
    }
    /// Without colours, what follows each other in the line, gaps and all, is held and written at once.
    void write(std::size_t begin, std::size_t end) {
        if (!colour_) {
            if (held_begin_ == held_end_) held_begin_ = begin;
            held_end_ = end;
            return;
        }
        for (std::size_t run = run_at(begin); begin < end; ++run) {
            const std::size_t stop = run + 1 < runs_.size() ? std::min(runs_[run + 1].begin, end) : end;
            set(runs_[run].paint);
            add(begin, stop);
            begin = stop;
        }
    }

    void end_line() {
        set(Paint::plain);
        add(held_begin_, held_end_);
        held_begin_ = held_end_ = 0;
    }

private:
    /// Words come in their order, so the run only goes on.
    std::size_t run_at(std::size_t begin) {
        while (run_ + 1 < runs_.size() && runs_[run_ + 1].begin <= begin) ++run_;
        return run_;
    }
    void add(std::size_t begin, std::size_t end) { append_spaced(out_, line_.substr(begin, end - begin)); }

    std::string& out_;
    bool colour_;
    std::string_view line_;
    const std::vector<Run>& runs_;
    std::size_t run_ = 0;
    std::size_t held_begin_ = 0, held_end_ = 0;
    Paint paint_ = Paint::plain;
};

void cut_blanks(std::string& text) {
    while (!text.empty() && text.back() == ' ') text.pop_back();
}

}  // namespace

/// The line as it is, where it fits and no colour has to be set; the column after it.
std::optional<int> Page::on_one_line(std::string_view line, int start) {
    while (line.ends_with(' ')) line.remove_suffix(1);
    const int column = start + diag::width(line);
    if (column > width_ || line.empty()) return std::nullopt;
    append_spaced(out_, line);
    out_ += '\n';
    return column;
}

int Page::wrap(const Pieces& pieces, int start, int indent, std::string_view rest) {
    line_.clear();
    std::vector<Run> runs;
    if (colour_) runs.reserve(pieces.size());
    for (const Piece& piece : pieces) {
        if (colour_) runs.push_back({line_.size(), piece.paint});
        append_shown(line_, piece.text, unicode_);
    }
    // What is much longer than a line is not tried as one.
    if (!colour_ && line_.size() <= 2 * static_cast<std::size_t>(width_))
        if (const auto end = on_one_line(line_, start)) return *end;
    const std::string guide = shown(rest, unicode_);
    const int guide_width = diag::width(guide);
    indent = std::max(std::clamp(indent, 0, width_ * 3 / 4), guide_width);
    int column = start;
    Pen pen(out_, colour_, line_, runs);
    const auto next_line = [&] {
        pen.end_line();
        cut_blanks(out_);
        out_ += '\n';
        out_ += guide;
        out_.append(static_cast<std::size_t>(std::max(0, indent - guide_width)), ' ');
        column = indent;
    };
    bool fresh = true;
    for (const Word& word : words_of(line_)) {
        const bool fits = column + word.gap + word.width <= width_;
        if (!fits && !fresh && word.width <= width_ - indent) {
            next_line();
        } else if (fits || column + word.gap + 8 <= width_) {
            pen.before(word.begin);
            pen.gap(word.gap);
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
            const diag::CodePoint point = diag::decode(line_, at);
            const int width = diag::width(point.value);
            if (column + width > width_) next_line();
            pen.write(at, at + point.length);
            column += width;
            at += point.length;
        }
    }
    pen.end_line();
    cut_blanks(out_);
    out_ += '\n';
    return column;
}

}  // namespace poolfit::render

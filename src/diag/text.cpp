#include <poolfit/diag/text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>

#include <fmt/format.h>

namespace poolfit::diag {
namespace {

struct Range {
    char32_t first, last;
};

// Sorted; the blocks that source files really contain, not every corner of Unicode.
constexpr Range zero_width[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf},   {0x05c1, 0x05c2},  {0x05c4, 0x05c5},
    {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc},   {0x06df, 0x06e4},  {0x0900, 0x0902},
    {0x093a, 0x093a}, {0x093c, 0x093c}, {0x0941, 0x0948}, {0x094d, 0x094d},   {0x0e31, 0x0e31},  {0x0e34, 0x0e3a},
    {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200c, 0x200d},   {0x20d0, 0x20ff},  {0x302a, 0x302d},
    {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0x1f3fb, 0x1f3ff}, {0xe0100, 0xe01ef}};

constexpr Range double_width[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},   {0x25fd, 0x25fe},
    {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26a1, 0x26a1},   {0x26bd, 0x26be},   {0x26d4, 0x26d4},
    {0x2705, 0x2705},   {0x270a, 0x270b},   {0x274c, 0x274c},   {0x2753, 0x2755},   {0x2795, 0x2797},
    {0x2b50, 0x2b50},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
    {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff}, {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f7e0, 0x1f7eb}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd}};

// Characters that move or hide text: marks of direction, blanks without width, line separators.
constexpr Range hidden[] = {{0x00ad, 0x00ad}, {0x061c, 0x061c}, {0x115f, 0x1160}, {0x180e, 0x180e},
                            {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
                            {0x3164, 0x3164}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};

// Blocks of 64 characters below U+10000 that no table has any of: most of what texts contain.
constexpr std::size_t block = 64;
constexpr auto in_no_table = [] {
    std::array<bool, 0x10000 / block> none{};
    none.fill(true);
    const auto strike = [&](const auto& ranges) {
        for (const Range& range : ranges)
            for (char32_t c = range.first / block; c <= range.last / block && c < none.size(); ++c) none[c] = false;
    };
    strike(zero_width);
    strike(double_width);
    strike(hidden);
    return none;
}();

bool is_in_no_table(char32_t c) { return c < 0x10000 && in_no_table[c / block]; }

template <std::size_t N>
bool contains(const Range (&ranges)[N], char32_t c) {
    const Range* found = std::upper_bound(std::begin(ranges), std::end(ranges), c,
                                          [](char32_t value, const Range& range) { return value < range.first; });
    return found != std::begin(ranges) && c <= std::prev(found)->last;
}

// Signs that our own texts use, for terminals that can't show them.
constexpr struct {
    char32_t sign;
    const char* ascii;
} ascii_signs[] = {{U'–', "-"},      {U'—', "-"},      {U'−', "-"},      {U'…', "..."},   {U'×', "x"}, {U'→', "->"},
                   {U'←', "<-"},     {U'·', "-"},      {U'≤', "<="},     {U'≥', ">="},    {U'≈', "~"}, {U'±', "+-"},
                   {U'‘', "'"},      {U'’', "'"},      {U'“', "\""},     {U'”', "\""},    {U'µ', "u"}, {U'μ', "u"},
                   {U'\u00a0', " "}, {U'\u2009', " "}, {U'\u202f', " "}, {U'⌈', "ceil("}, {U'⌉', ")"}, {U'⌊', "floor("},
                   {U'⌋', ")"},      {U'Σ', "sum of"}, {U'½', "1/2"}};

}  // namespace

void append_utf8(std::string& text, char32_t c) {
    const auto add = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (c < 0x80) {
        add(c);
    } else if (c < 0x800) {
        add(0xC0u | c >> 6);
        add(0x80u | (c & 0x3Fu));
    } else if (c < 0x10000) {
        add(0xE0u | c >> 12);
        add(0x80u | (c >> 6 & 0x3Fu));
        add(0x80u | (c & 0x3Fu));
    } else {
        add(0xF0u | c >> 18);
        add(0x80u | (c >> 12 & 0x3Fu));
        add(0x80u | (c >> 6 & 0x3Fu));
        add(0x80u | (c & 0x3Fu));
    }
}

CodePoint decode(std::string_view text, std::size_t offset) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const CodePoint invalid{lead, 1, false};
    if (lead < 0xc2 || lead > 0xf4 || text.size() - offset < length) return invalid;
    char32_t value = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return invalid;
        value = value << 6 | (byte(i) & 0x3fU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (overlong || surrogate || value > 0x10ffff) return invalid;
    return {value, length, true};
}

std::size_t plain_run(std::string_view text, std::size_t offset) {
    constexpr std::uint64_t each = 0x0101010101010101, top = each * 0x80;
    std::size_t end = offset;
    // Often asked behind a sign, and of the next one: the cells of a bar.
    if (end < text.size() && (text[end] < ' ' || text[end] > '~')) return 0;
    for (std::uint64_t eight; text.size() - end >= sizeof eight; end += sizeof eight) {
        std::memcpy(&eight, text.data() + end, sizeof eight);
        // A top bit is set in what is over 0x7f, in what is 0x7f and one is added, or borrowed where 0x20 is taken off.
        if (((eight | (eight + each) | (eight - each * 0x20)) & top) != 0) break;
    }
    while (end < text.size() && text[end] >= ' ' && text[end] <= '~') ++end;
    return end - offset;
}

int width(char32_t c) {
    if (c < 0x300 || is_in_no_table(c)) return 1;
    if (contains(zero_width, c)) return 0;
    return contains(double_width, c) ? 2 : 1;
}

int width(std::string_view text) {
    int columns = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (const std::size_t plain = plain_run(text, i); plain != 0) {
            columns += static_cast<int>(plain);
            i += plain;
            continue;
        }
        const CodePoint c = decode(text, i);
        columns += width(c.value);
        i += c.length;
    }
    return columns;
}

bool stands(CodePoint c) {
    const auto number = static_cast<std::uint32_t>(c.value);
    const bool control = number < 0x20 || (number >= 0x7f && number < 0xa0);
    const bool noncharacter = (number & 0xfffe) == 0xfffe || (number >= 0xfdd0 && number <= 0xfdef);
    return c.valid && !control && !noncharacter && (is_in_no_table(c.value) || !contains(hidden, c.value));
}

std::string visible(CodePoint c, bool unicode) {
    if (!c.valid) return "?";
    const auto number = static_cast<std::uint32_t>(c.value);
    if (number < 0x20 || (number >= 0x7f && number < 0xa0)) return fmt::format("\\x{:02x}", number);
    if (number < 0x7f) return std::string(1, static_cast<char>(number));
    const bool raw = unicode && stands(c);
    if (!unicode)
        for (const auto& row : ascii_signs)
            if (row.sign == c.value) return row.ascii;
    if (!raw) return number > 0xffff ? fmt::format("\\U{:08x}", number) : fmt::format("\\u{:04x}", number);
    std::string out;
    if (number < 0x800) {
        out += static_cast<char>(0xc0 | number >> 6);
    } else if (number < 0x10000) {
        out += static_cast<char>(0xe0 | number >> 12);
        out += static_cast<char>(0x80 | (number >> 6 & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | number >> 18);
        out += static_cast<char>(0x80 | (number >> 12 & 0x3f));
        out += static_cast<char>(0x80 | (number >> 6 & 0x3f));
    }
    out += static_cast<char>(0x80 | (number & 0x3f));
    return out;
}

std::vector<std::string_view> shell_words(std::string_view command) {
    std::vector<std::string_view> words;
    char quote = '\0';  // that has opened
    std::size_t begin = 0;
    const auto end_word = [&](std::size_t at) {
        if (at > begin) words.push_back(command.substr(begin, at - begin));
        begin = at + 1;
    };
    for (std::size_t at = 0; at < command.size(); ++at) {
        const char c = command[at];
        if (quote != '\'' && c == '\\')
            ++at;  // a quote behind it opens none
        else if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == ' ')
            end_word(at);
    }
    end_word(command.size());
    return words;
}

bool is_command(std::string_view text) {
    constexpr std::array<std::string_view, 5> programs{"aws ", "curl ", "gunzip ", "poolfit ", "unzip "};
    return std::ranges::any_of(programs, [&](std::string_view program) { return text.starts_with(program); });
}

std::string visible(std::string_view text, bool unicode) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        if (const std::size_t plain = plain_run(text, i); plain != 0) {
            out += text.substr(i, plain);
            i += plain;
            continue;
        }
        const CodePoint c = decode(text, i);
        out += visible(c, unicode);
        i += c.length;
    }
    return out;
}

}  // namespace poolfit::diag

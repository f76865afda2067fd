#include "json_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>

namespace poolfit::imports {
namespace {

/// Input of a string that stand for themselves.
constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x20; c < 0x80; ++c) table[c] = c != '"' && c != '\\';
    return table;
}();

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Token JsonReader::fail(std::uint64_t offset, std::size_t length, std::string message, std::string fix) {
    if (!failed_) bytes_.error(offset, length, std::move(message), std::move(fix));
    begin_ = offset;
    failed_ = true;
    return Token::bad;
}

bool JsonReader::refuse(std::string message, std::string fix) {
    fail(begin_, length_, std::move(message), std::move(fix));
    return false;
}

void JsonReader::blanks() {
    do {
        const char* at = bytes_.at();
        while (at != bytes_.end() && is_blank(*at)) ++at;
        bytes_.take_to(at);
    } while (bytes_.at() == bytes_.end() && bytes_.more());
}

Token JsonReader::next() { return read(true); }
Token JsonReader::next_undecoded() { return read(false); }

Token JsonReader::read(bool decode) {
    if (failed_) return Token::bad;
    blanks();
    if (!bytes_.any()) {
        begin_ = bytes_.offset();
        length_ = 1;
        if (open_.empty() && started_) return Token::end;
        if (!started_) return fail(begin_, 1, "the file is empty", "fetch it again");
        return fail(begin_ == 0 ? 0 : begin_ - 1, 1,
                    fmt::format("the file ends inside {}", open_.back() == '{' ? "an object" : "a list"),
                    "it is incomplete: fetch it again");
    }
    started_ = true;
    if (expects_ == Expects::comma) {
        const char c = *bytes_.at();
        begin_ = bytes_.offset();
        length_ = 1;
        if (c == (open_.back() == '{' ? '}' : ']')) return close(c == '}' ? Token::object_end : Token::list_end);
        if (c != ',') return unexpected();
        bytes_.take(1);
        blanks();
        expects_ = open_.back() == '{' ? Expects::key : Expects::value;
        if (!bytes_.any()) return read(decode);
    }
    if (expects_ == Expects::colon) {
        begin_ = bytes_.offset();
        length_ = 1;
        if (*bytes_.at() != ':') return unexpected();
        bytes_.take(1);
        blanks();
        expects_ = Expects::value;
        if (!bytes_.any()) return read(decode);
    }
    begin_ = bytes_.offset();
    bytes_.hold();
    length_ = 1;
    const char c = *bytes_.at();
    switch (expects_) {
        case Expects::first_key:
            if (c == '}') return close(Token::object_end);
            [[fallthrough]];
        case Expects::key:
            if (c != '"') return unexpected();
            if (!string(decode)) return Token::bad;
            expects_ = Expects::colon;
            return Token::key;
        case Expects::first_item:
            if (c == ']') return close(Token::list_end);
            [[fallthrough]];
        case Expects::value:
        case Expects::colon:
        case Expects::comma:
            break;
    }
    return value(decode);
}

Token JsonReader::value(bool decode) {
    const char c = *bytes_.at();
    if (c == '{') return open(Token::object, c);
    if (c == '[') return open(Token::list, c);
    if (c == '"') {
        if (!string(decode)) return Token::bad;
        after_value();
        return Token::text;
    }
    if (c == '-' || is_digit(c)) {
        if (!number()) return Token::bad;
        after_value();
        return Token::number;
    }
    if (c == 't' || c == 'f' || c == 'n') {
        if (!word()) return Token::bad;
        after_value();
        return Token::word;
    }
    return unexpected();
}

Token JsonReader::open(Token token, char bracket) {
    if (open_.size() == most_depth)
        return fail(begin_, 1, fmt::format("brackets nested more than {} deep", most_depth),
                    "an API answer nests about ten levels deep: fetch the file again");
    bytes_.take(1);
    open_ += bracket;
    expects_ = bracket == '{' ? Expects::first_key : Expects::first_item;
    return token;
}

Token JsonReader::close(Token token) {
    bytes_.take(1);
    open_.pop_back();
    after_value();
    return token;
}

bool JsonReader::add(const char* from, const char* to, bool decode) {
    if (!decode) return true;
    held_.append(from, to);
    if (held_.size() <= longest_text) return true;
    fail(begin_, 1, fmt::format("a text of more than {} MiB", longest_text >> 20), "fetch the file again");
    return false;
}

bool JsonReader::string(bool decode) {
    bytes_.take(1);
    held_.clear();
    // One that is in the buffer, and has nothing to decode.
    const char* at = bytes_.at();
    while (at != bytes_.end() && plain[static_cast<unsigned char>(*at)]) ++at;
    if (at != bytes_.end() && *at == '"') {
        text_ = {bytes_.at(), static_cast<std::size_t>(at - bytes_.at())};
        length_ = text_.size() + 2;
        bytes_.take_to(at + 1);
        return true;
    }
    while (true) {
        at = bytes_.at();
        while (at != bytes_.end() && plain[static_cast<unsigned char>(*at)]) ++at;
        if (!add(bytes_.at(), at, decode)) return false;
        bytes_.take_to(at);
        if (!bytes_.any()) {
            fail(begin_, 1, "the file ends inside a text", "it is incomplete: fetch it again");
            return false;
        }
        const auto c = static_cast<unsigned char>(*bytes_.at());
        if (plain[c]) continue;
        if (c == '"') {
            bytes_.take(1);
            text_ = held_;
            length_ = static_cast<std::size_t>(bytes_.offset() - begin_);
            return true;
        }
        if (c < 0x20) {
            fail(bytes_.offset(), 1, "a control character inside a text", "the file is damaged: fetch it again");
            return false;
        }
        if (!(c == '\\' ? escape(decode) : sequence(decode))) return false;
    }
}

bool JsonReader::escape(bool decode) {
    const std::uint64_t begin = bytes_.offset();
    const auto bad = [&](std::string message) {
        fail(begin, 2, std::move(message), "the file is damaged: fetch it again");
        return false;
    };
    const auto unit = [&](unsigned& value) {
        value = 0;
        for (int i = 0; i < 4; ++i) {
            if (!bytes_.any()) return false;
            const char c = *bytes_.at();
            const char low = static_cast<char>(is_digit(c) ? c : c | 0x20);
            const auto digit = std::string_view("0123456789abcdef").find(low);
            if (digit == std::string_view::npos) return false;
            value = value * 16 + static_cast<unsigned>(digit);
            bytes_.take(1);
        }
        return true;
    };
    bytes_.take(1);
    if (!bytes_.any()) return bad("the file ends inside a text");
    const char c = *bytes_.at();
    bytes_.take(1);
    char plain_one = 0;
    switch (c) {
        case '"':
        case '\\':
        case '/':
            plain_one = c;
            break;
        case 'b':
            plain_one = '\b';
            break;
        case 'f':
            plain_one = '\f';
            break;
        case 'n':
            plain_one = '\n';
            break;
        case 'r':
            plain_one = '\r';
            break;
        case 't':
            plain_one = '\t';
            break;
        case 'u': {
            unsigned high = 0, low = 0;
            if (!unit(high)) return bad("a \\u escape needs four hex digits");
            const bool first = high >= 0xD800 && high <= 0xDBFF;
            if (high >= 0xDC00 && high <= 0xDFFF) return bad("half of a pair of \\u escapes");
            if (first) {
                for (const char wanted : {'\\', 'u'}) {
                    if (bytes_.peek() != wanted) return bad("half of a pair of \\u escapes");
                    bytes_.take(1);
                }
                if (!unit(low) || low < 0xDC00 || low > 0xDFFF) return bad("half of a pair of \\u escapes");
                high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            }
            if (decode) diag::append_utf8(held_, high);
            return true;
        }
        default:
            return bad("a backslash starts an escape that JSON does not have");
    }
    return add(&plain_one, &plain_one + 1, decode);
}

/// Input past ASCII, which have to be UTF-8.
bool JsonReader::sequence(bool decode) {
    const std::uint64_t begin = bytes_.offset();
    const auto lead = static_cast<unsigned char>(*bytes_.at());
    const int rest = lead >= 0xC2 && lead <= 0xDF   ? 1
                     : (lead & 0xF0u) == 0xE0u      ? 2
                     : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                    : 0;
    std::array<char, 4> bytes{*bytes_.at()};
    bytes_.take(1);
    bool good = rest > 0;
    for (int i = 1; good && i <= rest; ++i) {
        good = bytes_.any() && (static_cast<unsigned char>(*bytes_.at()) & 0xC0u) == 0x80u;
        if (!good) break;
        const auto c = static_cast<unsigned char>(*bytes_.at());
        if (i == 1)
            good = !(lead == 0xE0 && c < 0xA0) && !(lead == 0xED && c > 0x9F) && !(lead == 0xF0 && c < 0x90) &&
                   !(lead == 0xF4 && c > 0x8F);
        bytes[static_cast<std::size_t>(i)] = static_cast<char>(c);
        bytes_.take(1);
    }
    if (good) return add(bytes.data(), bytes.data() + rest + 1, decode);
    fail(begin, 1, "a byte that is not UTF-8", "save the file as UTF-8");
    return false;
}

bool JsonReader::number() {
    held_.clear();
    const auto take = [&] {
        held_ += *bytes_.at();
        bytes_.take(1);
    };
    const auto digits = [&] {
        bool some = false;
        for (; bytes_.any() && is_digit(*bytes_.at()) && held_.size() < 400; some = true) take();
        return some;
    };
    bool good = true;
    if (bytes_.peek() == '-') take();
    if (bytes_.peek() == '0')
        take();
    else
        good = digits();
    if (good && bytes_.peek() == '.') {
        take();
        good = digits();
    }
    if (good && (bytes_.peek() == 'e' || bytes_.peek() == 'E')) {
        take();
        if (bytes_.peek() == '+' || bytes_.peek() == '-') take();
        good = digits();
    }
    const char after = bytes_.peek();
    if (good && bytes_.any() && !is_blank(after) && after != ',' && after != '}' && after != ']') good = false;
    text_ = held_;
    length_ = std::max<std::size_t>(held_.size(), 1);
    if (good) return true;
    fail(begin_, length_, "a number that is not JSON", "the file is damaged: fetch it again");
    return false;
}

bool JsonReader::word() {
    held_.clear();
    while (bytes_.any() && *bytes_.at() >= 'a' && *bytes_.at() <= 'z' && held_.size() < 8) {
        held_ += *bytes_.at();
        bytes_.take(1);
    }
    text_ = held_;
    length_ = held_.size();
    if (text_ == "true" || text_ == "false" || text_ == "null") return true;
    fail(begin_, length_, "a word that is not JSON", "the file is damaged: fetch it again");
    return false;
}

/// What stands where something else should.
Token JsonReader::unexpected() {
    const char c = *bytes_.at();
    if (begin_ == 0) {
        const bool zip = c == 'P' && bytes_.end() - bytes_.at() > 1 && bytes_.at()[1] == 'K';
        if (c == '\x1f' || zip)
            return fail(0, 1, "the file is compressed",
                        fmt::format("{} {} | poolfit … -", zip ? "unzip -p" : "gunzip -c", bytes_.name()));
        if (c == '\xff' || c == '\xfe' || c == '\0')
            return fail(0, 1, "the file is UTF-16, not UTF-8", "in PowerShell: … | Out-File -Encoding utf8 FILE");
    }
    switch (expects_) {
        case Expects::colon:
            return fail(begin_, 1, "expected : after the key", "the file is damaged: fetch it again");
        case Expects::comma:
            return fail(begin_, 1, open_.back() == '{' ? "expected a comma or }" : "expected a comma or ]",
                        "the file is damaged: fetch it again");
        case Expects::key:
        case Expects::first_key:
            return fail(begin_, 1, "expected a key in double quotes", "the file is damaged: fetch it again");
        case Expects::value:
        case Expects::first_item:
            break;
    }
    return fail(
        begin_, 1, open_.empty() ? "this is not JSON" : "expected a value",
        open_.empty() ? "name the answer of the command as it was written" : "the file is damaged: fetch it again");
}

bool JsonReader::skip_rest(Token first) {
    if (first == Token::bad || first == Token::end || first == Token::key) return false;
    if (first != Token::object && first != Token::list) return true;
    for (const std::size_t depth = open_.size(); open_.size() >= depth;)
        if (next_undecoded() == Token::bad) return false;
    return true;
}

}  // namespace poolfit::imports

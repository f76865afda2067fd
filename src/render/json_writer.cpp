#include "json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>

namespace poolfit::render {
namespace {

bool is_plain(char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; }

/// The same of eight at a time; false of a few that are.
bool are_plain(std::uint64_t eight) {
    constexpr std::uint64_t each = 0x0101010101010101, top = each * 0x80;
    // A top bit is set in what is over 0x7F, in what is 0x7F and one is added, or borrowed where a number is taken off
    // what is less, or is 0.
    const std::uint64_t quotes = eight ^ each * '"', backslashes = eight ^ each * '\\';
    return ((eight | (eight + each) | (eight - each * ' ') | (quotes - each) | (backslashes - each)) & top) == 0;
}

/// What stands in a string for a quote, a backslash, a control character, or a byte that is not text.
std::string escaped(diag::CodePoint point) {
    if (!point.valid) return "\xEF\xBF\xBD";
    switch (point.value) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '\n':
            return "\\n";
        case '\t':
            return "\\t";
        default:
            return fmt::format("\\u{:04x}", static_cast<unsigned>(point.value));
    }
}

}  // namespace

JsonWriter JsonWriter::part(bool first) const {
    JsonWriter part(compact_ ? Spacing::compact : Spacing::indented);
    part.levels_ = levels_;
    part.levels_.back().empty = first;
    return part;
}

void JsonWriter::append(const JsonWriter& part) {
    out_ += part.out_;
    levels_.back().empty = levels_.back().empty && part.levels_.back().empty;
}

void JsonWriter::hand_on(const std::function<void(std::string_view)>& sink) {
    constexpr std::size_t much = std::size_t{256} << 10;
    if (out_.size() < much) return;
    sink(out_);
    out_.clear();
}

void JsonWriter::open_object(std::string_view name, Layout layout) {
    key(name);
    open_object(layout);
}

void JsonWriter::open_array(std::string_view name, Layout layout) {
    key(name);
    open_array(layout);
}

void JsonWriter::open(char opening, char closing, Layout layout) {
    separate();
    out_ += opening;
    const bool on_line =
        layout == Layout::line || (!levels_.empty() && levels_.back().on_line) || (compact_ && levels_.size() >= 2);
    levels_.push_back({closing, on_line, true});
}

void JsonWriter::close() {
    const Level level = levels_.back();
    levels_.pop_back();
    if (!level.on_line && !level.empty) new_line();
    out_ += level.closing;
}

void JsonWriter::new_line() {
    out_ += '\n';
    if (!compact_) out_.append(2 * levels_.size(), ' ');
}

void JsonWriter::separate() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (levels_.empty()) return;
    Level& level = levels_.back();
    if (!level.empty) out_ += level.on_line && !compact_ ? ", " : ",";
    level.empty = false;
    if (!level.on_line) new_line();
}

void JsonWriter::key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += compact_ ? "\":" : "\": ";
    after_key_ = true;
}

void JsonWriter::quote(std::string_view value) {
    out_ += '"';
    for (std::size_t at = 0; at < value.size();) {
        const std::size_t start = at;
        for (std::uint64_t eight; value.size() - at >= sizeof eight; at += sizeof eight) {
            std::memcpy(&eight, value.data() + at, sizeof eight);
            if (!are_plain(eight)) break;
        }
        while (at < value.size() && is_plain(value[at])) ++at;
        out_.append(value.substr(start, at - start));
        if (at == value.size()) break;
        const diag::CodePoint point = diag::decode(value, at);
        point.length > 1 ? out_.append(value.substr(at, point.length)) : out_.append(escaped(point));
        at += point.length;
    }
    out_ += '"';
}

void JsonWriter::text_or_null(std::string_view name, std::string_view value) {
    key(name);
    value.empty() ? null() : text(value);
}

void JsonWriter::range(std::string_view name, const Interval<double>& value) {
    open_object(name, Layout::line);
    number("low", value.low);
    number("high", value.high);
    close();
}

void JsonWriter::range(std::string_view name, const Interval<Connections>& value) {
    open_object(name, Layout::line);
    whole("low", value.low.value);
    whole("high", value.high.value);
    close();
}

void JsonWriter::range(std::string_view name, const Interval<Fraction>& value) {
    range(name, Interval<double>(value.low.value, value.high.value));
}

void JsonWriter::range_gib(std::string_view name, const Interval<Bytes>& value) {
    range(name, Interval<double>(gib(value.low), gib(value.high)));
}

void JsonWriter::text(std::string_view value) {
    separate();
    quote(value);
}

void JsonWriter::whole(std::int64_t value) {
    separate();
    std::array<char, 20> digits;
    out_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void JsonWriter::number(double value) {
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (!std::isfinite(value)) return null();
    if (std::trunc(value) == value && std::abs(value) <= exact) return whole(static_cast<std::int64_t>(value));
    separate();
    std::array<char, 24> digits;
    char* const end = digits.data() + digits.size();
    out_.append(digits.data(), std::to_chars(digits.data(), end, value, std::chars_format::general, 12).ptr);
}

void JsonWriter::truth(bool value) {
    separate();
    out_ += value ? "true" : "false";
}

void JsonWriter::usd(MicroUsdPerMonth value) {
    constexpr std::uint64_t micro = 1'000'000;
    separate();
    const bool negative = value.value < 0;
    const auto bits = static_cast<std::uint64_t>(value.value);
    const std::uint64_t magnitude = negative ? 0 - bits : bits;
    fmt::format_to(std::back_inserter(out_), "{}{}", negative ? "-" : "", magnitude / micro);
    if (magnitude % micro == 0) return;
    out_ += fmt::format(".{:06}", magnitude % micro);
    while (out_.back() == '0') out_.pop_back();
}

void JsonWriter::null() {
    separate();
    out_ += "null";
}

std::string JsonWriter::take() {
    out_ += '\n';
    levels_.clear();
    after_key_ = false;
    return std::move(out_);
}

}  // namespace poolfit::render

#include <poolfit/diag/source.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>

namespace poolfit {
namespace {

/// Eight bytes at a time: every text is asked.
bool has_no_top_bit(std::string_view text) {
    constexpr std::uint64_t top = 0x8080808080808080;
    std::uint64_t eight = 0;
    for (; text.size() >= sizeof eight; text.remove_prefix(sizeof eight)) {
        std::memcpy(&eight, text.data(), sizeof eight);
        if ((eight & top) != 0) return false;
    }
    return std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; });
}

}  // namespace

SourceText::SourceText(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
    // Offsets have 32 bits; what lies beyond has no place.
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max() - 1;
    if (text_.size() > most) text_.resize(most);
    line_starts_.push_back(0);
    ascii_ = has_no_top_bit(text_);
    if (text_.find('\r') == text_.npos) {  // which takes a tenth of the time
        for (std::size_t i = text_.find('\n'); i != text_.npos; i = text_.find('\n', i + 1))
            line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
        return;
    }
    for (std::size_t i = 0; i < text_.size(); ++i) {
        const bool lone_return = text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n');
        if (text_[i] == '\n' || lone_return) line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
    }
}

SourceText::SourceText(std::string name, std::string piece, Position first)
    : SourceText(std::move(name), std::move(piece)) {
    first_ = first;
}

std::string_view SourceText::line(std::uint32_t number) const {
    if (number < first_.line || number - first_.line >= line_count()) return {};
    number -= first_.line - 1;
    const std::size_t begin = line_starts_[number - 1];
    const std::size_t end = number == line_count() ? text_.size() : line_starts_[number];
    std::string_view line = std::string_view(text_).substr(begin, end - begin);
    if (line.ends_with("\r\n")) {
        line.remove_suffix(2);
    } else if (line.ends_with('\n') || line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

Position SourceText::position(std::uint32_t offset) const {
    const auto end = static_cast<std::uint32_t>(text_.size());
    offset = std::min(offset, end);
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    const auto number = static_cast<std::uint32_t>(next - line_starts_.begin());
    Position position{number + first_.line - 1, number == 1 ? first_.column : 1};
    const std::string_view text = line(position.line);
    const std::size_t target = offset - line_starts_[number - 1];
    if (ascii_) {
        position.column += static_cast<std::uint32_t>(std::min(target, text.size()));
        return position;
    }
    for (std::size_t i = 0; i < text.size(); ++position.column) {
        i += diag::decode(text, i).length;
        if (i > target) break;
    }
    return position;
}

std::uint32_t SourceText::offset(Position position) const {
    const std::uint32_t wanted = position.line < first_.line ? 1 : position.line - first_.line + 1;
    const std::uint32_t number = std::min(wanted, line_count());
    if (number == 1) position.column -= std::min(position.column, first_.column - 1);
    const std::string_view text = line(number + first_.line - 1);
    if (ascii_) {
        const std::size_t before = position.column == 0 ? 0 : position.column - 1;
        return line_starts_[number - 1] + static_cast<std::uint32_t>(std::min(before, text.size()));
    }
    std::size_t i = 0;
    for (std::uint32_t column = 1; column < position.column && i < text.size(); ++column)
        i += diag::decode(text, i).length;
    return line_starts_[number - 1] + static_cast<std::uint32_t>(i);
}

const SourceText& Sources::add(std::string name, std::string text) {
    texts_.push_back(std::make_unique<const SourceText>(std::move(name), std::move(text)));
    return *texts_.back();
}

const SourceText& Sources::add(std::string name, std::string piece, Position first) {
    texts_.push_back(std::make_unique<const SourceText>(std::move(name), std::move(piece), first));
    return *texts_.back();
}

namespace diag {

std::string print(const Place& place) {
    if (!place) return "";
    const Position position = place.source->position(place.span.begin);
    return fmt::format("{}:{}:{}", place.source->name(), position.line, position.column);
}

}  // namespace diag
}  // namespace poolfit

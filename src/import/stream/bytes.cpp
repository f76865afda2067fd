#include "bytes.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace poolfit::imports {

Input::Input(const Feed& feed, Sources& sources, Diagnostics& diagnostics)
    : name_(feed.name), feed_(&feed), sources_(sources), diagnostics_(diagnostics), buffer_(size) {
    first_ = at_ = end_ = buffer_.data();
}

Input::Input(std::string name, std::string_view text, Sources& sources, Diagnostics& diagnostics)
    : name_(std::move(name)), sources_(sources), diagnostics_(diagnostics) {
    first_ = at_ = text.data();
    end_ = first_ + text.size();
}

namespace {

/// Where `to` is, if `from` is at `position`.
Position counted(Position position, const char* from, const char* to) {
    while (const void* const found = std::memchr(from, '\n', static_cast<std::size_t>(to - from))) {
        ++position.line;
        position.column = 1;
        from = static_cast<const char*>(found) + 1;
    }
    position.column += static_cast<std::uint32_t>(
        std::count_if(from, to, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
    return position;
}

}  // namespace

Position Input::where(std::uint64_t offset) const {
    const std::uint64_t from =
        std::clamp<std::uint64_t>(offset, dropped_, dropped_ + static_cast<std::uint64_t>(end_ - first_));
    return counted(position_, first_, first_ + (from - dropped_));
}

/// Counts the lines and columns of what goes.
void Input::drop(const char* before) {
    position_ = counted(position_, first_, before);
    dropped_ += static_cast<std::uint64_t>(before - first_);
    first_ = before;
}

bool Input::more() {
    if (feed_ == nullptr) return false;
    const char* keep = at_ - std::min(at_ - first_, shown);
    if (held_ >= dropped_ && held_ < offset() && offset() - held_ < size / 2) {
        const char* const held = first_ + (held_ - dropped_);
        keep = std::min(keep, held - std::min(held - first_, shown));
    }
    while (keep > first_ && (static_cast<unsigned char>(*keep) & 0xC0u) == 0x80u) --keep;
    drop(keep);
    const auto kept = static_cast<std::size_t>(end_ - keep), taken = static_cast<std::size_t>(at_ - keep);
    std::memmove(buffer_.data(), keep, kept);
    first_ = buffer_.data();
    at_ = first_ + taken;
    const std::size_t count = feed_->read(buffer_.data() + kept, buffer_.size() - kept);
    end_ = first_ + kept + count;
    if (count == 0) feed_ = nullptr;
    return count > 0;
}

Diagnostic& Input::error(std::uint64_t offset, std::size_t length, std::string message, std::string fix) {
    offset = std::max(offset, dropped_);
    if (end_ - at_ < shown) more();  // to show what follows
    offset = std::max(offset, dropped_);
    const char* const begin =
        first_ + std::min<std::uint64_t>(offset - dropped_, static_cast<std::uint64_t>(end_ - first_));
    const char* from = begin - std::min(begin - first_, shown);
    while (from > first_ && (static_cast<unsigned char>(*from) & 0xC0u) == 0x80u) --from;
    const char* const to =
        begin + std::min(end_ - begin, shown + static_cast<std::ptrdiff_t>(std::min<std::size_t>(length, 4096)));
    drop(from);
    const SourceText& piece = sources_.add(name_, std::string(from, to), position_);
    const auto mark = static_cast<std::uint32_t>(begin - from);
    const auto stop = std::min<std::size_t>(mark + length, static_cast<std::size_t>(to - from));
    return diagnostics_.error({&piece, {mark, static_cast<std::uint32_t>(stop)}}, std::move(message), std::move(fix));
}

}  // namespace poolfit::imports

// The bytes of a feed through one buffer, with their lines and columns. What was read is dropped, except for the last
// few hundred bytes, which an error message shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/import/feed.hpp>

namespace poolfit::imports {

class Input {
public:
    Input(const Feed& feed, Sources& sources, Diagnostics& diagnostics);
    /// Of a text in memory, which is not copied.
    Input(std::string name, std::string_view text, Sources& sources, Diagnostics& diagnostics);
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    /// What is in the buffer and was not taken yet.
    const char* at() const { return at_; }
    const char* end() const { return end_; }
    void take(std::size_t count) { at_ += count; }
    void take_to(const char* place) { at_ = place; }
    /// All in the buffer was taken: the next piece. False at the end of the file.
    bool more();
    /// Is there another byte?
    bool any() { return at_ != end_ || more(); }
    /// The next byte, which is there, or '\0' at the end.
    char peek() { return any() ? *at_ : '\0'; }

    /// How many bytes come before the next one.
    std::uint64_t offset() const { return dropped_ + static_cast<std::uint64_t>(at_ - first_); }
    /// What begins at the next byte stays in the buffer, if it is not too long, to be shown by an error.
    void hold() { held_ = offset(); }
    const std::string& name() const { return name_; }
    /// Line and column of what is still in the buffer; of what is not, of its first byte.
    Position where(std::uint64_t offset) const;
    /// An error at `length` bytes from an offset on; where they are no longer in the buffer, at the first that is.
    Diagnostic& error(std::uint64_t offset, std::size_t length, std::string message, std::string fix);
    Sources& sources() { return sources_; }
    Diagnostics& diagnostics() { return diagnostics_; }

private:
    void drop(const char* before);

    static constexpr std::size_t size = std::size_t{256} << 10;
    static constexpr std::ptrdiff_t shown = 600;  // on either side of an error

    std::string name_;
    const Feed* feed_ = nullptr;
    Sources& sources_;
    Diagnostics& diagnostics_;
    std::vector<char> buffer_;
    const char *first_ = nullptr, *at_ = nullptr, *end_ = nullptr;
    std::uint64_t held_ = 0;
    std::uint64_t dropped_ = 0;  ///< bytes before `first_`
    Position position_;          ///< of `first_`
};

}  // namespace poolfit::imports

// JSON text as it is written: no tree in between, always the same bytes. Any string is safe to write:
// control characters are escaped, invalid UTF-8 becomes U+FFFD.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit::render {

class JsonWriter {
public:
    /// `line` keeps a record, and all inside it, on one line.
    enum class Layout : std::uint8_t { block, line };

    /// `compact` is for long documents: each record of a list at the root is one line, without spaces.
    enum class Spacing : std::uint8_t { indented, compact };
    explicit JsonWriter(Spacing spacing = Spacing::indented) : compact_(spacing == Spacing::compact) {}

    /// Room for a document of about so many bytes, so that a long one is not copied while it grows.
    void expect(std::size_t bytes) { out_.reserve(bytes); }

    /// Writes elements of the list that is open here, for `append`; the first of them is its first, or comes after
    /// others.
    JsonWriter part(bool first) const;
    /// Elements that others have written, in their order.
    void append(const JsonWriter& part);
    /// Hands on what is written so far, where that is much; there is no more to take then.
    void hand_on(const std::function<void(std::string_view)>& sink);

    void open_object(Layout layout = Layout::block) { open('{', '}', layout); }
    void open_array(Layout layout = Layout::block) { open('[', ']', layout); }
    void open_object(std::string_view name, Layout layout = Layout::block);
    void open_array(std::string_view name, Layout layout = Layout::block);
    void close();

    // Members of an object, whose names are printable ASCII without quotes …
    void text(std::string_view name, std::string_view value) { key(name), text(value); }
    /// null where the text is empty.
    void text_or_null(std::string_view name, std::string_view value);
    void whole(std::string_view name, std::int64_t value) { key(name), whole(value); }
    void number(std::string_view name, double value) { key(name), number(value); }
    void truth(std::string_view name, bool value) { key(name), truth(value); }
    void usd(std::string_view name, MicroUsdPerMonth value) { key(name), usd(value); }
    void null(std::string_view name) { key(name), null(); }
    /// A list of strings, on one line.
    template <class Strings>
    void texts(std::string_view name, const Strings& values) {
        open_array(name, Layout::line);
        for (const auto& value : values) text(value);
        close();
    }
    /// {"low": …, "high": …} on one line.
    void range(std::string_view name, const Interval<double>& value);
    void range(std::string_view name, const Interval<Connections>& value);
    void range(std::string_view name, const Interval<Fraction>& value);
    void range_gib(std::string_view name, const Interval<Bytes>& value);

    // … and elements of an array.
    void text(std::string_view value);
    void whole(std::int64_t value);
    /// Twelve significant digits, whole numbers in full; null for what JSON has no number for.
    void number(double value);
    void truth(bool value);
    /// Exact decimal dollars: 306, 123.5.
    void usd(MicroUsdPerMonth value);
    void null();

    /// The finished document, with a newline at its end.
    std::string take();

private:
    struct Level {
        char closing;
        bool on_line;
        bool empty;
    };
    void open(char opening, char closing, Layout layout);
    void key(std::string_view name);
    void separate();
    void quote(std::string_view value);
    void new_line();

    bool compact_;
    std::string out_;
    std::vector<Level> levels_;
    bool after_key_ = false;
};

}  // namespace poolfit::render

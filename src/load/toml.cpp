// TOML text to the Document tree, by toml++. The only file that knows that parser.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0

// Version 3.3 asserts on, or declares unreachable, what some malformed text does reach: `[` before a control character,
// `é` where a key may start. Its checks after those places hold, so the assertions go, and the function whose
// missing case is "no" says so. tests/fuzz watches over this.
#include <toml++/impl/preprocessor.h>
#undef TOML_ASSERT
#undef TOML_ASSUME
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT(expr) static_assert(true)
#define TOML_ASSUME(expr) static_assert(true)
#define TOML_ASSERT_ASSUME(expr) static_assert(true)
#include <toml++/impl/forward_declarations.h>
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE return false
#include <toml++/impl/unicode.h>
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE __builtin_unreachable()

#include <toml++/toml.h>

#include <algorithm>
#include <exception>
#include <sstream>

#include <fmt/format.h>

#include "parsers.hpp"
#include "toml_error.hpp"
#include "toml_scan.hpp"

namespace poolfit::load {
namespace {

/// Line and column (in code points) to byte offset, in constant time whatever the line's length.
class Positions {
public:
    explicit Positions(std::string_view text) : text_(text) {
        lines_.push_back({0, 0});
        std::uint32_t column = 0;
        for (std::uint32_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') {
                lines_.push_back({i + 1, static_cast<std::uint32_t>(marks_.size())});
                column = 0;
            } else if ((static_cast<unsigned char>(text[i]) & 0xC0u) != 0x80u && ++column % stride == 0) {
                marks_.push_back(i);  // the byte of column `stride`, 2 × `stride`, … (from 1)
            }
        }
    }
    std::uint32_t offset(toml::source_position position) const {
        if (position.line == 0 || position.line > lines_.size()) return static_cast<std::uint32_t>(text_.size());
        const auto& line = lines_[position.line - 1];
        std::uint32_t column = std::max<std::uint32_t>(position.column, 1);
        std::uint32_t at = line.begin, have = 1;
        if (column >= stride) {
            const auto last = position.line < lines_.size() ? lines_[position.line].mark : marks_.size();
            const auto wanted = std::min<std::size_t>(line.mark + column / stride, last);
            if (wanted > line.mark) {
                at = marks_[wanted - 1];
                have = static_cast<std::uint32_t>(wanted - line.mark) * stride;
            }
        }
        for (; have < column && at < text_.size() && text_[at] != '\n'; ++have) {
            ++at;
            while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0u) == 0x80u) ++at;
        }
        return at;
    }

private:
    static constexpr std::uint32_t stride = 64;
    struct Line {
        std::uint32_t begin, mark;
    };
    std::string_view text_;
    std::vector<Line> lines_;
    std::vector<std::uint32_t> marks_;
};

/// "[name]" or "[[name]]": where it ends, and how many parts the name has.
struct Header {
    std::uint32_t end;
    std::size_t parts = 1;
};
Header header_at(std::string_view text, std::uint32_t begin) {
    Header header{begin + 1};
    for (auto i = begin; i < text.size() && text[i] != '\n'; ++i) {
        if (text[i] == '"' || text[i] == '\'') {
            i = static_cast<std::uint32_t>(skip_string(text, i)) - 1;
        } else if (text[i] == '.') {
            ++header.parts;
        } else if (text[i] == ']') {
            header.end = text.substr(i, 2) == "]]" && text.substr(begin, 2) == "[[" ? i + 2 : i + 1;
            break;
        }
    }
    return header;
}

template <class T>
std::string written(const T& value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

class Conversion {
public:
    /// `base`: bytes of the source before the text that was parsed.
    Conversion(const SourceText& source, std::string_view text, std::uint32_t base)
        : source_(source), text_(text), positions_(text), base_(base) {}

    std::optional<Table> root(const toml::table& table) {
        Table out;
        if (!members(table, 0, 0, out)) return std::nullopt;
        return out;
    }
    /// The place of what is too deep, after a conversion that gave nothing.
    Place too_deep() const { return too_deep_; }
    Place place(std::uint32_t begin, std::uint32_t end) const {
        return {&source_, {begin + base_, std::max(begin, end) + base_}};
    }
    std::uint32_t offset(toml::source_position position) const { return positions_.offset(position); }

private:
    /// `keys`: how many lead to the table.
    bool members(const toml::table& table, std::size_t depth, std::size_t keys, Table& out) {
        out.members.reserve(table.size());
        for (const auto& [key, node] : table) {
            Member member;
            member.key = std::string(key.str());
            member.key_place = region(key.source());
            if (depth >= max_depth) {
                too_deep_ = member.key_place;
                return false;
            }
            if (!convert(node, depth + 1, keys + 1, member.value)) return false;
            out.members.push_back(std::move(member));
        }
        std::ranges::sort(out.members, {}, [](const Member& m) { return m.key_place.span.begin; });
        return true;
    }

    Place region(const toml::source_region& region) const { return place(offset(region.begin), offset(region.end)); }

    bool convert(const toml::node& node, std::size_t depth, std::size_t keys, Value& out) {
        const auto begin = offset(node.source().begin);
        out.place = place(begin, offset(node.source().end));
        switch (node.type()) {
            case toml::node_type::table: {
                auto& table = out.data.emplace<Table>();
                const char first = begin < text_.size() ? text_[begin] : '\0';
                if (first == '[') {
                    const auto header = header_at(text_, begin);
                    table.form = header.parts == keys ? Form::header : Form::implied;
                    out.place = place(begin, header.end);
                } else {
                    table.form = first == '{' ? Form::in_line : Form::dotted;
                }
                return members(*node.as_table(), depth, keys, table);
            }
            case toml::node_type::array: {
                auto& array = out.data.emplace<Array>();
                array.of_headers = text_.substr(begin, 2) == "[[" && !node.as_array()->empty() &&
                                   node.as_array()->get(0)->source().begin == node.source().begin;
                if (array.of_headers) out.place = place(begin, header_at(text_, begin).end);
                array.items.reserve(node.as_array()->size());
                for (const auto& item : *node.as_array()) {
                    array.items.emplace_back();
                    if (depth >= max_depth) {
                        too_deep_ = out.place;
                        return false;
                    }
                    if (!convert(item, depth + 1, keys, array.items.back())) return false;
                }
                return true;
            }
            case toml::node_type::string: {
                const auto& text = node.as_string()->get();
                // One or three quotes, and a line's end that three quotes swallow.
                for (const std::uint32_t skip : {1u, 3u, 4u, 5u}) {
                    if (text_.substr(std::min<std::size_t>(begin + skip, text_.size()), text.size()) == text &&
                        (skip == 1) != (text_.substr(begin, 3) == "\"\"\"" || text_.substr(begin, 3) == "'''")) {
                        out.text_begin = begin + skip + base_;
                        break;
                    }
                }
                out.data = text;
                return true;
            }
            case toml::node_type::integer:
                out.data = node.as_integer()->get();
                return true;
            case toml::node_type::floating_point:
                out.data = node.as_floating_point()->get();
                return true;
            case toml::node_type::boolean:
                out.data = node.as_boolean()->get();
                return true;
            case toml::node_type::date:
                out.data = DateText{written(node.as_date()->get())};
                return true;
            case toml::node_type::time:
                out.data = DateText{written(node.as_time()->get())};
                return true;
            case toml::node_type::date_time:
                out.data = DateText{written(node.as_date_time()->get())};
                return true;
            case toml::node_type::none:
                break;
        }
        return true;
    }

    const SourceText& source_;
    std::string_view text_;
    Positions positions_;
    std::uint32_t base_;
    Place too_deep_;
};

void report_excess(const SourceText& source, TomlExcess excess, Diagnostics& diagnostics) {
    const Place place{&source, {excess.offset, excess.offset + 1}};
    using Kind = TomlExcess::Kind;
    switch (excess.kind) {
        case Kind::depth:
            diagnostics.error(place, fmt::format("brackets nested more than {} deep", max_depth),
                              "an inventory needs four levels at most");
            return;
        case Kind::dots:
            diagnostics.error(place, fmt::format("a key of more than {} parts", max_depth),
                              "an inventory needs four parts at most");
            return;
        case Kind::values:
            diagnostics.error(place, fmt::format("more than {} values in one file", max_values), "split the file");
            return;
        case Kind::tables:
            diagnostics.error(place, "too many tables and dotted keys in one file", "split the file");
            return;
    }
}

}  // namespace

std::optional<Document> parse_toml(const SourceText& source, Diagnostics& diagnostics) {
    if (const auto excess = scan_toml(source.text(), nullptr)) {
        report_excess(source, *excess, diagnostics);
        return std::nullopt;
    }
    try {
        const auto bom = bom_length(source.text());
        const auto text = source.text().substr(bom);
        const auto result = toml::parse(text);
        Conversion conversion(source, text, bom);
        if (!result) {
            const auto& error = result.error();
            report_toml_error(source, bom, conversion.offset(error.source().begin), error.description(), diagnostics);
            return std::nullopt;
        }
        Document document;
        document.source = &source;
        auto root = conversion.root(result.table());
        if (!root) {
            diagnostics.error(conversion.too_deep(), fmt::format("nested more than {} deep", max_depth),
                              "an inventory needs four levels at most");
            return std::nullopt;
        }
        document.root = std::move(*root);
        return document;
    } catch (const std::exception& fault) {
        diagnostics.error(Place{&source, {0, 0}}, fmt::format("the file can't be read: {}", fault.what()),
                          "split the file");
        return std::nullopt;
    }
}

Value parse_setting_value(const SourceText& setting, std::uint32_t begin) {
    const auto whole = setting.text();
    Value out;
    out.place = {&setting, {begin, static_cast<std::uint32_t>(whole.size())}};
    try {
        // "v=" and the value on one line: no setting spans two.
        const auto text = "v=" + std::string(whole.substr(begin));
        if (text.find('\n') == text.npos && !scan_toml(text, nullptr)) {
            if (const auto result = toml::parse(std::string_view(text)); result && result.table().size() == 1) {
                Conversion conversion(setting, text, begin - 2);
                if (auto table = conversion.root(result.table()); table && table->members.size() == 1)
                    return std::move(table->members[0].value);
            }
        }
    } catch (const std::exception&) {
        // Not TOML, then: a plain string.
    }
    out.data = std::string(whole.substr(begin));
    out.text_begin = begin;
    return out;
}

}  // namespace poolfit::load

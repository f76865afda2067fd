// TOML text to the Document tree, by toml++. The only file that knows that parser.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0

// Version 3.3 asserts on, or declares unreachable, what some malformed text does reach: `[` before a control character,
// `é` where a key may start. Its checks after those places hold, so the assertions are removed, and the function with
// the missing case returns "no". tests/fuzz watches over this.
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

// For each [[header]] it looks through all lists that headers began, from the first: minutes for 200,000 records with
// lists of their own. This overload, which its parser prefers, remembers those that it has seen.
#include <unordered_set>
#include <vector>

namespace toml {
inline namespace v3 {
namespace impl {

struct ListsSeen {
    std::unordered_set<const array*> lists;
    std::size_t count = 0;
};
inline thread_local ListsSeen lists_seen;  // of the text that is being parsed

inline const array* find(std::vector<array*>::iterator first, std::vector<array*>::iterator last, array* wanted) {
    auto& [lists, count] = lists_seen;
    for (const auto size = static_cast<std::size_t>(last - first); count < size; ++count)
        lists.insert(first[static_cast<std::ptrdiff_t>(count)]);
    return lists.contains(wanted) ? wanted : nullptr;
}

}  // namespace impl
}  // namespace v3
}  // namespace toml

#include <toml++/toml.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <sstream>

#include <fmt/format.h>

#include <poolfit/threads/parallel.hpp>

#include "parsers.hpp"
#include "toml_error.hpp"
#include "toml_scan.hpp"

namespace poolfit::load {
namespace {

/// Line and column (in code points) to byte offset, in constant time whatever the line's length.
class Positions {
public:
    explicit Positions(std::string_view text) : text_(text) {
        for (std::size_t begin = 0; begin <= text.size();) {
            const auto end = std::min(text.find('\n', begin), text.size());
            const auto line = text.substr(begin, end - begin);
            const bool wide = std::ranges::any_of(line, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
            lines_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(marks_.size()), wide});
            if (wide) mark(begin, end);
            begin = end + 1;
        }
    }
    std::uint32_t offset(toml::source_position position) const {
        if (position.line == 0 || position.line > lines_.size()) return static_cast<std::uint32_t>(text_.size());
        const auto& line = lines_[position.line - 1];
        const auto column = std::max<std::uint32_t>(position.column, 1);
        const auto end = position.line < lines_.size() ? lines_[position.line].begin - 1 : text_.size();
        if (!line.wide) return static_cast<std::uint32_t>(std::min<std::size_t>(line.begin + column - 1, end));
        std::uint32_t at = line.begin, have = 1;
        if (column >= stride) {
            const auto last = position.line < lines_.size() ? lines_[position.line].mark : marks_.size();
            const auto wanted = std::min<std::size_t>(line.mark + column / stride, last);
            if (wanted > line.mark) {
                at = marks_[wanted - 1];
                have = static_cast<std::uint32_t>(wanted - line.mark) * stride;
            }
        }
        for (; have < column && at < end; ++have) {
            ++at;
            while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0u) == 0x80u) ++at;
        }
        return at;
    }

private:
    /// The bytes of columns `stride`, 2 × `stride`, … (from 1).
    void mark(std::size_t begin, std::size_t end) {
        std::uint32_t column = 0;
        for (auto i = begin; i < end; ++i)
            if ((static_cast<unsigned char>(text_[i]) & 0xC0u) != 0x80u && ++column % stride == 0)
                marks_.push_back(static_cast<std::uint32_t>(i));
    }

    static constexpr std::uint32_t stride = 64;
    struct Line {
        std::uint32_t begin, mark;
        bool wide;  ///< has characters of several bytes
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

toml::parse_result parse_text(std::string_view text) {
    toml::impl::lists_seen = {};
    auto result = toml::parse(text);
    toml::impl::lists_seen = {};
    return result;
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

    /// Takes the tables apart as it goes, so that never both trees are whole.
    std::optional<Table> root(toml::table& table) {
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
    bool members(toml::table& table, std::size_t depth, std::size_t keys, Table& out) {
        struct Found {
            std::uint32_t begin;
            const toml::key* key;
            toml::node* node;
        };
        std::vector<Found> found;
        found.reserve(table.size());
        for (auto&& [key, node] : table) found.push_back({offset(key.source().begin), &key, &node});
        std::ranges::sort(found, {}, &Found::begin);
        out.members.reserve(found.size());
        for (const auto& [begin, key, node] : found) {
            auto& member = out.members.emplace_back();
            member.key = std::string(key->str());
            member.key_place = place(begin, offset(key->source().end));
            if (depth >= max_depth) {
                too_deep_ = member.key_place;
                return false;
            }
            if (!convert(*node, depth + 1, keys + 1, member.value)) return false;
        }
        table.clear();
        return true;
    }

    bool convert(toml::node& node, std::size_t depth, std::size_t keys, Value& out) {
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
                for (auto& item : *node.as_array()) {
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
                auto& text = node.as_string()->get();
                // One or three quotes, and a line's end that three quotes swallow.
                for (const std::uint32_t skip : {1u, 3u, 4u, 5u}) {
                    if (text_.substr(std::min<std::size_t>(begin + skip, text_.size()), text.size()) == text &&
                        (skip == 1) != (text_.substr(begin, 3) == "\"\"\"" || text_.substr(begin, 3) == "'''")) {
                        out.text_begin = begin + skip + base_;
                        break;
                    }
                }
                out.data = std::move(text);
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

/// Adds the members of a later part of the text. False where they do not simply follow: then only the whole text shows
/// whether they are allowed there, and what they belong to.
bool append(Table& all, Table&& part) {
    for (Member& member : part.members) {
        const auto known = std::ranges::find(all.members, member.key, &Member::key);
        if (known == all.members.end()) {
            all.members.push_back(std::move(member));
            continue;
        }
        auto *list = std::get_if<Array>(&known->value.data), *more = std::get_if<Array>(&member.value.data);
        if (list == nullptr || more == nullptr || !list->of_headers || !more->of_headers) return false;
        std::ranges::move(more->items, std::back_inserter(list->items));
    }
    return true;
}

/// Nothing where a part has an error, or needs another one, or the text has more than a parser is to see.
std::optional<Table> in_parts(const SourceText& source, std::size_t part) {
    const auto whole = source.text();
    std::vector<std::size_t> begins{bom_length(whole)};
    while (whole.size() - begins.back() > part) begins.push_back(next_record(whole, begins.back() + part));
    if (begins.back() != whole.size()) begins.push_back(whole.size());
    std::vector<std::optional<Table>> parts(begins.size() - 1);
    std::mutex counting;
    TomlCounts counts;
    const auto add = [&](std::optional<TomlCounts> more) {
        const std::scoped_lock lock(counting);
        if (more) counts += *more;
        return more && counts.values <= max_values;
    };
    threads::in_parallel(static_cast<int>(parts.size()), threads::usable(8), [&](int piece) {
        const auto i = static_cast<std::size_t>(piece);
        const auto text = whole.substr(begins[i], begins[i + 1] - begins[i]);
        if (!add(count_toml(text))) return;
        auto parsed = parse_text(text);
        if (parsed) parts[i] = Conversion(source, text, static_cast<std::uint32_t>(begins[i])).root(parsed.table());
    });
    Table root;
    for (auto& read : parts)
        if (!read || !append(root, std::move(*read))) return std::nullopt;
    if (!is_fit(counts) && scan_toml(whole, nullptr)) return std::nullopt;
    return root;
}

}  // namespace

std::optional<Document> parse_toml(const SourceText& source, Diagnostics& diagnostics, std::size_t part) {
    try {
        Document document;
        document.source = &source;
        const auto bom = bom_length(source.text());
        const auto text = source.text().substr(bom);
        if (text.size() > part) {
            if (auto root = in_parts(source, part)) {
                document.root = std::move(*root);
                return document;
            }
        }
        if (const auto excess = scan_toml(source.text(), nullptr)) {
            report_excess(source, *excess, diagnostics);
            return std::nullopt;
        }
        auto result = parse_text(text);
        Conversion conversion(source, text, bom);
        if (!result) {
            const auto& error = result.error();
            report_toml_error(source, bom, conversion.offset(error.source().begin), error.description(), diagnostics);
            return std::nullopt;
        }
        auto root = conversion.root(result.table());
        if (!root) {
            diagnostics.error(conversion.too_deep(), fmt::format("nested more than {} deep", max_depth),
                              "an inventory needs four levels at most");
            return std::nullopt;
        }
        document.root = std::move(*root);
        return document;
    } catch (const std::bad_alloc&) {
        throw;
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
            if (auto result = parse_text(text); result && result.table().size() == 1) {
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

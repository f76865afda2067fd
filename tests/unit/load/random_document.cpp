#include "random_document.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace poolfit::test {
namespace {

using namespace poolfit::load;
using namespace std::string_literals;

class DocumentMaker {
public:
    DocumentMaker(std::uint64_t seed, Syntax syntax) : random_(seed), json_(syntax == Syntax::json) {}

    Document document() {
        Document out;
        out.syntax = json_ ? Syntax::json : Syntax::toml;
        fill(out.root, 0);
        if (!json_ && one_in(3)) out.end = comments(true)->before;
        return out;
    }

    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
    bool one_in(std::size_t n) { return below(n) == 0; }

    std::string text() {
        static const std::array pieces = {"a"s,   "db.m5.large"s, "4-5%"s, " "s,   "\""s,     "'"s,      "\\"s,
                                          "\n"s,  "\r\n"s,        "\t"s,   "\0"s,  "\x01"s,   "\x1f"s,   "\x7f"s,
                                          "#"s,   "é"s,           "漢"s,   "😀"s,   "'''"s,    "\"\"\""s, "\\u00e9"s,
                                          "[x]"s, "="s,           ", "s,   "{ }"s, "\u2028"s, "  "s,     "1979-05-27"s};
        std::string out;
        for (auto n = below(6); n > 0; --n) out += pieces[below(pieces.size())];
        return one_in(40) ? out + std::string(120, 'x') : out;
    }

    std::string key(const Table& table) {
        static const std::array words = {"name"s, "max_connections"s, "a"s, "B-2"s, "1"s, "true"s,
                                         "x.y"s,  "with blank"s};
        for (std::size_t n = 0;; ++n) {
            auto out = one_in(6) ? text() : words[below(words.size())];
            if (n > 3) out += std::to_string(n);
            if (find(table, out) == nullptr) return out;
        }
    }

    Value scalar() {
        Value out;
        switch (below(json_ ? 6 : 7)) {
            case 0:
                out.data = one_in(2);
                break;
            case 1: {
                constexpr std::array<std::int64_t, 5> whole = {0, -1, 42, INT64_MAX, INT64_MIN};
                out.data = one_in(2) ? static_cast<std::int64_t>(random_()) : whole[below(whole.size())];
                break;
            }
            case 2:
                out.data = real();
                break;
            case 5:
                if (json_ && one_in(2)) break;  // null
                [[fallthrough]];
            case 3:
            case 4:
                out.data = text();
                break;
            default: {
                static const std::array dates = {"1979-05-27"s,           "07:32:00"s,
                                                 "07:32:00.999999"s,      "1979-05-27T07:32:00"s,
                                                 "1979-05-27T07:32:00Z"s, "2026-12-31T00:00:00.5-07:30"s};
                out.data = DateText{dates[below(dates.size())]};
            }
        }
        return out;
    }

    /// What stands on one line: no comments inside.
    Value in_line(std::size_t depth) {
        Value out;
        if (depth > 3 || !one_in(3)) return scalar();
        if (one_in(2)) {
            auto& list = out.data.emplace<Array>();
            for (auto n = below(5); n > 0; --n) list.items.push_back(in_line(depth + 1));
        } else {
            auto& table = out.data.emplace<Table>();
            table.form = Form::in_line;
            for (auto n = below(4); n > 0; --n) table.members.push_back({key(table), {}, in_line(depth + 1)});
        }
        return out;
    }

    std::shared_ptr<const Comments> comments(bool always = false) {
        if (json_ || (!always && !one_in(4))) return nullptr;
        static const std::array lines = {"a person's words"s,
                                         "# poolfit: ignore[PF101] owner=dana"s,
                                         "#"s,
                                         ""s,
                                         "é\t\x01\"quoted\" # twice"s,
                                         "a = 1"s,
                                         "[table]"s,
                                         "   "s};
        Value out;
        std::string before, behind;
        for (auto n = below(4); n > 0; --n) before += lines[below(lines.size())] + '\n';
        if (one_in(2)) behind = lines[below(lines.size())];
        comment(out, before, behind);
        return out.comments ? out.comments : std::make_shared<const Comments>(Comments{"# one\n", ""});
    }

    void fill(Table& table, std::size_t depth) {
        for (auto n = below(5); n > 0; --n) {
            auto& value = set(table, key(table), in_line(0));
            value.comments = comments();
        }
        while (!json_ && one_in(4)) dotted(table, 0);
        if (depth > 3) return;
        for (auto n = below(depth == 0 ? 5 : 3); n > 0; --n) {
            const auto name = key(table);
            if (one_in(2)) {
                for (auto records = 1 + below(3); records > 0; --records) {
                    Table record;
                    fill(record, depth + 1);
                    append(table, name, std::move(record));
                    find(table, name)->as<Array>()->items.back().comments = comments();
                }
            } else {
                Value inner;
                auto& made = inner.data.emplace<Table>();
                if (one_in(2)) made.form = Form::header;
                fill(made, depth + 1);
                if (is_min_max(made)) made.form = Form::header;
                if (made.form == Form::header) inner.comments = comments();
                set(table, name, std::move(inner));
            }
        }
    }

private:
    double real() {
        using L = std::numeric_limits<double>;
        constexpr std::array some = {0.0,         -0.0,     0.1,         1e22,     1e-7,
                                     123456789.0, L::max(), L::lowest(), L::min(), L::denorm_min()};
        if (one_in(2)) return some[below(some.size())];
        if (!json_ && one_in(5)) return std::array{L::infinity(), -L::infinity(), L::quiet_NaN()}[below(3)];
        const auto any = std::bit_cast<double>(random_());
        return std::isfinite(any) ? any : 1.5;
    }
    static bool is_min_max(const Table& table) { return find(table, "min") != nullptr; }

    void dotted(Table& table, std::size_t depth) {
        Value out;
        auto& made = out.data.emplace<Table>();
        made.form = Form::dotted;
        for (auto n = 1 + below(2); n > 0; --n) {
            auto& value = set(made, key(made), in_line(1));
            value.comments = comments();
        }
        if (depth < 2 && one_in(2)) dotted(made, depth + 1);
        set(table, key(table), std::move(out));
    }

    std::mt19937_64 random_;
    bool json_;
};

void tables_in(Table& table, std::vector<Table*>& out);
void tables_in(Value& value, std::vector<Table*>& out) {
    if (auto* inner = value.as<Table>()) tables_in(*inner, out);
    if (auto* list = value.as<Array>())
        for (auto& item : list->items) tables_in(item, out);
}
void tables_in(Table& table, std::vector<Table*>& out) {
    out.push_back(&table);
    for (auto& member : table.members) tables_in(member.value, out);
}

}  // namespace

Document random_document(std::uint64_t seed, Syntax syntax) { return DocumentMaker(seed, syntax).document(); }

std::string random_edit(std::uint64_t seed, Document& document) {
    DocumentMaker maker(seed, document.syntax);
    std::vector<Table*> tables;
    tables_in(document.root, tables);
    auto& table = *tables[maker.below(tables.size())];
    const auto what = maker.below(5);
    if (what == 0 || table.members.empty()) {
        const auto key = maker.key(table);
        set(table, key, maker.in_line(2));
        return "added " + key;
    }
    auto& member = table.members[maker.below(table.members.size())];
    const auto key = member.key;
    auto* list = member.value.as<Array>();
    if (what == 1) {
        remove(document, table, key);
        return "removed " + key;
    }
    if (list == nullptr || list->items.empty()) {
        set(table, key, maker.scalar());
        return "changed " + key;
    }
    const auto at = maker.below(list->items.size());
    if (what == 2) {
        remove(document, table, key, at);
        return fmt::format("removed {} of {}", at, key);
    }
    if (list->of_headers) {
        Table record;
        maker.fill(record, 4);
        append(table, key, std::move(record));
        return "appended to " + key;
    }
    auto value = maker.scalar();
    list->items.insert(list->items.begin() + static_cast<std::ptrdiff_t>(at), std::move(value));
    return fmt::format("inserted {} of {}", at, key);
}

}  // namespace poolfit::test

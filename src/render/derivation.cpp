#include "derivation.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include <poolfit/diag/source.hpp>

namespace poolfit::render {
namespace {

constexpr std::size_t most_parts = 8;  // of a sum that is written out

/// A leaf whose note is its content: a formula of the inventory or the catalog.
bool is_formula(const Derivation& figure) {
    return figure.inputs.empty() && figure.note.starts_with("the formula itself");
}

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Tails of a dotted name, the longest first.
std::vector<std::string_view> tails(std::string_view name) {
    std::vector<std::string_view> all{name};
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1))
        all.push_back(name.substr(dot + 1));
    return all;
}

/// Words of formulas that stand for an input of another name.
struct Alias {
    std::string_view word, begins, ends;  ///< of the input's name
};
constexpr Alias aliases[] = {{"TOTAL_VCPUS", "host.", ".vcpus"},
                             {"DB_VCPUS", "class.", ".vcpus"},
                             {"INSTANCES", "service.", ".instances"},
                             {"PROCESSES", "service.", ".processes"},
                             {"DBInstanceClassMemory", "class.", "memory"},
                             {"in_use", "service.", ".in_use_per_process"},
                             {"max", "service.", ".recommended"}};

/// A text's word at `at` is (the tail of) the name of an input.
struct Match {
    std::size_t input = 0, length = 0;
};

class Substitution {
public:
    Substitution(const Ledger& ledger, const Derivation& figure)
        : ledger_(ledger), figure_(figure), used_(figure.inputs.size(), false) {}

    std::string text() {
        const std::string& formula = figure_.formula;
        std::string out;
        for (std::size_t at = 0; at < formula.size();) {
            const bool starts = is_word(formula[at]) && (at == 0 || !is_word(formula[at - 1]));
            const Match match = starts ? best(at) : Match{};
            if (match.length > 0) {
                used_[match.input] = true;
                at += match.length;
                out += value_at(ledger_[figure_.inputs[match.input]], at);
            } else {
                out += formula[at++];
            }
        }
        return out;
    }

    bool used_any() const { return std::ranges::find(used_, true) != used_.end(); }

private:
    Match best(std::size_t at) const {
        Match found;
        bool fresh = false;
        for (std::size_t i = 0; i < figure_.inputs.size(); ++i) {
            const Derivation& input = ledger_[figure_.inputs[i]];
            if (is_formula(input)) continue;
            for (const std::string_view tail : tails(input.name)) {
                if (!stands(at, tail)) continue;
                // The longest name; of equal ones the next in order.
                const bool better = tail.size() > found.length || (tail.size() == found.length && !fresh && !used_[i]);
                if (better) {
                    found = {i, tail.size()};
                    fresh = !used_[i];
                }
                break;
            }
        }
        if (found.length > 0) return found;
        for (const Alias& alias : aliases) {
            if (!stands(at, alias.word)) continue;
            for (std::size_t i = 0; i < figure_.inputs.size(); ++i) {
                const std::string_view name = ledger_[figure_.inputs[i]].name;
                if (name.starts_with(alias.begins) && name.ends_with(alias.ends)) return {i, alias.word.size()};
            }
        }
        return found;
    }

    /// The value, or one end of it where the formula goes on with ".low" or ".high".
    std::string value_at(const Derivation& input, std::size_t& at) const {
        const Interval<double>& value = input.value.value;
        for (const auto& [word, end] : {std::pair<std::string_view, double>{".low", value.low}, {".high", value.high}})
            if (stands(at, word)) {
                at += word.size();
                return assess::print(Measured{Interval<double>(end), input.value.measure});
            }
        return value_text(input);
    }

    bool stands(std::size_t at, std::string_view word) const {
        const std::string_view rest = std::string_view(figure_.formula).substr(at);
        if (!rest.starts_with(word)) return false;
        // Not a part of a longer word, and not a function.
        return rest.size() == word.size() || (!is_word(rest[word.size()]) && rest[word.size()] != '(');
    }

    const Ledger& ledger_;
    const Derivation& figure_;
    std::vector<bool> used_;
};

/// "a = 1, b = 2" of the inputs that have a value.
std::string inputs_text(const Ledger& ledger, const Derivation& figure) {
    std::vector<std::string> parts;
    for (const FigureId id : figure.inputs) {
        const Derivation& input = ledger[id];
        if (!is_formula(input) && parts.size() < most_parts)
            parts.push_back(fmt::format("{} = {}", short_name(input.name, figure.name), value_text(input)));
    }
    return joined(parts, ", ");
}

class Tree {
public:
    Tree(Page& page, const Ledger& ledger)
        : page_(page),
          ledger_(ledger),
          deepest_(static_cast<std::size_t>(std::clamp((page.width() - 28) / 2, 4, 16))) {}

    void print(FigureId id) {
        const Derivation& figure = ledger_[id];
        printed_.insert(id);
        page_.write({named(figure.name, figure)}, 4);
        if (figure.inputs.empty()) {
            if (const std::string where = leaf_text(figure); !where.empty()) page_.write({"  " + where}, 4);
            return;
        }
        if (!figure.formula.empty()) page_.write({"  " + figure.formula}, 4);
        if (!figure.note.empty()) page_.write({"  " + figure.note}, 4);
        children(figure, "  ", 1);
    }

private:
    static std::string named(std::string_view name, const Derivation& figure) {
        const std::string value = value_text(figure);
        return value.empty() ? std::string(name) : fmt::format("{} = {}", name, value);
    }

    /// A source is written out once.
    std::string leaf_text(const Derivation& figure) {
        const bool fresh = sources_.insert(figure.origin.source).second;
        return joined({figure.note, fresh ? origin_text(figure.origin) : origin_brief(figure.origin)});
    }

    void children(const Derivation& figure, const std::string& guide, std::size_t depth) {
        for (std::size_t i = 0; i < figure.inputs.size(); ++i) {
            const bool last = i + 1 == figure.inputs.size();
            child(figure.inputs[i], figure.name, guide + (last ? "└ " : "├ "), guide + (last ? "  " : "│ "), depth);
        }
    }

    void child(FigureId id, std::string_view under, const std::string& first, const std::string& rest,
               std::size_t depth) {
        const Derivation& figure = ledger_[id];
        const std::string head = named(short_name(figure.name, under), figure);
        const bool leaf = figure.inputs.empty();
        const bool again = !printed_.insert(id).second;
        const bool too_deep = !leaf && !again && depth >= deepest_;
        std::string text;
        if (again)
            text = "see above";
        else if (leaf)
            text = leaf_text(figure);
        else
            text = joined({figure.formula, figure.note});
        // What hangs below a wrapped line keeps the guides of the figure's own inputs.
        const std::string below = rest + (leaf || again || too_deep ? "" : "│ ");
        page_.guided(first, below, {text.empty() ? head : head + "   " + text}, 2);
        if (leaf || again) return;
        if (too_deep) {
            page_.guided(rest + "└ ", rest + "  ", {"… poolfit explain " + figure.name}, 2);
            printed_.erase(id);
            return;
        }
        children(figure, rest, depth + 1);
    }

    Page& page_;
    const Ledger& ledger_;
    std::size_t deepest_;
    std::set<FigureId> printed_;
    std::set<std::string_view> sources_;
};

std::string lines_text(const std::set<std::uint32_t>& lines) {
    std::vector<std::string> parts;
    for (auto at = lines.begin(); at != lines.end();) {
        const std::uint32_t first = *at;
        std::uint32_t last = first;
        while (++at != lines.end() && *at == last + 1) last = *at;
        parts.push_back(first == last ? std::to_string(first) : fmt::format("{}–{}", first, last));
    }
    return joined(parts, ", ");
}

}  // namespace

std::string_view short_name(std::string_view name, std::string_view under) {
    std::size_t start = 0;
    while (true) {
        const std::size_t dot = name.find('.', start);
        if (dot == std::string_view::npos || under.substr(0, dot + 1) != name.substr(0, dot + 1)) break;
        start = dot + 1;
    }
    return name.substr(start);
}

std::string value_text(const Derivation& figure) { return is_formula(figure) ? "" : assess::print(figure.value); }

std::string origin_text(const Origin& origin) {
    std::string text;
    switch (origin.kind) {
        case Origin::Kind::computed:
            return {};
        case Origin::Kind::input:
            return diag::print(origin.place);
        case Origin::Kind::catalog:
        case Origin::Kind::constant:
            text = origin.source;
            break;
    }
    if (origin.place) text = joined({diag::print(origin.place), text}, ", ");
    if (!origin.as_of.empty()) text += fmt::format(", as of {}", origin.as_of);
    if (!origin.source_id.empty()) text += fmt::format(" [{}]", origin.source_id);
    return text;
}

std::string origin_brief(const Origin& origin) {
    if (origin.kind != Origin::Kind::catalog || origin.source_id.empty()) return origin_text(origin);
    Origin brief = origin;
    brief.source = "catalog";
    return origin_text(brief);
}

std::string with_numbers(const Ledger& ledger, FigureId id) {
    const Derivation& figure = ledger[id];
    if (figure.inputs.empty()) return is_formula(figure) ? figure.note : origin_brief(figure.origin);
    if (figure.formula.starts_with("Σ")) {
        if (figure.inputs.size() > most_parts) return fmt::format("{} ({})", figure.formula, figure.inputs.size());
        std::vector<std::string> parts;
        for (const FigureId input : figure.inputs) parts.push_back(value_text(ledger[input]));
        return joined(parts, " + ");
    }
    Substitution substitution(ledger, figure);
    const std::string text = substitution.text();
    if (substitution.used_any()) return text;
    const std::string inputs = inputs_text(ledger, figure);
    if (figure.formula.empty()) return inputs;
    return inputs.empty() ? figure.formula : fmt::format("{} with {}", figure.formula, inputs);
}

void print_tree(Page& page, const Ledger& ledger, FigureId id) { Tree(page, ledger).print(id); }

void Sources::add(const Ledger& ledger, FigureId id) {
    std::vector<FigureId> open{id};
    while (!open.empty()) {
        const FigureId next = open.back();
        open.pop_back();
        if (!seen_.insert(next).second) continue;
        const Derivation& figure = ledger[next];
        if (figure.inputs.empty()) leaves.insert(next);
        open.insert(open.end(), figure.inputs.begin(), figure.inputs.end());
    }
}

void print_sources(Page& page, const Ledger& ledger, const Sources& sources) {
    std::vector<std::string> rows;                               // in order of first use
    std::map<std::string, std::vector<std::string_view>> names;  // what stands on each
    std::map<std::string, std::set<std::uint32_t>> lines;        // of the user's files
    for (const FigureId id : sources.leaves) {
        const Derivation& leaf = ledger[id];
        if (leaf.origin.place) {
            const SourceText& source = *leaf.origin.place.source;
            lines[source.name()].insert(source.position(leaf.origin.place.span.begin).line);
            continue;
        }
        const std::string text = origin_text(leaf.origin);
        auto& users = names[text];
        if (users.empty()) rows.push_back(text);
        users.push_back(leaf.name);
    }
    if (rows.empty() && lines.empty()) return;
    page.write({"sources"}, 0);
    for (const std::string& row : rows) {
        const auto& users = names[row];
        std::string what(users.front());
        if (users.size() == 2) what += fmt::format(", {}", users[1]);
        if (users.size() > 2) what += fmt::format(" and {} more", users.size() - 1);
        page.write({fmt::format("  {}: {}", what, row)}, 6);
    }
    for (const auto& [name, numbers] : lines)
        page.write({fmt::format("  {}: {} {}", name, numbers.size() == 1 ? "line" : "lines", lines_text(numbers))}, 6);
}

}  // namespace poolfit::render

#include "derivation.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <poolfit/diag/source.hpp>
#include <poolfit/model/command.hpp>

namespace poolfit::render {
namespace {

class Tree {
public:
    Tree(Page& page, const Derivations& all)
        : page_(page), all_(all), deepest_(static_cast<std::size_t>(std::clamp((page.width() - 28) / 2, 4, 16))) {}

    void print(FigureId id) {
        printed_.insert(id);
        const std::string name = all_.name(id);
        page_.write({fmt::format("{} = {}", name, all_.value(id))}, 4);
        const std::vector<FigureId> inputs = all_.inputs(id);
        const std::string formula = formula_text(all_, id);
        if (formula.empty()) {
            if (const std::string where = leaf_text(id); !where.empty()) page_.write({"  " + where}, 4);
            return;
        }
        page_.write({"  " + formula}, 4);
        for (const std::string& text : {note_text(all_, id), source_text(id)})
            if (!text.empty()) page_.write({"  " + text}, 4);
        children(inputs, name, "  ", 1);
    }

private:
    /// A source is written out once.
    std::string source_text(FigureId id) {
        const Origin& origin = all_.figures[id].origin;
        const bool fresh = sources_.insert(origin.source).second;
        return fresh ? origin_text(origin) : origin_brief(origin);
    }

    std::string leaf_text(FigureId id) { return joined({note_text(all_, id), source_text(id)}); }

    void children(const std::vector<FigureId>& inputs, std::string_view under, const std::string& guide,
                  std::size_t depth) {
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const bool last = i + 1 == inputs.size();
            child(inputs[i], under, guide + (last ? "└ " : "├ "), guide + (last ? "  " : "│ "), depth);
        }
    }

    void child(FigureId id, std::string_view under, const std::string& first, const std::string& rest,
               std::size_t depth) {
        const std::string name = all_.name(id);
        const std::string head = fmt::format("{} = {}", short_name(name, under), all_.in_full(id));
        const std::vector<FigureId> inputs = all_.inputs(id);
        const std::string formula = formula_text(all_, id);
        const bool leaf = formula.empty();
        const bool again = !printed_.insert(id).second;
        const bool too_deep = !leaf && !again && depth >= deepest_;
        std::string text;
        if (again)
            text = "see above";
        else if (leaf)
            text = leaf_text(id);
        else
            text = joined({formula, note_text(all_, id), source_text(id)});
        // What hangs below a wrapped line keeps the guides of the figure's own inputs.
        const std::string below = rest + (leaf || again || too_deep ? "" : "│ ");
        page_.guided(first, below, {text.empty() ? head : head + "   " + text}, 2);
        if (leaf || again) return;
        if (too_deep) {
            page_.guided(rest + "└ ", rest + "  ", {"… " + model::command(all_.fleet, "explain", name)}, 2);
            printed_.erase(id);
            return;
        }
        children(inputs, name, rest, depth + 1);
    }

    Page& page_;
    const Derivations& all_;
    std::size_t deepest_;
    std::set<FigureId> printed_;
    std::set<std::string_view> sources_{std::string_view()};
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

std::vector<FigureId> Derivations::inputs(FigureId id) const {
    std::vector<FigureId> found;
    const auto visit = [&](const auto& self, FigureId at) -> void {
        for (const FigureId input : figures.inputs(at)) {
            if (figures[input].inner)
                self(self, input);
            else if (std::ranges::find(found, input) == found.end())
                found.push_back(input);
        }
    };
    visit(visit, id);
    return found;
}

std::size_t part_end(std::string_view name, std::size_t from) {
    bool inside = false;
    for (std::size_t i = from; i < name.size(); ++i) {
        if (inside && name[i] == '\\')
            ++i;
        else if (name[i] == '"')
            inside = !inside;
        else if (name[i] == '.' && !inside)
            return i;
    }
    return name.npos;
}

std::string_view last_part(std::string_view name) {
    for (std::size_t dot = part_end(name, 0); dot != name.npos; dot = part_end(name, 0)) name.remove_prefix(dot + 1);
    return name;
}

std::string_view short_name(std::string_view name, std::string_view under) {
    std::size_t start = 0;
    while (true) {
        const std::size_t dot = part_end(name, start);
        if (dot == std::string_view::npos || under.substr(0, dot + 1) != name.substr(0, dot + 1)) break;
        start = dot + 1;
    }
    return name.substr(start);
}

std::string origin_text(const Origin& origin) {
    std::string text;
    switch (origin.kind) {
        case Origin::Kind::none:
            return {};
        case Origin::Kind::input:
            return diag::print(origin.place);
        case Origin::Kind::catalog:
        case Origin::Kind::constant:
            text = source_words(origin);
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

void print_tree(Page& page, const Derivations& all, FigureId id) { Tree(page, all).print(id); }

void Sources::add(const Derivations& all, FigureId id) {
    std::vector<FigureId> open{id};
    while (!open.empty()) {
        const FigureId next = open.back();
        open.pop_back();
        if (!seen_.insert(next).second) continue;
        const Node& node = all.figures[next];
        const bool from = node.origin.kind != Origin::Kind::none && node.origin.grounds != Grounds::fixed;
        if (!node.inner && from) leaves.insert(next);
        const auto inputs = all.figures.inputs(next);
        open.insert(open.end(), inputs.begin(), inputs.end());
    }
}

void print_sources(Page& page, const Derivations& all, const Sources& sources) {
    std::vector<std::string> rows;                          // in order of first use
    std::map<std::string, std::vector<std::string>> names;  // what is based on each
    std::map<std::string, std::set<std::uint32_t>> lines;   // of the user's files
    for (const FigureId id : sources.leaves) {
        const Origin& origin = all.figures[id].origin;
        if (origin.place) {
            const SourceText& source = *origin.place.source;
            lines[source.name()].insert(source.position(origin.place.span.begin).line);
            continue;
        }
        const std::string text = origin_text(origin);
        auto& users = names[text];
        if (users.empty()) rows.push_back(text);
        users.push_back(all.name(id));
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

std::vector<FigureId> with_inputs(const Derivations& all, const std::vector<FigureId>& roots) {
    std::vector<char> reached(all.figures.all().size(), 0);
    std::vector<FigureId> open(roots.begin(), roots.end());
    while (!open.empty()) {
        const FigureId id = open.back();
        open.pop_back();
        if (!id || reached[id.index] != 0) continue;
        reached[id.index] = 1;
        const auto inputs = all.figures.inputs(id);
        open.insert(open.end(), inputs.begin(), inputs.end());
    }
    std::vector<FigureId> ids;
    for (std::uint32_t i = 0; i < reached.size(); ++i)
        if (reached[i] != 0 && !all.figures[FigureId{i}].inner) ids.push_back(FigureId{i});
    return ids;
}

}  // namespace poolfit::render

// Numbered lines of a calculation: " 3 total   steady  10 + 10 + 11 = 31".
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "derivation.hpp"
#include "layout.hpp"

namespace poolfit::render {

class Steps {
public:
    explicit Steps(const Report& report) : all_(report) {}

    /// What comes next stands under this label; a label without lines is not printed.
    void section(std::string label) { sections_.push_back({std::move(label), {}, {}}); }
    /// A figure: its formula with numbers, and its value.
    void add(std::string name, FigureId id);
    /// The same with the derived figures that it is made of first, each by its own name and once.
    void add_with_inputs(std::string name, FigureId id);
    /// The same with the figures that those are made of, from the first on.
    void add_chain(std::string name, FigureId id);
    /// A figure with another account of it than its formula.
    void add(std::string name, std::string text, FigureId id);
    /// A sentence, where there is no figure, or beside some.
    void note(std::string text);
    /// The derived figures that a figure is made of.
    void add_inputs(FigureId id);
    template <class T>
    void add(std::string name, const std::optional<Figure<T>>& figure) {
        if (figure) add(std::move(name), figure->id);
    }

    void print(Page& page) const;
    bool empty() const {
        return std::ranges::all_of(sections_, [](const Section& section) { return section.lines.empty(); });
    }
    /// Lines of the last section so far.
    std::size_t in_section() const { return sections_.back().lines.size(); }
    std::set<FigureId> figures() const;
    const Sources& sources() const { return sources_; }
    const Derivations& derivations() const { return all_; }

private:
    struct Line {
        std::string name, text, value;
    };
    struct Section {
        std::string label;
        std::vector<Line> lines;
        std::set<FigureId> figures;
    };
    static void print_section(Page& page, const Section& section, int number, int text_column);

    Derivations all_;
    std::vector<Section> sections_;
    Sources sources_;
};

}  // namespace poolfit::render

// Derivations as text: a formula with its numbers, the tree down to the leaves, and the sources of the leaves.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/report/report.hpp>

#include "layout.hpp"

namespace poolfit::render {

/// What derivations are read from: the nodes of a run, and the fleet that names them.
struct Derivations {
    const Figures& figures;
    const Fleet& fleet;

    Derivations(const Figures& nodes, const Fleet& named_by) : figures(nodes), fleet(named_by) {}
    explicit Derivations(const Report& report) : Derivations(report.figures, *report.fleet) {}
    std::string name(FigureId id) const { return assess::name(figures[id].key, fleet); }
    std::string value(FigureId id) const;
    /// As an input: with the digits that it takes to compute with it.
    std::string in_full(FigureId id) const;
    /// The figures that a figure is made of, through the parts of its formula; each once, in order.
    std::vector<FigureId> inputs(FigureId id) const;
};

/// The name's last part, with as many parts before it as it does not share with `under`.
std::string_view short_name(std::string_view name, std::string_view under);

/// Where the name's part that begins at `from` ends: at a dot that is not in quotation marks; npos for the last.
std::size_t part_end(std::string_view name, std::size_t from);
/// "usable" of "database.primary.connections.usable".
std::string_view last_part(std::string_view name);

/// "max_planned − reserved": how the figure is computed, by the names of its inputs; empty for a leaf.
std::string formula_text(const Derivations& all, FigureId id);
/// "1,655 − 9": the same with its inputs' values. A leaf gives where it comes from.
std::string with_numbers(const Derivations& all, FigureId id);
/// What a reader has to know about it; may be empty.
std::string note_text(const Derivations& all, FigureId id);

/// A catalog row's or a constant's source, in words.
std::string_view source_words(const Origin& origin);
/// The same of a constant; `source` where it has no grounds.
std::string_view source_words(Grounds grounds, std::string_view source);
/// Where a leaf comes from: "infra/poolfit.toml:12:5", "AWS documentation …, as of 2026-04-13 [s33]".
std::string origin_text(const Origin& origin);
/// The same where the source's text is printed elsewhere: "catalog, as of 2026-04-13 [s33]".
std::string origin_brief(const Origin& origin);

/// The figure, and below it those that it is made of.
void print_tree(Page& page, const Derivations& all, FigureId id);

/// The sources of figures.
struct Sources {
    std::set<FigureId> leaves;  ///< and formulas and models that have a source of their own
    void add(const Derivations& all, FigureId id);

private:
    std::set<FigureId> seen_;
};
void print_sources(Page& page, const Derivations& all, const Sources& sources);

/// The figures that these are made of, and these, in the order they were recorded.
std::vector<FigureId> with_inputs(const Derivations& all, const std::vector<FigureId>& roots);

}  // namespace poolfit::render

// Derivations as text: a formula with its numbers, the tree down to the leaves, and what the leaves stand on.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/assess/figure.hpp>

#include "layout.hpp"

namespace poolfit::render {

/// The name's last part, with as many parts before it as it does not share with `under`.
std::string_view short_name(std::string_view name, std::string_view under);

/// "1,646"; for a leaf that is a formula itself, nothing.
std::string value_text(const Derivation& figure);

/// "1,655 − 9": the formula with its inputs' values in place of their names. A sum shows its parts; a formula that
/// names none of its inputs is followed by them. A leaf gives where it comes from.
std::string with_numbers(const Ledger& ledger, FigureId id);

/// Where a leaf comes from: "infra/poolfit.toml:12:5", "AWS documentation …, as of 2026-04-13 [s33]".
std::string origin_text(const Origin& origin);
/// The same where the source's text stands elsewhere: "catalog, as of 2026-04-13 [s33]".
std::string origin_brief(const Origin& origin);

/// The figure, and below it those that it is made of.
void print_tree(Page& page, const Ledger& ledger, FigureId id);

/// What figures stand on.
struct Sources {
    std::set<FigureId> leaves;
    void add(const Ledger& ledger, FigureId id);

private:
    std::set<FigureId> seen_;
};
void print_sources(Page& page, const Ledger& ledger, const Sources& sources);

}  // namespace poolfit::render

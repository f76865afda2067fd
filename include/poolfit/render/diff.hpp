// `diff`: what is between two states of an inventory.
#pragma once

#include <string>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diff/compare.hpp>

namespace poolfit::render {

struct Differing {
    const diff::Comparison* comparison = nullptr;
    const diff::Judgement* judgement = nullptr;
    bool always = false;  ///< printed though allowances were given, and nothing is over, worse or new
};

/// What got worse first. Empty where allowances were given, all is within them, nothing is worse, and no finding is
/// new.
std::string diff_text(const Differing& compared, const diag::Style& style);
/// A comment on a pull request: it begins with a mark of the inventory, and has less than 65,000 characters. One line
/// where the text is empty.
std::string diff_markdown(const Differing& compared);
std::string diff_json(const Differing& compared);

}  // namespace poolfit::render

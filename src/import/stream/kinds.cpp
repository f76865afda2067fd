#include "kinds.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace poolfit::imports {

const AnswerKind* kind_with(std::string_view key) {
    static constexpr std::array<AnswerKind, 7> kinds{
        {{"Items", "an answer of the Azure Retail Prices API", "azure-prices"},
         {"skus", "an answer of the Google Cloud Billing Catalog API", "google-prices"},
         {"PriceList", "an answer of aws pricing get-products", "aws-prices"},
         {"products", "a price list of AWS", "aws-prices"},
         {"searchResults", "an answer of aws savingsplans", "aws-prices"},
         {"OrderableDBInstanceOptions", "an answer of aws rds describe-orderable-db-instance-options", "orderable"},
         {"InstanceTypes", "an answer of aws ec2 describe-instance-types", "ec2-instances"}}};
    const auto at = std::ranges::find(kinds, key, &AnswerKind::key);
    return at == kinds.end() ? nullptr : &*at;
}

std::string import_command(const AnswerKind& kind, std::string_view file) {
    return fmt::format("poolfit catalog import {} {}", kind.imports, file == "<stdin>" ? "-" : file);
}

std::string without_keys(std::string_view message) {
    constexpr std::size_t longest = 200, key = 24;
    std::string out, word;
    const auto end_word = [&] {
        // A key is one long word of letters and digits.
        const auto digits = std::ranges::count_if(word, [](char c) { return c >= '0' && c <= '9'; });
        out += word.size() >= key && digits > 0 && word.find('/') == word.npos ? "KEY" : word;
        word.clear();
    };
    for (const char c : message.substr(0, longest)) {
        if (c > ' ' && c != '\'' && c != '"' && c != '=' && c != '&') {
            word += c;
            continue;
        }
        end_word();
        out += c < ' ' ? ' ' : c;
    }
    end_word();
    while (out.ends_with('.') || out.ends_with(' ')) out.pop_back();
    return out;
}

}  // namespace poolfit::imports

// Which answer a file is, by its first keys: to say so where another one was asked for.
#pragma once

#include <string>
#include <string_view>

namespace poolfit::imports {

struct AnswerKind {
    std::string_view key;      ///< that only it has at the top
    std::string_view what;     ///< "an answer of the Azure Retail Prices API"
    std::string_view imports;  ///< "azure-prices"
};
/// Null for a key of none.
const AnswerKind* kind_with(std::string_view key);
/// "poolfit catalog import azure-prices prices.json"
std::string import_command(const AnswerKind& kind, std::string_view file);

/// A provider's error message, without what looks like a key to its API.
std::string without_keys(std::string_view message);

}  // namespace poolfit::imports

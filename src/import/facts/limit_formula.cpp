#include "limit_formula.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace poolfit::imports {

std::string plain_formula(const Sealed& value) {
    constexpr std::array<std::string_view, 9> words{"AllocatedStorage",
                                                    "DBInstanceClassMemory",
                                                    "DBInstanceVCPU",
                                                    "GREATEST",
                                                    "LEAST",
                                                    "SUM",
                                                    "greatest",
                                                    "least",
                                                    "sum"};
    constexpr std::string_view signs = "{}()/*+-, ";
    const std::string_view text = value.opened();
    if (text.size() > 200) return {};
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && signs.find(text[end]) == signs.npos) ++end;
        const std::string_view word = text.substr(i, end - i);
        const bool number = word.find_first_not_of("0123456789.") == word.npos;
        if (!number && std::ranges::find(words, word) == words.end()) return {};
        i = std::max(end, i + 1);
    }
    return std::string(text);
}

}  // namespace poolfit::imports

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <tuple>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::diag {
namespace {

constexpr std::size_t longest = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Damerau–Levenshtein distance: insert, delete, replace, or swap two neighbours.
std::size_t distance(std::string_view a, std::string_view b, bool ignore_case) {
    const auto same = [ignore_case](char x, char y) { return ignore_case ? lower(x) == lower(y) : x == y; };
    using Row = std::array<std::size_t, longest + 1>;
    Row before{}, above{}, row{};
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool equal = same(a[i - 1], b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (equal ? 0 : 1)});
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = above;
        above = row;
    }
    return above[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.empty() || word.size() > longest) return {};
    const std::size_t allowed = word.size() < 3 ? 0 : std::max<std::size_t>(1, word.size() / 3);
    std::string_view best;
    std::optional<std::tuple<std::size_t, std::size_t>> least;
    for (const std::string_view candidate : candidates) {
        if (candidate.empty() || candidate.size() > longest) continue;
        const std::size_t folded = distance(word, candidate, true);
        if (folded > allowed) continue;
        const std::tuple found(folded, distance(word, candidate, false));
        if (least && *least <= found) continue;
        least = found;
        best = candidate;
    }
    return best;
}

}  // namespace poolfit::diag

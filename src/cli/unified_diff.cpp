#include "unified_diff.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

namespace poolfit::cli {
namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t length = end == text.npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return lines;
}

enum class What : char { same = ' ', gone = '-', fresh = '+' };
struct Line {
    What what;
    std::string_view text;
};

/// So many differences are looked for, line by line; past them all between the first and the last is replaced.
constexpr std::size_t most_edits = 2000;

/// The shortest way from one to the other (Myers 1986).
std::vector<Line> edits(const Lines& a, const Lines& b) {
    std::size_t head = 0, tail = 0;
    while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
    while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
    const auto n = static_cast<std::ptrdiff_t>(a.size() - head - tail),
               m = static_cast<std::ptrdiff_t>(b.size() - head - tail);
    const auto at = [&](const Lines& lines, std::ptrdiff_t i) { return lines[head + static_cast<std::size_t>(i)]; };

    std::vector<Line> middle;  // from the end to the beginning
    const auto most = std::min<std::ptrdiff_t>(n + m, most_edits);
    std::vector<std::ptrdiff_t> best(static_cast<std::size_t>(2 * most + 3), 0);
    std::vector<std::vector<std::ptrdiff_t>> steps;
    const auto of = [&](std::vector<std::ptrdiff_t>& row, std::ptrdiff_t k) -> std::ptrdiff_t& {
        return row[static_cast<std::size_t>(k + most + 1)];
    };
    bool found = false;
    for (std::ptrdiff_t d = 0; d <= most && !found; ++d) {
        steps.push_back(best);
        for (std::ptrdiff_t k = -d; k <= d; k += 2) {
            const bool down = k == -d || (k != d && of(best, k - 1) < of(best, k + 1));
            std::ptrdiff_t x = down ? of(best, k + 1) : of(best, k - 1) + 1;
            while (x < n && x - k < m && at(a, x) == at(b, x - k)) ++x;
            of(best, k) = x;
            if (x >= n && x - k >= m) {
                found = true;
                break;
            }
        }
    }
    if (found) {
        std::ptrdiff_t x = n, y = m;
        for (auto d = static_cast<std::ptrdiff_t>(steps.size()) - 1; d >= 0; --d) {
            auto& row = steps[static_cast<std::size_t>(d)];
            const std::ptrdiff_t k = x - y;
            const bool down = k == -d || (k != d && of(row, k - 1) < of(row, k + 1));
            const std::ptrdiff_t before = down ? k + 1 : k - 1;
            const std::ptrdiff_t from = d == 0 ? 0 : of(row, before), from_y = from - before;
            while (x > from && y > (d == 0 ? 0 : from_y) && x > 0 && y > 0 && at(a, x - 1) == at(b, y - 1)) {
                middle.push_back({What::same, at(a, x - 1)});
                --x, --y;
            }
            if (d == 0) break;
            if (down)
                middle.push_back({What::fresh, at(b, --y)});
            else
                middle.push_back({What::gone, at(a, --x)});
        }
    } else {
        for (std::ptrdiff_t y = m; y > 0; --y) middle.push_back({What::fresh, at(b, y - 1)});
        for (std::ptrdiff_t x = n; x > 0; --x) middle.push_back({What::gone, at(a, x - 1)});
    }
    std::vector<Line> all;
    for (std::size_t i = 0; i < head; ++i) all.push_back({What::same, a[i]});
    all.insert(all.end(), middle.rbegin(), middle.rend());
    for (std::size_t i = a.size() - tail; i < a.size(); ++i) all.push_back({What::same, a[i]});
    return all;
}

std::string range(std::size_t first, std::size_t count) {
    if (count == 1) return fmt::format("{}", first + 1);
    return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name) {
    if (before == after) return {};
    constexpr std::size_t context = 3;
    const std::vector<Line> all = edits(lines_of(before), lines_of(after));
    std::string out = fmt::format("--- {}\n+++ {}\n", before_name, after_name);
    std::size_t old_line = 0, new_line = 0, seen = 0;
    const auto pass = [&](std::size_t to) {
        for (; seen < to; ++seen) {
            old_line += all[seen].what == What::fresh ? 0 : 1;
            new_line += all[seen].what == What::gone ? 0 : 1;
        }
    };
    for (std::size_t i = 0; i < all.size();) {
        if (all[i].what == What::same) {
            ++i;
            continue;
        }
        const std::size_t begin = std::max(seen, i < context ? 0 : i - context);
        std::size_t last = i;  // the last that differs, of those that are near each other
        for (std::size_t j = i; j < all.size() && j <= last + 2 * context; ++j)
            if (all[j].what != What::same) last = j;
        const std::size_t end = std::min(last + context + 1, all.size());
        pass(begin);
        const std::size_t old_first = old_line, new_first = new_line;
        std::string body;
        for (std::size_t j = begin; j < end; ++j) {
            body += static_cast<char>(all[j].what);
            body += all[j].text;
            if (!all[j].text.ends_with('\n')) body += "\n\\ No newline at end of file\n";
        }
        pass(end);
        out += fmt::format("@@ -{} +{} @@\n", range(old_first, old_line - old_first),
                           range(new_first, new_line - new_first));
        out += body;
        i = end;
    }
    return out;
}

}  // namespace poolfit::cli

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include <dtl/dtl.hpp>
#include <poolfit/import/into.hpp>

namespace poolfit::imports {
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

/// With more lines that only one of them has, the whole text is shown as replaced: finding what is the same takes time
/// in proportion to their square.
constexpr std::size_t most_edits = 4000;

std::size_t not_shared(Lines a, Lines b) {
    std::ranges::sort(a);
    std::ranges::sort(b);
    Lines apart;
    std::ranges::set_symmetric_difference(a, b, std::back_inserter(apart));
    return apart.size();
}

std::vector<Line> edits(const Lines& a, const Lines& b) {
    std::vector<Line> all;
    if (not_shared(a, b) > most_edits) {
        for (const std::string_view text : a) all.push_back({What::gone, text});
        for (const std::string_view text : b) all.push_back({What::fresh, text});
        return all;
    }
    dtl::Diff<std::string_view, Lines> diff(a, b, true);  // what is gone before what is new
    diff.compose();
    for (const auto& [text, info] : diff.getSes().getSequence())
        all.push_back({info.type == dtl::SES_ADD      ? What::fresh
                       : info.type == dtl::SES_DELETE ? What::gone
                                                      : What::same,
                       text});
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

}  // namespace poolfit::imports

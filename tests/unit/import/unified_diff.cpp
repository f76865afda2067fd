#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/import/into.hpp>

using namespace poolfit;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        const std::size_t next = end == text.npos ? text.size() : end + 1;
        lines.push_back(text.substr(at, next - at));
        at = next;
    }
    return lines;
}

/// As patch(1) does; empty where a line does not match.
std::string patched(const std::string& before, const std::string& diff) {
    const std::vector<std::string> old = lines_of(before), edits = lines_of(diff);
    std::string out;
    std::size_t at = 0;
    for (std::size_t i = 2; i < edits.size(); ++i) {
        const std::string& edit = edits[i];
        if (edit.starts_with("@@ -")) {
            const std::size_t comma = edit.find_first_of(", ", 4);
            std::size_t first = std::stoul(edit.substr(4, comma - 4));
            const bool none = edit.compare(comma, 3, ",0 ") == 0;
            if (!none) --first;
            for (; at < first; ++at) out += old[at];
            continue;
        }
        if (edit.starts_with('\\')) continue;
        const bool bare = i + 1 < edits.size() && edits[i + 1].starts_with('\\');
        const std::string text = bare ? edit.substr(1, edit.size() - 2) : edit.substr(1);
        if (edit.front() != '+' && (at >= old.size() || old[at++] != text)) return {};
        if (edit.front() != '-') out += text;
    }
    for (; at < old.size(); ++at) out += old[at];
    return out;
}

}  // namespace

TEST_CASE("a printed difference, applied, gives the new text") {
    std::mt19937 random(7);
    const auto below = [&](unsigned end) { return random() % end; };
    for (int round = 0; round < 2000; ++round) {
        std::string before, after;
        for (unsigned i = below(30); i > 0; --i) before += std::string(1, static_cast<char>('a' + below(6))) + "\n";
        for (const std::string& line : lines_of(before)) {
            const unsigned what = below(8);
            if (what == 0) continue;
            if (what == 1) after += "new\n";
            after += what == 2 ? "other\n" : line;
        }
        if (below(4) == 0) after += "without an end";
        if (below(4) == 0 && !before.empty()) before.pop_back();
        const std::string diff = imports::unified_diff(before, after, "a", "b");
        CAPTURE(before);
        CAPTURE(after);
        CAPTURE(diff);
        if (before == after)
            CHECK(diff.empty());
        else
            CHECK(patched(before, diff) == after);
    }
}

TEST_CASE("a few changes in a long text are a few lines, and a text that has nothing in common is replaced") {
    std::string before, after, other;
    for (int i = 0; i < 60000; ++i) {
        before += "line " + std::to_string(i) + "\n";
        after += (i % 20000 == 7 ? "changed " : "line ") + std::to_string(i) + "\n";
        other += "other " + std::to_string(i) + "\n";
    }
    CHECK(lines_of(imports::unified_diff(before, after, "a", "b")).size() < 40);
    CHECK(patched(before, imports::unified_diff(before, other, "a", "b")) == other);
}

#include "document.hpp"

#include <algorithm>
#include <array>

namespace accuracy {

namespace {

constexpr std::array sections{
    Section{"The formulas against exact tables", exact_section, true},
    Section{"The simulator against the same tables", simulated_section, false},
    Section{"A real PostgreSQL, predicted before it ran", real_section, false},
    Section{"The live experiment", live_section, true},
    Section{"CPU on another class, against measured moves", resize_section, true},
};

constexpr std::string_view introduction =
    R"--(# How accurate poolfit is

Printed by `./dev accuracy` from runs with fixed seeds; `./dev accuracy --check` compares it with a new run, and
`./dev test` does so for the sections on formulas, on the live experiment and on moves to another class. No figure here is written by hand.

poolfit has three answers to one question: a formula where theory has an exact one, a simulation, and what a real
PostgreSQL does behind a real PgBouncer. Each is compared with the next.
)--";

std::string whole(std::string_view title, const std::string& text) {
    return "\n## " + std::string(title) + "\n\n" + text;
}

}  // namespace

std::string document(void (*report)(std::string_view title)) {
    std::string text(introduction);
    for (const Section& s : sections) {
        report(s.title);
        text += whole(s.title, s.text());
    }
    return text;
}

bool has_section(const std::string& document, std::string_view title, const std::string& text) {
    const std::string wanted = whole(title, text);
    const std::size_t at = document.find(wanted), end = at + wanted.size();
    return at != std::string::npos && (end == document.size() || document.compare(end, 4, "\n## ") == 0);
}

std::vector<std::string> stale_sections(const std::string& document, bool quick) {
    std::vector<std::string> stale;
    if (!document.starts_with(introduction)) stale.emplace_back("the introduction");
    for (const Section& s : sections) {
        if (quick && !s.quick) continue;
        if (!has_section(document, s.title, s.text())) stale.emplace_back(s.title);
    }
    return stale;
}

int section_count(bool quick) {
    return 1 + static_cast<int>(std::count_if(sections.begin(), sections.end(),
                                              [&](const Section& s) { return s.quick || !quick; }));
}

}  // namespace accuracy

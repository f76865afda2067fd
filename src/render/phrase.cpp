#include "phrase.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "words.hpp"

namespace poolfit::render {

namespace {

std::string words_of(const Fleet& fleet, const Plan& plan, const Phrase& phrase) {
    switch (phrase.about) {
        case Phrase::About::nothing:
            break;
        case Phrase::About::risk:
            return risk_text(fleet, plan, phrase.of,
                             *std::ranges::max_element(plan.databases[phrase.of].recommendation.risk_reasons, {},
                                                       &RiskReason::level));
        case Phrase::About::advice:
            return advice_text(fleet, plan, phrase.of);
    }
    return {};
}

}  // namespace

std::string inputs_in(const Fleet& fleet, std::string (*each)(std::string_view)) {
    constexpr std::size_t most = 2;  // further files by name
    std::string text = each(fleet.path);
    if (fleet.more.size() > most)
        text += fmt::format(" + {} files", fleet.more.size());
    else
        for (const std::string& more : fleet.more) text += " + " + each(more);
    if (!fleet.environment.empty()) text += fmt::format(" (env {})", each(fleet.environment));
    return text;
}

std::string inputs_text(const Fleet& fleet) {
    return inputs_in(fleet, [](std::string_view name) { return std::string(name); });
}

std::string in_full(const Fleet& fleet, const Plan& plan, const Phrase& phrase) {
    return phrase.before + words_of(fleet, plan, phrase) + phrase.after;
}

std::vector<std::pair<std::string, std::string>> notes_of(const Fleet& fleet, const Plan& plan,
                                                          const Finding& finding) {
    std::vector<std::pair<std::string, std::string>> notes;
    notes.reserve(finding.notes.size() + 1);
    for (const auto& [about, phrase] : finding.notes) notes.emplace_back(about, in_full(fleet, plan, phrase));
    return notes;
}

}  // namespace poolfit::render

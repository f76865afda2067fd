#include "phrase.hpp"

#include "words.hpp"

namespace poolfit::render {

namespace {

std::string words_of(const Fleet& fleet, const Plan& plan, const Phrase& phrase) {
    switch (phrase.about) {
        case Phrase::About::nothing:
            break;
        case Phrase::About::risk:
            return risk_text(fleet, plan, phrase.of, plan.databases[phrase.of].recommendation.risk_reasons.front());
        case Phrase::About::advice:
            return advice_text(fleet, plan, phrase.of);
    }
    return {};
}

}  // namespace

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

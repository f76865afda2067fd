#include "steps.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace poolfit::render {
namespace {

constexpr int least_text_column = 13;
constexpr int widest_name = 28;

}  // namespace

void Steps::add(std::string name, std::string text, FigureId id) {
    if (!id) return;
    sources_.add(all_, id);
    sections_.back().figures.insert(id);
    sections_.back().lines.push_back({std::move(name), std::move(text), all_.value(id)});
}

void Steps::note(std::string text) {
    if (!text.empty()) sections_.back().lines.push_back({{}, std::move(text), {}});
}

std::set<FigureId> Steps::figures() const {
    std::set<FigureId> all;
    for (const Section& section : sections_) all.insert(section.figures.begin(), section.figures.end());
    return all;
}

void Steps::add(std::string name, FigureId id) {
    if (id) add(std::move(name), with_numbers(all_, id), id);
}

void Steps::add_inputs(FigureId id) {
    if (!id) return;
    for (const FigureId input : all_.inputs(id)) {
        if (formula_text(all_, input).empty() || sections_.back().figures.contains(input)) continue;
        add(std::string(last_part(all_.name(input))), input);
    }
}

void Steps::add_with_inputs(std::string name, FigureId id) {
    add_inputs(id);
    add(std::move(name), id);
}

void Steps::add_chain(std::string name, FigureId id) {
    for (const FigureId input : all_.inputs(id)) {
        if (formula_text(all_, input).empty() || sections_.back().figures.contains(input)) continue;
        const std::string full = all_.name(input);
        const Key& key = all_.figures[input].key;
        const bool there = key.cls != nullptr && key.subject.kind == Subject::Kind::database;
        add_chain(fmt::format("{}{}", last_part(full), there ? "" : " now"), input);
    }
    add(std::move(name), id);
}

void Steps::print_section(Page& page, const Section& section, int number, int text_column) {
    int names = 0, texts = 0, values = 0;
    for (const Line& line : section.lines) {
        if (line.value.empty()) continue;
        const int name = page.columns(line.name);
        if (name <= widest_name) names = std::max(names, name);
        texts = std::max(texts, page.columns(line.text));
        values = std::max(values, page.columns(line.value));
    }
    const int column = text_column + (names > 0 ? names + 2 : 0);
    texts = std::min(texts, page.edge() - column - 3 - values);
    std::string lead = page.left(fmt::format("{:2} {}", number, section.label), text_column);
    for (const Line& line : section.lines) {
        if (line.value.empty()) {
            page.write({lead + line.text}, text_column);
            lead = page.left("", text_column);
            continue;
        }
        if (page.columns(line.name) > names) {
            page.write({lead + line.name}, text_column);
            lead = page.left("", column);
        } else if (names > 0) {
            lead += page.left(line.name, names + 2);
        }
        page.write({lead + page.left(line.text, texts) + " = " + line.value}, std::min(column, page.width() / 2));
        lead = page.left("", text_column);
    }
}

void Steps::print(Page& page) const {
    int number = 0, column = least_text_column;
    for (const Section& section : sections_)
        if (!section.lines.empty()) column = std::max(column, page.columns(section.label) + 4);
    for (const Section& section : sections_)
        if (!section.lines.empty()) print_section(page, section, ++number, column);
}

}  // namespace poolfit::render

#include "tables.hpp"

#include <algorithm>
#include <map>

#include <poolfit/catalog/catalog.hpp>

#include "../stream/csv_reader.hpp"

namespace poolfit::imports {

// Of data/import, made by scripts/embed.py.
namespace tables_text {
std::string_view sizes();
std::string_view addresses();
std::string_view commands();
std::string_view images();
std::string_view poolers();
}  // namespace tables_text

namespace {

/// Calls `each` with every row below the header.
template <class Each>
void read_rows(std::string_view text, const Each& each) {
    Sources sources;
    Diagnostics diagnostics;
    Input bytes("data/import", text, sources, diagnostics);
    CsvReader rows(bytes);
    rows.next();
    const auto cell = [&](std::size_t i) { return std::string(rows.cell(i)); };
    while (rows.next()) each(cell);
}

using Words = std::map<std::string, std::vector<std::string>>;

std::vector<std::string> words_of(const std::string& name, const Words& words) {
    const auto found = words.find(name);
    return found == words.end() ? std::vector{name} : found->second;
}

std::vector<NameRow> named(std::string_view text, Words& words) {
    std::vector<NameRow> rows;
    read_rows(text, [&](const auto& cell) {
        if (cell(0) == "word") {
            words[cell(1)].push_back(cell(2));
            return;
        }
        NameRow& row = rows.emplace_back();
        row.where = cell(0);
        row.name = cell(1);
        row.part = cell(2);
        row.rank = cell(3).empty() ? 0 : cell(3)[0] - '0';
        row.engine = cell(4);
        row.driver = cell(5);
    });
    for (NameRow& row : rows) {
        const std::size_t plus = row.name.find('+');
        if (plus == row.name.npos) continue;
        row.subjects = words_of(row.name.substr(0, plus), words);
        row.endings = words_of(row.name.substr(plus + 1), words);
    }
    return rows;
}

Tables made() {
    Tables all;
    Words words;
    all.sizes = named(tables_text::sizes(), words);
    all.others = words["{NOT}"];
    all.addresses = named(tables_text::addresses(), words);
    read_rows(tables_text::commands(), [&](const auto& cell) {
        all.commands.push_back({cell(0), cell(1), cell(2), cell(3)});
    });
    read_rows(tables_text::images(), [&](const auto& cell) { all.images.push_back({cell(0), cell(1)}); });
    read_rows(tables_text::poolers(), [&](const auto& cell) { all.poolers.push_back({cell(0), cell(1), cell(2)}); });
    return all;
}

}  // namespace

const Tables& tables() {
    static const Tables all = made();
    return all;
}

namespace {

bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool has_small(std::string_view text) { return std::ranges::any_of(text, is_small); }
std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (is_small(c)) c = static_cast<char>(c - 'a' + 'A');
    return out;
}

}  // namespace

bool NameRow::fits(std::string_view given) const {
    if (fits_as_written(given)) return true;
    // "GITEA__database__MAX_OPEN_CONNS": frameworks that read variables do not ask for their case.
    return where == "env" && has_small(given) && fits_as_written(upper(given));
}

bool NameRow::fits_as_written(std::string_view given) const {
    if (subjects.empty()) return catalog::glob_matches(name, given);
    for (const std::string& ending : endings) {
        if (given.size() <= ending.size() + 1 || !given.ends_with(ending)) continue;
        const std::string_view rest = given.substr(0, given.size() - ending.size());
        if (!rest.ends_with('_')) continue;
        for (const std::string& subject : subjects)
            if (has_part(rest.substr(0, rest.size() - 1), subject)) return true;
    }
    return false;
}

std::string_view NameRow::before(std::string_view given) const {
    const std::string all = upper(given);
    std::size_t first = given.size();
    for (const std::string& subject : subjects)
        for (std::size_t at = all.find(subject); at != all.npos; at = all.find(subject, at + 1))
            if (at == 0 || given[at - 1] == '_') first = std::min(first, at);
    if (first == given.size() || first == 0) return {};
    return given.substr(0, first - 1);
}

bool has_part(std::string_view name, std::string_view part) {
    for (std::size_t at = name.find(part); at != name.npos; at = name.find(part, at + 1)) {
        const bool begins = at == 0 || name[at - 1] == '_';
        const std::size_t end = at + part.size();
        if (begins && (end == name.size() || name[end] == '_')) return true;
    }
    return false;
}

bool of_another_thing(std::string_view name) {
    const auto has = [](std::string_view all) {
        return std::ranges::any_of(tables().others, [&](const std::string& part) { return has_part(all, part); });
    };
    return has_small(name) ? has(upper(name)) : has(name);
}

std::string_view role_of_image(std::string_view image) {
    image = image.substr(0, image.find('@'));
    const std::size_t slash = image.rfind('/');
    const std::size_t colon = image.find(':', slash == image.npos ? 0 : slash);
    image = image.substr(0, colon);
    const auto& rows = tables().images;
    // The longest pattern that fits: "pgbouncer-exporter" is one of "pgbouncer" too.
    const ImageRow* best = nullptr;
    for (const ImageRow& row : rows)
        if (catalog::glob_matches(row.image, image) && (best == nullptr || row.image.size() > best->image.size()))
            best = &row;
    return best == nullptr ? std::string_view() : std::string_view(best->role);
}

}  // namespace poolfit::imports

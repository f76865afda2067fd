#include <poolfit/import/csv.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "../tree/in_file.hpp"
#include "blame.hpp"
#include "cells.hpp"
#include "mapping.hpp"
#include "records.hpp"

namespace poolfit::imports {
namespace {

constexpr std::size_t listed = 12;

std::string list(const std::vector<std::string>& names) {
    const std::size_t shown = std::min(names.size(), listed);
    return fmt::format("{}{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                       names.size() > shown ? fmt::format(" and {} more", names.size() - shown) : std::string());
}

std::string_view file_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Where the inventory is from, and which column is what: guesses are there to be looked at.
std::string top_comment(const SourceText& sheet, const Mapping& mapping, std::size_t count) {
    std::string text = fmt::format("{} database{} from {}, by poolfit import csv:\n", count, count == 1 ? "" : "s",
                                   sheet.name() == "<stdin>" ? "standard input" : file_of(sheet.name()));
    std::size_t width = 0;
    for (const Origin& origin : mapping.origins) width = std::max(width, origin.target->key.size());
    for (const Origin& origin : mapping.origins) {
        std::string from;
        if (origin.column) from = fmt::format("column \"{}\"", shown(origin.heading));
        if (origin.column && !origin.unit.empty() && heading_of(origin.heading).unit != origin.unit)
            from += fmt::format(" in {}", origin.unit);
        if (origin.source != nullptr) from += fmt::format("{}{}", from.empty() ? "" : ", else ", origin.value);
        text += fmt::format("#   {:<{}}  {}\n", origin.target->key, width, from);
    }
    if (!mapping.ignored.empty()) text += fmt::format("Not read: {}\n", list(mapping.ignored));
    return text;
}

void say(Diagnostics& diagnostics, std::string message, std::string fix = {}) {
    diagnostics.add({Severity::info, std::move(message), {}, {}, {}, std::move(fix)});
}

/// What a plan is worth little without.
void say_what_is_missing(const Mapping& mapping, Diagnostics& diagnostics) {
    std::vector<std::string> missing;
    for (const std::string_view key : {"cpu_peak", "freeable_memory"})
        if (mapping.find(key) == nullptr) missing.emplace_back(key);
    if (missing.empty()) return;
    say(diagnostics, fmt::format("no column for {}: smaller classes cannot be judged", fmt::join(missing, " and ")),
        fmt::format("--map 'THEIRS={}'", missing.front()));
}

/// Rows may have passwords and URLs of databases: an excerpt shows the header and the cells that are read, unless one
/// is a URL.
class Masking {
public:
    Masking(const SourceText& source, Sources& sources) : source_(source), sources_(sources) {}
    void use(const Sheet& sheet) { sheet_ = &sheet; }
    void use(const Mapping& mapping) { mapping_ = &mapping; }

    /// All that was found, at the same places of the masked text.
    void move(const Diagnostics& found, Diagnostics& out) {
        const SourceText* safe = nullptr;
        for (const Diagnostic& each : found.all()) {
            Diagnostic moved = each;
            if (each.place.source == &source_) {
                if (safe == nullptr) safe = &sources_.add(source_.name(), text());
                moved.place.source = safe;
            }
            for (const std::string& secret : hidden_)
                for (std::string* said : {&moved.message, &moved.label, &moved.fix}) hide(secret, *said);
            out.add(std::move(moved));
        }
        for (std::size_t i = 0; i < found.dropped(); ++i) out.add({});  // counted, not kept
    }

private:
    /// No URL, and of a column of figures nothing without a digit.
    static bool may_show(std::string_view key, std::string_view cell) {
        constexpr std::string_view words[] = {"name",   "provider", "engine",     "version", "class",
                                              "region", "multi_az", "replica_of", "storage", "environment"};
        const bool is_word = std::ranges::find(words, key.substr(0, key.find('.'))) != std::end(words);
        return cell.find("://") == cell.npos && (is_word || cell.find_first_of("0123456789") != cell.npos);
    }
    static void hide(const std::string& secret, std::string& said) {
        if (secret.find("://") == secret.npos) return;
        for (std::size_t at = said.find(secret); at != said.npos; at = said.find(secret, at + 1))
            said.replace(at, secret.size(), masked(secret));
    }
    std::string text() {
        const std::string all(source_.text());
        const std::size_t header = sheet_ == nullptr ? std::min(all.find('\n'), all.size()) : end_of_header();
        std::string out = all.substr(0, header) + masked(std::string_view(all).substr(header));
        if (sheet_ == nullptr || mapping_ == nullptr) return out;
        for (std::size_t row = 0; row < sheet_->rows(); ++row)
            for (const Origin& origin : mapping_->origins) {
                if (!origin.column) continue;
                const Cell& cell = sheet_->at(row, *origin.column);
                const std::string given = all.substr(cell.begin, cell.end - cell.begin);
                if (may_show(origin.target->key, given))
                    out.replace(cell.begin, given.size(), given);
                else
                    hidden_.push_back(sheet_->text(cell));
            }
        return out;
    }
    std::size_t end_of_header() const {
        std::size_t end = 0;
        for (const Cell& cell : sheet_->header) end = std::max<std::size_t>(end, cell.end);
        return end;
    }

    const SourceText& source_;
    Sources& sources_;
    const Sheet* sheet_ = nullptr;
    const Mapping* mapping_ = nullptr;
    std::vector<std::string> hidden_;
};

std::optional<load::Document> read_csv(const SourceText& source, const CsvOptions& options, const Catalog& catalog,
                                       Sources& sources, Diagnostics& diagnostics, std::optional<Sheet>& sheet,
                                       std::optional<Mapping>& mapping);

}  // namespace

std::optional<load::Document> csv(const SourceText& source, const CsvOptions& options, const Catalog& catalog,
                                  Sources& sources, Diagnostics& diagnostics) {
    Diagnostics found;
    std::optional<Sheet> sheet;
    std::optional<Mapping> mapping;
    auto document = read_csv(source, options, catalog, sources, found, sheet, mapping);
    Masking masking(source, sources);
    if (sheet) masking.use(*sheet);
    if (mapping) masking.use(*mapping);
    masking.move(found, diagnostics);
    return document;
}

namespace {

std::optional<load::Document> read_csv(const SourceText& source, const CsvOptions& options, const Catalog& catalog,
                                       Sources& sources, Diagnostics& diagnostics, std::optional<Sheet>& sheet,
                                       std::optional<Mapping>& mapping) {
    const std::size_t before = diagnostics.error_count();
    sheet = read_sheet(source, diagnostics);
    if (!sheet) return std::nullopt;
    mapping = map_columns(*sheet, options, sources, diagnostics);
    if (!mapping) return std::nullopt;
    Records records = read_records(*sheet, *mapping, options, catalog, diagnostics);
    if (records.rows.empty()) {
        if (diagnostics.error_count() == before)
            diagnostics.error({}, "no rows are left", "remove --only or --exclude");
        return std::nullopt;
    }
    load::Document& document = records.document;
    document.name = fmt::format("the inventory from {}", file_of(source.name()));
    load::comment(*load::find(document.root, "schema"), top_comment(source, *mapping, records.rows.size()), {});

    Diagnostics found;
    load::check(document, catalog, sources, found);
    blame_cells(found, *sources.all().back(), *sheet, *mapping, records, diagnostics);
    diagnostics.sort();
    if (diagnostics.error_count() != before) return std::nullopt;

    if (!mapping->ignored.empty()) say(diagnostics, fmt::format("ignored: {}", list(mapping->ignored)));
    if (!records.renamed.empty()) say(diagnostics, fmt::format("renamed: {}", list(records.renamed)));
    if (records.left_out > 0) say(diagnostics, fmt::format("left out: {} of {} rows", records.left_out, sheet->rows()));
    say_what_is_missing(*mapping, diagnostics);
    return std::move(document);
}

}  // namespace
}  // namespace poolfit::imports

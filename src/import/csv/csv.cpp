#include <poolfit/import/csv.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

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

}  // namespace

std::optional<load::Document> csv(const SourceText& source, const CsvOptions& options, const Catalog& catalog,
                                  Sources& sources, Diagnostics& diagnostics) {
    const std::size_t before = diagnostics.error_count();
    const auto sheet = read_sheet(source, diagnostics);
    if (!sheet) return std::nullopt;
    const auto mapping = map_columns(*sheet, options, sources, diagnostics);
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

}  // namespace poolfit::imports

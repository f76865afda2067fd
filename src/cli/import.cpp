// Other tools' files to an inventory.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/csv.hpp>
#include <poolfit/import/importers.hpp>
#include <poolfit/load/document.hpp>
#include <poolfit/load/load.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "inputs.hpp"
#include "new_file.hpp"

namespace poolfit::cli {
namespace {

/// The text, or why there is none.
std::variant<const SourceText*, Failure> open_sheet(Context& context, const std::string& path) {
    auto read = read_file(path, load::max_file_size);
    if (const auto* fault = std::get_if<FileFault>(&read))
        return fault->wrong_use
                   ? fail(context.diagnostics, "import", fault->message, is_directory(path) ? "name a file in it" : "")
                   : fail(context.diagnostics, "io", fault->message, {}, exit_code::fault);
    return &context.sources.add(path == "-" ? "<stdin>" : path, std::move(std::get<std::string>(read)));
}

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

constexpr std::string_view workbooks[] = {"xls", "xlsx", "xlsm", "ods", "excel"};

Failure unknown_kind(Context& context, const std::string& word) {
    std::vector<std::string_view> kinds;
    for (const imports::Importer& each : imports::importers()) kinds.push_back(each.kind);
    kinds.push_back("csv");
    Failure failure{"usage", fmt::format("unknown kind of file: {}", word)};
    const std::string_view near = diag::nearest(word, kinds);
    std::string fix;
    if (std::ranges::find(workbooks, std::string_view(word).substr(word.rfind('.') + 1)) != std::end(workbooks))
        fix = "save the sheet as CSV (UTF-8), then poolfit import csv FILE";
    else if (word.ends_with(".csv"))
        fix = fmt::format("poolfit import csv {}", word);
    else if (!near.empty())
        fix = fmt::format("did you mean poolfit import {}?", near);
    else if (is_file(word))
        fix = fmt::format("poolfit import --auto {}", word);
    context.diagnostics.error({}, failure.message, std::move(fix))
        .notes.emplace_back("kinds", fmt::format("{}", fmt::join(kinds, ", ")));
    return failure;
}

/// Of a kind that is read as a stream.
std::variant<imports::RawFile, Failure> streamed_file(Context& context, const std::string& path) {
    auto opened = open_stream(path, !context.options.quiet);
    if (const auto* fault = std::get_if<FileFault>(&opened))
        return fault->wrong_use ? fail(context.diagnostics, "import", fault->message,
                                       is_directory(path) ? "name the files in it" : std::string())
                                : fail(context.diagnostics, "io", fault->message, {}, exit_code::fault);
    auto& feed = std::get<imports::Feed>(opened);
    if (path == "-") feed.name = "<stdin>";
    imports::RawFile file{feed.name, {}, {}};
    file.feed = std::move(feed);
    return file;
}

std::variant<imports::RawFile, Failure> raw_file(Context& context, const std::string& path) {
    auto read = read_file(path, load::max_file_size);
    if (const auto* fault = std::get_if<FileFault>(&read))
        return fault->wrong_use ? fail(context.diagnostics, "import", fault->message,
                                       is_directory(path) ? "name the files in it" : std::string())
                                : fail(context.diagnostics, "io", fault->message, {}, exit_code::fault);
    return imports::RawFile{path == "-" ? "<stdin>" : path, std::move(std::get<std::string>(read)), {}};
}

/// The kind that a file's content says.
std::variant<const imports::Importer*, Failure> kind_of(Context& context, const imports::RawFile& file) {
    std::vector<std::string_view> kinds;
    const imports::Importer* found = nullptr;
    for (const imports::Importer& each : imports::importers()) {
        if (!each.recognise(file.text)) continue;
        kinds.push_back(each.kind);
        found = &each;
    }
    if (kinds.size() == 1) return found;
    return fail(context.diagnostics, "import",
                kinds.empty() ? fmt::format("--auto: {} is none of the kinds that poolfit imports", file.name)
                              : fmt::format("--auto: {} may be {}", file.name, fmt::join(kinds, " or ")),
                fmt::format("poolfit import KIND {}", file.name));
}

/// The arguments: words that are a kind, each followed by its files. Files of a kind come together.
std::variant<std::vector<imports::FilesOfKind>, Failure> files_of(Context& context) {
    const Options& options = context.options;
    std::vector<imports::FilesOfKind> kinds;
    const imports::Importer* current = nullptr;
    bool any = false;
    if (options.arguments.empty())
        return fail(context.diagnostics, "usage", "import what?",
                    "poolfit import KIND FILE...: --help lists the kinds");
    for (const std::string& word : options.arguments) {
        if (const imports::Importer* found = options.auto_kinds ? nullptr : imports::find_importer(word)) {
            if (current != nullptr && !any) break;
            current = found;
            any = false;
            continue;
        }
        if (current == nullptr && !options.auto_kinds) return unknown_kind(context, word);
        auto file = current != nullptr && !options.auto_kinds && current->stream != nullptr
                        ? streamed_file(context, word)
                        : raw_file(context, word);
        if (auto* failure = std::get_if<Failure>(&file)) return std::move(*failure);
        auto& raw = std::get<imports::RawFile>(file);
        if (options.auto_kinds) {
            const auto kind = kind_of(context, raw);
            if (const auto* failure = std::get_if<Failure>(&kind)) return *failure;
            current = std::get<const imports::Importer*>(kind);
        }
        any = true;
        auto same = std::ranges::find(kinds, current, &imports::FilesOfKind::importer);
        if (same == kinds.end()) same = kinds.insert(kinds.end(), {current, {}});
        same->files.push_back(std::move(raw));
    }
    if (!any)
        return fail(context.diagnostics, "usage", fmt::format("import {} of what?", current->kind),
                    fmt::format("poolfit import {} FILE", current->kind));
    return kinds;
}

void tell(Context& context, const imports::ImportedInventory& imported) {
    std::string_view rest;
    const std::string notes = imports::print(imported.notes);
    for (rest = notes; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        context.log.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    context.log.push_back(fmt::format("{}, {}, {}, {}", counted(imported.databases, "database"),
                                      counted(imported.poolers, "pooler"), counted(imported.services, "service"),
                                      counted(imported.pools, "pool")));
    if (imported.databases == 0)
        context.log.emplace_back("no database has a class: plan needs one, --set database.NAME.class=db.m6g.large");
}

}  // namespace

Answer import_csv(Context& context) {
    const Options& options = context.options;
    if (options.arguments.empty())
        return fail(context.diagnostics, "usage", "import csv of what?", "poolfit import csv FILE");
    const std::string& path = options.outputs.front().path;
    if (!path.empty())
        if (auto failure = must_be_new(context, path)) return std::move(*failure);

    Catalog catalog;
    if (auto failure = load_catalog(context, catalog, path)) return std::move(*failure);
    const auto source = open_sheet(context, options.arguments.front());
    if (const auto* failure = std::get_if<Failure>(&source)) return *failure;
    const SourceText& sheet = *std::get<const SourceText*>(source);
    const auto document = imports::csv(sheet, {options.maps, options.defaults, options.only, options.exclude}, catalog,
                                       context.sources, context.diagnostics);
    if (!document) return has_errors(context, "import", sheet.name());

    std::vector<Document> documents{{path, load::print(*document)}};
    if (!path.empty()) {
        const auto& databases = *load::find(document->root, "database")->as<load::Array>();
        documents.push_back({"", fmt::format("wrote {0}: {1}; now: poolfit plan {0}\n", path,
                                             counted(databases.items.size(), "database"))});
    }
    return documents;
}

Answer import_kinds(Context& context) {
    const Options& options = context.options;
    for (const Output& output : options.outputs)
        if (!output.path.empty())
            if (auto failure = must_be_new(context, output.path)) return std::move(*failure);
    auto files = files_of(context);
    if (auto* failure = std::get_if<Failure>(&files)) return std::move(*failure);

    Catalog catalog;
    if (auto failure = load_catalog(context, catalog, options.outputs.front().path)) return std::move(*failure);
    std::string name = "import";
    for (const auto& kind : std::get<std::vector<imports::FilesOfKind>>(files))
        for (const auto& file : kind.files) name = file.name;
    const imports::ImportOptions how{options.maps, options.settings, options.engines, options.series};
    std::optional<imports::ImportedInventory> imported;
    try {
        imported = imports::import_files(std::move(std::get<std::vector<imports::FilesOfKind>>(files)), how, catalog,
                                         context.sources, context.diagnostics);
    } catch (const imports::FeedFault& fault) {
        return fail(context.diagnostics, "io", fault.message, {}, exit_code::fault);
    }
    if (!imported) return has_errors(context, "import", name);

    std::vector<Document> documents;
    load::Document document = imported->document;
    for (const Output& output : options.outputs) {
        document.syntax = output.format == "json" ? load::Syntax::json : load::Syntax::toml;
        documents.push_back({output.path, load::print(document)});
    }
    const std::string& inventory = options.outputs.front().path;
    for (const imports::SeriesFile& file : imported->series) {
        const std::string path = file.path.starts_with('/') ? file.path : folder_before(inventory) + file.path;
        if (auto failure = must_be_new(context, path)) return std::move(*failure);
        std::error_code ignored;  // writing says what is wrong
        std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
        documents.push_back({path, file.text});
    }
    if (!options.quiet) tell(context, *imported);
    return documents;
}

}  // namespace poolfit::cli

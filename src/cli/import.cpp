// Other tools' files to an inventory.
#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/csv.hpp>
#include <poolfit/import/importers.hpp>
#include <poolfit/import/into.hpp>
#include <poolfit/load/document.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/model/command.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "import_files.hpp"
#include "inputs.hpp"
#include "kept.hpp"
#include "new_file.hpp"

namespace poolfit::cli {
namespace {

/// The text, or why there is none.
std::variant<const SourceText*, Failure> open_sheet(Context& context, const std::string& path) {
    auto read = read_file(path, load::max_file_size);
    if (const auto* fault = std::get_if<FileFault>(&read))
        return unreadable(context, path, *fault, "name a file in it");
    return &context.sources.add(path == "-" ? "<stdin>" : path, std::move(std::get<std::string>(read)));
}

Answer take(Context& context, std::vector<imports::FilesOfKind> files) {
    const Options& options = context.options;
    Catalog catalog;
    if (auto failure = load_catalog(context, catalog, options.outputs.front().path)) return std::move(*failure);
    const imports::ImportOptions how{
        options.maps, options.settings, options.engines, options.series, nullptr, options.service, false};
    auto read = read_kinds(context, std::move(files), how, catalog);
    if (auto* failure = std::get_if<Failure>(&read)) return std::move(*failure);
    auto held = std::make_unique<imports::ImportedInventory>(std::get<imports::ImportedInventory>(std::move(read)));
    imports::ImportedInventory& imported = *held;

    if (imported.databases + imported.poolers + imported.services == 0) {
        if (!options.quiet) tell(context, imported);
        return fail(
            context.diagnostics, "import",
            fmt::format("nothing to take from {}: the inventory would be empty", fmt::join(imported.files, ", ")),
            "the notes say what completes the files");
    }
    std::vector<Document> documents;
    const auto beside = [&](const std::string&) { return options.outputs.front().path; };
    if (auto failure = add_series(context, imported, beside, false, documents)) return std::move(*failure);
    for (const Output& output : options.outputs) {
        load::Document copy;
        const bool last = &output == &options.outputs.back();
        load::Document& document = last ? imported.document : copy = imported.document;
        document.syntax = output.format == "json" ? load::Syntax::json : load::Syntax::toml;
        const bool changed = imports::bindings_to_key(document) || document.syntax == load::Syntax::json;
        const bool is_checked = !changed && imported.text != nullptr;
        documents.push_back({output.path, is_checked ? std::string(imported.text->text()) : load::print(document)});
    }
    if (!options.quiet) tell(context, imported);
    keep_to_exit(std::move(held));
    return documents;
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
    if (imports::is_table_of_services(sheet.text()))
        return take(context, {{imports::find_importer("csv"), {{sheet.name(), std::string(sheet.text())}}}});
    const auto document = imports::csv(sheet, {options.maps, options.defaults, options.only, options.exclude}, catalog,
                                       context.sources, context.diagnostics);
    if (!document) return has_errors(context, "import", sheet.name());

    std::vector<Document> documents{{path, load::print(*document)}};
    if (!path.empty()) {
        const auto& databases = *load::find(document->root, "database")->as<load::Array>();
        documents.push_back(
            {"", fmt::format("wrote {}: {}; now: poolfit plan {}\n", path,
                             counted_records(databases.items.size(), "database"), model::file_in_shell(path))});
    }
    return documents;
}

Answer import_kinds(Context& context) {
    const Options& options = context.options;
    for (const Output& output : options.outputs)
        if (!output.path.empty())
            if (auto failure = must_be_new(
                    context, output.path,
                    fmt::format("add to it: --into {}; or name another file", model::file_in_shell(output.path))))
                return std::move(*failure);
    auto files = files_of(context, options.arguments, options.auto_kinds, "import");
    if (auto* failure = std::get_if<Failure>(&files)) return std::move(*failure);
    if (options.into)
        return import_into(context, std::move(std::get<std::vector<imports::FilesOfKind>>(files)), *options.into);
    for (const auto& [given, flag] : {std::pair(options.overwrite, "--overwrite"), {options.dry_run, "--dry-run"}})
        if (given) return fail(context.diagnostics, "usage", fmt::format("{} without --into", flag), "add --into FILE");

    return take(context, std::move(std::get<std::vector<imports::FilesOfKind>>(files)));
}

}  // namespace poolfit::cli

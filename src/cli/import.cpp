// Other tools' files to an inventory.
#include <fmt/format.h>

#include <poolfit/import/csv.hpp>
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

}  // namespace poolfit::cli

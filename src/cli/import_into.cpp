// `import … --into FILE`: an inventory that is there, with what the files say.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/model/command.hpp>

#include "files.hpp"
#include "import_files.hpp"
#include "inputs.hpp"

namespace poolfit::cli {

std::vector<load::Document> documents_of(const std::vector<const SourceText*>& sources) {
    std::vector<load::Document> documents;
    for (const SourceText* source : sources) {
        Diagnostics unseen;  // they have been read before
        if (auto document = load::parse(*source, unseen)) {
            imports::bindings_from_key(*document);
            documents.push_back(std::move(*document));
        }
    }
    return documents;
}

namespace {

std::optional<Failure> refused(Context& context, const std::string& path) {
    const Options& options = context.options;
    if (is_directory(path))
        return fail(context.diagnostics, "usage", fmt::format("--into: {} is a directory", path), "name a file in it");
    if (!path.ends_with(".toml") && !path.ends_with(".json"))
        return fail(context.diagnostics, "usage",
                    fmt::format("--into: {} is not a file that ends in .toml or .json", path), "name an inventory");
    std::error_code ignored;
    if (!is_file(path) && std::filesystem::is_symlink(path, ignored))
        return fail(context.diagnostics, "usage", fmt::format("--into: {} is a link to a file that is not there", path),
                    "name the file itself, or remove the link");
    for (const Output& output : options.outputs)
        if (!output.path.empty() || output.format != "toml")
            return fail(context.diagnostics, "usage", "--into writes the inventory as it is, and the difference here",
                        "leave out --format and --output");
    return {};
}

std::string where(const Drift& drift) {
    return drift.place ? fmt::format(" ({})", diag::print(drift.place)) : std::string();
}

/// "service api: instances stays 5, yours; k8s.yaml:12, spec.replicas says 3".
std::string kept_text(const Drift& drift, const std::string& path) {
    const std::string subject = fmt::format("{} {}", drift.record, drift.target);
    if (drift.kind == Drift::Kind::gone)
        return drift.deployed.empty()
                   ? fmt::format("{}: {} does not have it; it stays, remove it if it is gone{}", subject, drift.source,
                                 where(drift))
                   : fmt::format("{}: it stays; {}: {}{}", subject, drift.source, drift.deployed, where(drift));
    if (drift.place && drift.place.source->name() != path)
        return fmt::format("{}: {} stays as it is: {} is another file, --into that{}", subject,
                           drift.key.empty() ? "it" : drift.key, drift.place.source->name(), where(drift));
    if (drift.kind == Drift::Kind::value && drift.deployed.empty())
        return fmt::format("{}: {} stays {}{}; {}: the files no longer set it{}", subject, drift.key, drift.declared,
                           drift.own ? ", yours" : "", drift.source, where(drift));
    if (drift.own)
        return fmt::format("{}: {} stays {}, yours; {} says {}{}", subject, drift.key, drift.declared, drift.source,
                           drift.deployed, where(drift));
    if (drift.kind == Drift::Kind::undeclared)
        return fmt::format("{}: it is not added: {} is part of an inventory; {}", subject, path, drift.source);
    return fmt::format("{}: {} is not added: {}", subject, drift.key.empty() ? "it" : drift.key, drift.source);
}

void tell_merged(Context& context, const imports::Merged& merged, const std::string& path, bool writes) {
    for (const Drift& drift : merged.kept) context.log.push_back("kept       " + kept_text(drift, path));
    std::size_t changed = 0, added = 0, records = 0, removed = 0;
    for (const Drift& drift : merged.taken) {
        if (drift.kind == Drift::Kind::undeclared)
            ++records;
        else if (drift.kind == Drift::Kind::value && drift.deployed.empty())
            ++removed;
        else
            ++(drift.declared.empty() ? added : changed);
    }
    auto& lines = writes ? context.done : context.log;
    lines.push_back(fmt::format("{} {}: {} changed, {} added, {} added{}", writes ? "wrote" : "would write", path,
                                counted_records(changed, "value"), counted_records(added, "value"),
                                counted_records(records, "record"),
                                removed > 0 ? fmt::format(", {} removed", counted_records(removed, "value")) : ""));
}

/// As `plan` reads it, with the files that it includes.
bool is_valid(Context& context, const load::Document& document, const SourceText& text,
              const std::vector<const SourceText*>& more, const Catalog& catalog, Diagnostics& found) {
    if (load::find(document.root, "database") == nullptr && more.empty()) return true;
    return load::inventory({&text, more, {}}, {}, catalog, context.sources, found).has_value();
}

}  // namespace

Answer import_into(Context& context, std::vector<imports::FilesOfKind> files, const std::string& path) {
    const Options& options = context.options;
    if (auto failure = refused(context, path)) return std::move(*failure);
    Catalog catalog;
    if (auto failure = load_catalog(context, catalog, path)) return std::move(*failure);

    bool exists = is_file(path);
    std::vector<const SourceText*> sources;
    if (exists) {
        const auto source = open_source(context, path, "inventory", "");
        if (const auto* failure = std::get_if<Failure>(&source)) return *failure;
        sources.push_back(std::get<const SourceText*>(source));
        if (!load::parse(*sources.front(), context.diagnostics)) return has_errors(context, "inventory", path);
        std::vector<Inventory> more;
        if (auto failure = included(context, path, *sources.front(), more)) return std::move(*failure);
        for (const Inventory& each : more) {
            const auto further = open_source(context, each.path, "inventory", each.named_by);
            if (const auto* failure = std::get_if<Failure>(&further)) return *failure;
            sources.push_back(std::get<const SourceText*>(further));
            if (!load::parse(*sources.back(), context.diagnostics)) return has_errors(context, "inventory", each.path);
        }
    }
    const imports::Inventory inventory = documents_of(sources);
    // A file with nothing but comments is to be filled like one that is not there; the comments stay.
    const bool blank = exists && inventory.size() == 1 && inventory.front().root.members.empty();
    const std::string comments =
        blank && !path.ends_with(".json") ? std::string(sources.front()->text()) : std::string();
    exists = exists && !blank;
    const imports::ImportOptions how{
        options.maps,   options.settings, options.engines, options.series, exists ? &inventory : nullptr,
        options.service};
    const auto read = read_kinds(context, std::move(files), how, catalog);
    if (const auto* failure = std::get_if<Failure>(&read)) return *failure;
    const auto& imported = std::get<imports::ImportedInventory>(read);
    if (!options.quiet) tell(context, imported);

    imports::Merged merged;
    if (exists) {
        merged = imports::merge(inventory, imported, options.overwrite);
    } else {
        merged.document = imported.document;
        merged.document.syntax = path.ends_with(".json") ? load::Syntax::json : load::Syntax::toml;
    }
    imports::bindings_to_key(merged.document);
    std::string text = comments;
    if (!text.empty()) text += text.ends_with('\n') ? "\n" : "\n\n";
    text += load::print(merged.document);
    const std::string_view before = exists || blank ? sources.front()->text() : std::string_view();
    if (exists && text != before) {
        const std::vector<const SourceText*> more(sources.begin() + 1, sources.end());
        Diagnostics found;
        if (!is_valid(context, merged.document, context.sources.add(path, text), more, catalog, found)) {
            for (const Diagnostic& each : found.all()) context.diagnostics.add(each);
            return has_errors(context, "inventory", path);
        }
    }
    // Series first: an inventory never names a file that could not be written.
    std::vector<Document> documents;
    if (auto failure = add_series(context, imported, path, true, documents)) return std::move(*failure);
    if (exists && text == before) {
        if (!options.quiet)
            for (const Drift& drift : merged.kept) context.log.push_back("kept       " + kept_text(drift, path));
        documents.push_back({"", options.quiet ? std::string() : fmt::format("nothing changed: {}\n", path)});
        return documents;
    }
    if (!options.quiet && exists) tell_merged(context, merged, path, !options.dry_run);
    documents.push_back({"", imports::unified_diff(before, text, exists || blank ? path : "/dev/null", path)});
    if (!options.dry_run) documents.push_back({path, std::move(text), {}, true});
    return documents;
}

}  // namespace poolfit::cli

// `import … --into FILE`: an inventory that is there, with what the files say.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
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
    const std::string_view own = drift.by_set ? ", set by --set" : drift.own ? ", yours" : "";
    if (drift.kind == Drift::Kind::value && drift.deployed.empty())
        return fmt::format("{}: {} stays {}{}; {}: the files no longer set it{}{}", subject, drift.key, drift.declared,
                           own, drift.source, drift.stays ? ", and a plan needs it" : "", where(drift));
    if (drift.own || drift.stays)
        return fmt::format("{}: {} stays {}{}; {} says {}{}", subject, drift.key, drift.declared, own, drift.source,
                           drift.deployed, where(drift));
    if (drift.kind == Drift::Kind::undeclared)
        return fmt::format("{}: it is not added: {} is part of an inventory; {}", subject, path, drift.source);
    return fmt::format("{}: {} is not added: {}", subject, drift.key.empty() ? "it" : drift.key, drift.source);
}

void tell_kept(Context& context, const imports::Merged& merged, const std::string& path) {
    for (const Drift& drift : merged.kept) context.log.push_back("kept       " + kept_text(drift, path));
}

void tell_merged(Context& context, const imports::Merged& merged, const std::vector<std::string>& paths, bool writes) {
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
    lines.push_back(fmt::format("{} {}: {} changed, {} added, {} added{}", writes ? "wrote" : "would write",
                                fmt::join(paths, ", "), counted_records(changed, "value"),
                                counted_records(added, "value"), counted_records(records, "record"),
                                removed > 0 ? fmt::format(", {} removed", counted_records(removed, "value")) : ""));
}

/// The inventory that includes a file, or would once it is there: POOLFIT_CONFIG, or a poolfit.toml in its folder or
/// above; empty where none does.
std::string whole_of(Context& context, const std::string& path) {
    const auto includes = [&](const std::string& whole) {
        if (!is_inventory_file(whole) || is_same_file(whole, path)) return false;
        auto read = read_file(whole, load::max_file_size);
        const auto* text = std::get_if<std::string>(&read);
        if (text == nullptr) return false;
        for (const Located<std::string>& pattern : load::includes(context.sources.add(whole, *text)))
            if (would_match(folder_before(whole), *pattern, path)) return true;
        return false;
    };
    constexpr std::string_view usual_name = "poolfit.toml";
    std::string folder = folder_before(path);
    for (int level = 0; level < 64; ++level) {
        if (std::string whole = folder + std::string(usual_name); includes(whole)) return whole;
        const std::string here = folder.empty() ? "." : folder;
        if (is_file(folder + ".git") || is_directory(folder + ".git") || is_same_folder(here, here + "/..")) break;
        const bool named = !folder.empty() && !folder.ends_with("../") && folder != "/" && folder != "./";
        folder = named ? folder_before(folder.substr(0, folder.size() - 1)) : folder + "../";
    }
    const std::string usual = usual_inventory();
    return !usual.empty() && includes(usual) ? usual : std::string();
}

/// The inventory with the files that it includes, each once.
std::optional<Failure> open_all(Context& context, const std::string& path, std::vector<const SourceText*>& sources) {
    std::vector<Inventory> files{{path, ""}};
    std::set<std::pair<std::uint64_t, std::uint64_t>> opened;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const Inventory each = files[i];
        if (const auto identity = identity_of(each.path); identity && !opened.insert(*identity).second) continue;
        const auto source = open_source(context, each.path, "inventory", each.named_by);
        if (const auto* failure = std::get_if<Failure>(&source)) return *failure;
        sources.push_back(std::get<const SourceText*>(source));
        if (!load::parse(*sources.back(), context.diagnostics)) return has_errors(context, "inventory", each.path);
        if (i > 0) continue;
        if (auto failure = included(context, path, *sources.front(), files)) return failure;
    }
    return {};
}

/// The file beside which a series belongs: the one whose database names it.
const std::string& home_of(const imports::Inventory& merged, const std::string& series, const std::string& path) {
    for (const load::Document& document : merged) {
        if (document.source == nullptr) continue;
        const load::Value* list = load::find(document.root, "database");
        const auto* databases = list == nullptr ? nullptr : list->as<load::Array>();
        for (std::size_t i = 0; databases != nullptr && i < databases->items.size(); ++i) {
            const auto* record = databases->items[i].as<load::Table>();
            const load::Value* observed = record == nullptr ? nullptr : load::find(*record, "observed");
            const auto* table = observed == nullptr ? nullptr : observed->as<load::Table>();
            const load::Value* named = table == nullptr ? nullptr : load::find(*table, "series");
            const auto* text = named == nullptr ? nullptr : named->as<std::string>();
            if (text != nullptr && *text == series) return document.source->name();
        }
    }
    return path;
}

}  // namespace

Answer import_into(Context& context, std::vector<imports::FilesOfKind> files, const std::string& path) {
    const Options& options = context.options;
    if (auto failure = refused(context, path)) return std::move(*failure);
    if (const std::string whole = whole_of(context, path); !whole.empty())
        return fail(context.diagnostics, "usage",
                    fmt::format("--into: {} is part of {}, which has {} records", path, whole,
                                is_file(path) ? "its other" : "other"),
                    fmt::format("--into {}: the files that it includes follow too", model::file_in_shell(whole)));
    Catalog catalog;
    if (auto failure = load_catalog(context, catalog, path)) return std::move(*failure);

    bool exists = is_file(path);
    std::vector<const SourceText*> sources;
    if (exists)
        if (auto failure = open_all(context, path, sources)) return std::move(*failure);
    const imports::Inventory inventory = documents_of(sources);
    // A file with nothing but comments is to be filled like one that is not there; the comments stay.
    const bool blank = exists && inventory.size() == 1 && inventory.front().root.members.empty();
    const std::string comments =
        blank && !path.ends_with(".json") ? std::string(sources.front()->text()) : std::string();
    exists = exists && !blank;
    const imports::ImportOptions how{
        options.maps,    options.settings, options.engines, options.series, exists ? &inventory : nullptr,
        options.service, options.overwrite};
    const auto read = read_kinds(context, std::move(files), how, catalog);
    if (const auto* failure = std::get_if<Failure>(&read)) return *failure;
    const auto& imported = std::get<imports::ImportedInventory>(read);
    if (!options.quiet) tell(context, imported);

    imports::Merged merged;
    if (exists) {
        merged = imports::merge(inventory, imported, options.overwrite);
    } else {
        merged.documents.push_back(imported.document);
        merged.documents.front().syntax = path.ends_with(".json") ? load::Syntax::json : load::Syntax::toml;
    }
    if (!options.quiet) tell_kept(context, merged, path);
    Diagnostics own, found;
    // What the inventory has wrong already is not the import's.
    const bool sound = exists && imports::is_valid(inventory, catalog, context.sources, own);
    if (exists && !sound && !options.quiet)
        context.log.push_back(fmt::format("{} has {} of its own: poolfit validate {}", path,
                                          counted_records(own.error_count(), "error"), model::file_in_shell(path)));
    if (sound && !imports::is_valid(merged.documents, catalog, context.sources, found)) {
        imports::add_as_merged(inventory, found, context.diagnostics);
        return has_errors(context, "inventory", path);
    }
    // Series first: an inventory never names a file that could not be written.
    std::vector<Document> documents, written;
    const auto beside = [&](const std::string& series) { return home_of(merged.documents, series, path); };
    if (auto failure = add_series(context, imported, beside, true, documents)) return std::move(*failure);
    std::vector<std::string> changed;
    std::string difference;
    for (std::size_t i = 0; i < merged.documents.size(); ++i) {
        imports::bindings_to_key(merged.documents[i]);
        std::string text = comments;
        if (!text.empty()) text += text.ends_with('\n') ? "\n" : "\n\n";
        text += load::print(merged.documents[i]);
        const std::string_view before = i < sources.size() ? sources[i]->text() : std::string_view();
        if (exists && text == before) continue;
        const std::string& name = i < sources.size() ? sources[i]->name() : path;
        changed.push_back(name);
        difference += imports::unified_diff(before, text, exists || blank ? name : "/dev/null", name);
        if (!options.dry_run) written.push_back({name, std::move(text), {}, true});
    }
    if (changed.empty()) {
        documents.push_back({"", options.quiet ? std::string() : fmt::format("nothing changed: {}\n", path)});
        return documents;
    }
    if (!options.quiet && exists) tell_merged(context, merged, changed, !options.dry_run);
    documents.push_back({"", std::move(difference)});
    std::ranges::move(written, std::back_inserter(documents));
    return documents;
}

}  // namespace poolfit::cli

// Any bytes as a file of each kind: what is imported is an inventory that is read without an error, or has no database;
// the same each time; imported into what it became it changes nothing. What is not has an error with a fix. Words of
// the file that look like secrets are in nothing.
#include <cstdlib>
#include <string>

#include <poolfit/import/importers.hpp>
#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

namespace {

using namespace poolfit;

/// The text, imported into the inventory that it became.
std::string into_itself(const imports::Importer& kind, const std::string& text, const SourceText& written,
                        const Catalog& catalog) {
    Sources sources;
    Diagnostics diagnostics;
    imports::Inventory inventory;
    auto document = load::parse(written, diagnostics);
    if (!document) std::abort();
    inventory.push_back(std::move(*document));
    imports::ImportOptions options;
    options.inventory = &inventory;
    std::vector<imports::FilesOfKind> files{{&kind, {{"fuzz", text}}}};
    const auto again = imports::import_files(std::move(files), options, catalog, sources, diagnostics);
    if (!again) std::abort();
    const imports::Merged merged = imports::merge(inventory, *again, false);
    if (load::print(merged.documents.front()) != written.text()) std::abort();
    return imports::print(again->notes);
}

std::string check(const imports::Importer& kind, const std::string& text, const Catalog& catalog) {
    Sources sources;
    Diagnostics diagnostics;
    std::vector<imports::FilesOfKind> files{{&kind, {{"fuzz", text, {}}}}};
    const auto imported = imports::import_files(std::move(files), {}, catalog, sources, diagnostics);
    if (imported.has_value() == diagnostics.has_errors()) std::abort();
    std::string said;
    for (const Diagnostic& each : diagnostics.all()) {
        if (each.fix.empty()) std::abort();
        said += diag::print(each, {});
    }
    if (imported) {
        const std::string toml = load::print(imported->document);
        said += toml + imports::print(imported->notes);
        Diagnostics found;
        const SourceText& written = sources.add("fuzz.toml", toml);
        const bool read = load::inventory(written, {}, catalog, sources, found).has_value();
        if (read != (imported->databases > 0)) std::abort();
        load::Document json = imported->document;
        json.syntax = load::Syntax::json;
        imports::bindings_to_key(json);
        said += load::print(json);
        if (read) said += into_itself(kind, text, written, catalog);
    }
    if (said.find("PLANTED") != said.npos) std::abort();
    return said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    static const Catalog catalog;
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (const imports::Importer& kind : imports::importers())
        if (check(kind, text, catalog) != check(kind, text, catalog)) std::abort();
    return 0;
}

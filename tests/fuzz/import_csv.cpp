// Any bytes as a spreadsheet: what is imported is an inventory without an error, the same each time; what is not has an
// error.
#include <cstdlib>
#include <string>

#include <poolfit/import/csv.hpp>
#include <poolfit/load/load.hpp>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace poolfit;
    static const Catalog catalog;
    Sources sources;
    Diagnostics diagnostics;
    const SourceText& sheet = sources.add("fuzz.csv", std::string(reinterpret_cast<const char*>(data), size));
    const imports::CsvOptions options{{"Free=freeable_memory:GiB"}, {"engine=postgresql", "region=us-east-1"}, {}, {}};
    for (const imports::CsvOptions& each : {imports::CsvOptions{}, options}) {
        Diagnostics said;
        const auto document = imports::csv(sheet, each, catalog, sources, said);
        if (document.has_value() == said.has_errors()) std::abort();
        if (!document) continue;
        const std::string text = load::print(*document);
        const SourceText& written = sources.add("fuzz.toml", text);
        if (!load::inventory(written, {}, catalog, sources, diagnostics)) std::abort();
        Diagnostics again;
        const auto second = imports::csv(sheet, each, catalog, sources, again);
        if (!second || load::print(*second) != text) std::abort();
    }
    return 0;
}

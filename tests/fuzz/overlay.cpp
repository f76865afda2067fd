// Any bytes as a catalog file, TOML or JSON by the first character: rows or an error with a fix, never a crash.
#include <cstdlib>
#include <string_view>

#include <poolfit/load/load.hpp>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace poolfit;
    Catalog catalog;
    const auto before = catalog.classes(platform::usual()).size();
    Sources sources;
    Diagnostics diagnostics;
    const auto& source = sources.add("fuzz", std::string(reinterpret_cast<const char*>(data), size));
    const bool good = load::overlay(source, catalog, diagnostics);
    if (good == diagnostics.has_errors()) std::abort();
    if (!good && catalog.classes(platform::usual()).size() != before) std::abort();
    for (const auto& made : diagnostics.all()) {
        if (made.fix.empty() || made.message.find('\n') != made.message.npos) std::abort();
        if (made.place && made.place.span.end > made.place.source->text().size()) std::abort();
        if (diag::print(made, {}).empty()) std::abort();
    }
    return 0;
}

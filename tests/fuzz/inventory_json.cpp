// Any bytes as a JSON inventory: a fleet or an error with a fix, never a crash.
#include <cstdlib>
#include <string_view>

#include <poolfit/load/load.hpp>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace poolfit;
    static const Catalog catalog;
    Sources sources;
    Diagnostics diagnostics;
    const auto& source = sources.add("fuzz.json", std::string(reinterpret_cast<const char*>(data), size));
    const auto fleet = load::inventory(source, {}, catalog, sources, diagnostics);
    if (fleet.has_value() == diagnostics.has_errors()) std::abort();
    for (const auto& made : diagnostics.all()) {
        if (made.fix.empty() || made.message.find('\n') != made.message.npos) std::abort();
        if (made.place && made.place.span.end > made.place.source->text().size()) std::abort();
        if (diag::print(made, {}).empty()) std::abort();
    }
    return 0;
}

// Any bytes as a TOML inventory: a fleet or an error with a fix, never a crash. What follows a NUL is a setting.
#include <cstdlib>
#include <string_view>

#include <poolfit/load/load.hpp>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace poolfit;
    static const Catalog catalog;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto cut = bytes.find('\0');
    Sources sources;
    Diagnostics diagnostics;
    const auto& source = sources.add("fuzz.toml", std::string(bytes.substr(0, cut)));
    std::vector<load::Setting> settings;
    if (cut != bytes.npos) settings.push_back({std::string(bytes.substr(cut + 1))});
    const auto fleet = load::inventory(source, settings, catalog, sources, diagnostics);
    if (fleet.has_value() == diagnostics.has_errors()) std::abort();
    for (const auto& made : diagnostics.all()) {
        if (made.fix.empty() || made.message.find('\n') != made.message.npos) std::abort();
        if (made.place && made.place.span.end > made.place.source->text().size()) std::abort();
        if (diag::print(made, {}).empty()) std::abort();
    }
    return 0;
}

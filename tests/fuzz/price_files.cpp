// Any bytes as an answer of a provider, whole and in pieces: rows that are read back as they are, the same either way,
// or an error with a place.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include <poolfit/import/prices.hpp>
#include <poolfit/load/load.hpp>

namespace {

using namespace poolfit;

imports::Feed feed_of(const std::string& text, std::size_t piece) {
    return {"fuzz", [&text, piece, at = std::size_t{0}](char* to, std::size_t room) mutable {
                const std::size_t count = std::min({piece, room, text.size() - at});
                std::memcpy(to, text.data() + at, count);
                at += count;
                return count;
            }};
}

template <class Import>
void check(const std::string& text, const Import& import) {
    std::string first;
    for (const std::size_t piece : {std::size_t{1} << 16, std::size_t{5}}) {
        Sources sources;
        Diagnostics diagnostics;
        auto file = import(feed_of(text, piece), sources, diagnostics);
        if (file.has_value() == diagnostics.has_errors()) std::abort();
        // Half a price waits for the file that has the rest, and is in none that is written.
        if (file) catalog::take_incomplete(file->rows);
        std::string said = file ? load::print(file->rows) : "";
        for (const auto& made : diagnostics.all()) {
            if (made.fix.empty() || !made.place || made.place.span.end > made.place.source->text().size()) std::abort();
            said += diag::print(made.place) + made.message;
            if (diag::print(made, {}).empty()) std::abort();
        }
        if (file) {
            Diagnostics again;
            const auto rows = load::overlay_rows(sources.add("rows.json", load::print(file->rows)), Catalog(), again);
            if (!rows || load::print(*rows) != load::print(file->rows)) std::abort();
        }
        if (piece != 5)
            first = said;
        else if (said != first)
            std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    static const Catalog catalog;
    const std::string text(reinterpret_cast<const char*>(data), size);
    imports::PriceOptions options;
    options.today = "2026-11-30";
    check(text, [&](const imports::Feed& feed, Sources& sources, Diagnostics& diagnostics) {
        return imports::aws_prices(feed, options, catalog, sources, diagnostics);
    });
    check(text, [&](const imports::Feed& feed, Sources& sources, Diagnostics& diagnostics) {
        return imports::aws_orderable(feed, options, sources, diagnostics);
    });
    check(text, [&](const imports::Feed& feed, Sources& sources, Diagnostics& diagnostics) {
        return imports::azure_prices(feed, options, catalog, sources, diagnostics);
    });
    check(text, [&](const imports::Feed& feed, Sources& sources, Diagnostics& diagnostics) {
        imports::PartsBySize parts;
        return imports::google_prices(feed, options, catalog, parts, sources, diagnostics);
    });
    catalog::OverlayRows wanted;
    wanted.orderable.push_back({&platform::usual(), "", {"16.8"}, {"db.m9g.large"}, "2026-11-30", "x", {}});
    check(text, [&](const imports::Feed& feed, Sources& sources, Diagnostics& diagnostics) {
        return imports::aws_instance_types(feed, options, catalog, wanted, sources, diagnostics);
    });
    return 0;
}

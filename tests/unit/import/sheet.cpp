#include "sheet.hpp"

#include <utility>

#include <fmt/format.h>

namespace poolfit::test {

std::string Imported::said() const {
    std::string out;
    for (const Diagnostic& each : diagnostics.all()) {
        if (each.place) {
            const Position at = each.place.source->position(each.place.span.begin);
            out += fmt::format("{}:{} ", at.line, at.column);
        }
        out += each.message;
        if (!each.label.empty()) out += fmt::format(" ({})", each.label);
        if (!each.fix.empty()) out += fmt::format(" = {}", each.fix);
        out += '\n';
    }
    return out;
}

std::optional<Fleet> Imported::fleet() {
    Diagnostics found;
    static const Catalog catalog;
    return document ? load::check(*document, catalog, sources, found) : std::nullopt;
}

Imported import_text(std::string text, const imports::CsvOptions& options) {
    static const Catalog catalog;
    Imported out;
    const SourceText& source = out.sources.add("sheet.csv", std::move(text));
    out.document = imports::csv(source, options, catalog, out.sources, out.diagnostics);
    return out;
}

}  // namespace poolfit::test

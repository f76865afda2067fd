#include <poolfit/import/prices.hpp>

#include <utility>

#include "../stream/bytes.hpp"
#include "price_json.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view mark = "\xEF\xBB\xBF";  // of UTF-8, at the beginning

/// Over a byte order mark and blank lines. Is what follows CSV?
bool begins_as_csv(Input& bytes) {
    if (bytes.any() &&
        std::string_view(bytes.at(), static_cast<std::size_t>(bytes.end() - bytes.at())).starts_with(mark))
        bytes.take(mark.size());
    while (bytes.any() && (*bytes.at() == ' ' || *bytes.at() == '\n' || *bytes.at() == '\r' || *bytes.at() == '\t'))
        bytes.take(1);
    const std::string_view text(bytes.at(), static_cast<std::size_t>(bytes.end() - bytes.at()));
    if (text.starts_with('"')) return !text.starts_with("\"{");
    return text.starts_with("SKU") || text.starts_with("FormatVersion");
}

}  // namespace

std::optional<Imported> aws_prices(const Feed& file, const PriceOptions& options, const Catalog& catalog,
                                   Sources& sources, Diagnostics& diagnostics) {
    Input bytes(file, sources, diagnostics);
    aws::PriceBook book(options, catalog);
    bool good = false;
    if (begins_as_csv(bytes)) {
        CsvReader csv(bytes);
        good = read_price_csv(csv, book);
    } else {
        JsonReader json(bytes);
        good = read_price_json(json, book);
    }
    if (!good) return std::nullopt;
    Imported out = book.take();
    out.bytes = bytes.offset();
    return out;
}

}  // namespace poolfit::imports

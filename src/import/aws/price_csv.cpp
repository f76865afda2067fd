// The offer file of AmazonRDS as CSV: five lines of head matter, a row of headings, a row for each price.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engines.hpp"
#include "price_json.hpp"

namespace poolfit::imports::aws {
namespace {

/// "Instance Type" as "instancetype".
std::string plain(std::string_view heading) {
    std::string out;
    for (const char c : heading) {
        if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    }
    return out;
}

constexpr std::size_t none = static_cast<std::size_t>(-1);

struct Columns {
    std::size_t sku = none, term = none, effective = none, unit = none, price = none, currency = none, from = none,
                lease = none, purchase = none, offering = none;
    std::vector<std::pair<std::size_t, std::string>> attributes;  ///< by plain heading
};

bool read_headings(const CsvReader& csv, Columns& columns) {
    Attributes known;
    for (std::size_t i = 0; i < csv.size(); ++i) {
        const std::string heading = plain(csv.cell(i));
        for (const auto& [name, at] : {std::pair<std::string_view, std::size_t*>{"sku", &columns.sku},
                                       {"termtype", &columns.term},
                                       {"effectivedate", &columns.effective},
                                       {"unit", &columns.unit},
                                       {"priceperunit", &columns.price},
                                       {"currency", &columns.currency},
                                       {"startingrange", &columns.from},
                                       {"leasecontractlength", &columns.lease},
                                       {"purchaseoption", &columns.purchase},
                                       {"offeringclass", &columns.offering}})
            if (heading == name && *at == none) *at = i;
        if (known.at(heading) != nullptr) columns.attributes.emplace_back(i, heading);
    }
    return columns.sku != none && columns.term != none && columns.price != none;
}

std::uint32_t effective_day(std::string_view text) {
    const auto day = day_of(text);
    return day ? day_number(*day) : 0;
}

}  // namespace

bool read_price_csv(CsvReader& csv, PriceBook& book) {
    Columns columns;
    bool headed = false;
    for (int line = 0; !headed && line < 20 && csv.next(); ++line) {
        const std::string name = plain(csv.cell(0));
        if (name == "publicationdate" || name == "version") {
            if (const auto day = day_of(csv.cell(1))) book.published(*day);
        } else if (name == "offercode" && csv.cell(1) != "AmazonRDS") {
            return csv.refuse(1, fmt::format("a price list of {}, not of AmazonRDS", csv.cell(1).substr(0, 60)),
                              "name the offer file of AmazonRDS");
        } else if (name == "sku") {
            if (!read_headings(csv, columns))
                return csv.refuse(0, "headings without TermType or PricePerUnit",
                                  "name the offer file as AWS publishes it");
            headed = true;
        }
    }
    if (csv.failed()) return false;
    if (!headed)
        return csv.refuse(0, "no row of headings: \"SKU\",\"OfferTermCode\",…",
                          "name the offer file as AWS publishes it");

    const std::size_t width = csv.size();
    Attributes attributes;
    std::string last;
    while (csv.next()) {
        if (csv.size() < width)
            return csv.refuse(csv.size() - 1, fmt::format("a row of {} cells, of {}", csv.size(), width),
                              "the file is incomplete or damaged: fetch it again");
        const std::string_view sku = csv.cell(columns.sku);
        if (sku.empty()) continue;
        if (sku != last) {  // rows of one product come one after another; else it is added again
            attributes.clear();
            for (const auto& [at, heading] : columns.attributes) *attributes.at(heading) = csv.cell(at);
            book.product_once(sku, attributes);
            last = sku;
        }
        if (!book.kept(sku)) continue;
        if (const std::string_view currency = csv.cell(columns.currency);
            columns.currency != none && currency != "USD") {
            book.other_currency(sku);
            continue;
        }
        if (const std::string_view from = csv.cell(columns.from); !from.empty() && from != "0") continue;
        const auto nano = nano_of(csv.cell(columns.price));
        if (!nano)
            return csv.refuse(columns.price, fmt::format("'{}' is not a price", csv.cell(columns.price).substr(0, 40)),
                              "the file is damaged: fetch it again");
        const std::string_view type = csv.cell(columns.term);
        if (type != "OnDemand" && type != "Reserved") continue;
        const Term term = type == "OnDemand" ? Term::list
                                             : reserved_term(csv.cell(columns.lease), csv.cell(columns.purchase),
                                                             csv.cell(columns.offering));
        book.price(sku, term, effective_day(csv.cell(columns.effective)),
                   price_unit(columns.unit == none ? std::string_view() : csv.cell(columns.unit)), *nano);
    }
    book.products_read();
    book.whole();
    return !csv.failed();
}

}  // namespace poolfit::imports::aws

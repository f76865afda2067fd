// Each importer of prices, given each answer of the others, names the command that reads it.
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "read_prices.hpp"

using namespace poolfit;
using test::feed_of;
using test::Read;

namespace {

struct Reader {
    std::string_view kind;
    std::optional<imports::Imported> (*read)(const imports::Feed&, Read&);
};

constexpr std::array<Reader, 5> readers{
    {{"aws-prices", [](const imports::Feed& feed,
                       Read& out) { return imports::aws_prices(feed, {}, Catalog(), out.sources, out.diagnostics); }},
     {"orderable", [](const imports::Feed& feed,
                      Read& out) { return imports::aws_orderable(feed, {}, out.sources, out.diagnostics); }},
     {"ec2-instances",
      [](const imports::Feed& feed, Read& out) {
          return imports::aws_instance_types(feed, {}, Catalog(), {}, out.sources, out.diagnostics);
      }},
     {"azure-prices",
      [](const imports::Feed& feed, Read& out) {
          return imports::azure_prices(feed, {}, Catalog(), out.sources, out.diagnostics);
      }},
     {"google-prices", [](const imports::Feed& feed, Read& out) {
          imports::PartsBySize parts;
          return imports::google_prices(feed, {}, Catalog(), parts, out.sources, out.diagnostics);
      }}}};

struct File {
    std::string_view kind, text;
};
/// The least that each command may print, and with more around it.
constexpr std::array<File, 9> files{
    {{"aws-prices", R"({"PriceList": []})"},
     {"aws-prices", R"({"FormatVersion": "aws_v1", "PriceList": ["{}"], "NextToken": "x"})"},
     {"aws-prices", R"({"products": {}, "terms": {}})"},
     {"aws-prices", R"({"searchResults": []})"},
     {"orderable", R"({"OrderableDBInstanceOptions": [{"Engine": "postgres"}]})"},
     {"ec2-instances", R"({"InstanceTypes": [{"InstanceType": "m7g.large"}], "NextToken": "x"})"},
     {"azure-prices", R"({"BillingCurrency": "USD", "Items": [{"currencyCode": "USD"}], "NextPageLink": null})"},
     {"azure-prices", R"({"Items": []})"},
     {"google-prices", R"({"skus": [{"name": "services/x"}], "nextPageToken": ""})"}}};

}  // namespace

TEST_CASE("an answer of another command is refused, and the command that reads it is named: each pair") {
    int pairs = 0;
    for (const Reader& reader : readers)
        for (const File& file : files) {
            if (file.kind == reader.kind) continue;
            CAPTURE(reader.kind);
            CAPTURE(file.text);
            ++pairs;
            for (const std::size_t piece : {std::size_t{1}, std::size_t{1} << 20}) {
                Read out;
                const auto read = reader.read(feed_of(std::string(file.text), piece), out);
                CHECK_FALSE(read);
                REQUIRE_FALSE(out.diagnostics.all().empty());
                CHECK(out.diagnostics.all().front().fix ==
                      fmt::format("poolfit catalog import {} prices.json", file.kind));
            }
        }
    CHECK(pairs == 5 * 9 - 9);
}

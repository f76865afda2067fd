// Azure's volumes in Terraform.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include <poolfit/platform/platform.hpp>

#include "emitted.hpp"

namespace poolfit::emit {
namespace {

// 450 to 900 IOPS on 128 GiB, which always give 500: 256 GiB give 1,100. The other disk is enough as it is.
TEST_CASE("Azure: a disk that grows has its size in MiB and no performance tier; one that stays is not there") {
    const auto inventory = [](std::string_view name, std::string_view iops) {
        std::string text = R"([[database]]
name = "NAME"
engine = "postgresql"
version = "16"
class = "Standard_D8ds_v4"
[database.observed]
cpu_mean = "20-25%"
cpu_peak = "40%"
freeable_memory = "12 GiB"
iops = "IOPS"
ebs_throughput = "1-2 Mbps"
window = "30 d"
[database.storage]
type = "premium-ssd"
size = "128 GiB"
)";
        text.replace(text.find("NAME"), 4, name);
        text.replace(text.find("IOPS"), 4, iops);
        return text;
    };
    const Emitted emitted(
        test::plan_text("schema = \"poolfit-inventory/1\"\nprovider = \"azure\"\nregion = \"westeurope\"\n" +
                        inventory("ledger", "450-900") + inventory("kept", "45-90") +
                        "[[service]]\nname = \"api\"\n[[service.pool]]\nname = \"a\"\ndatabase = \"ledger\"\nmax = "
                        "5\nin_use = \"1-2\"\n"));
    const Emission terraform = find_kind("terraform")->emit(emitted.request);
    CHECK(terraform.gaps.empty());
    REQUIRE(terraform.files.size() == 1);
    const std::string& text = terraform.files[0].text;
    CAPTURE(text);
    CHECK(text.find(
              "resource \"azurerm_postgresql_flexible_server\" \"ledger\" {\n"
              "  # If storage_tier is set, it must be P15 or higher; this size comes with P15. A disk can only grow.\n"
              "  storage_mb = 262144\n}\n") != std::string::npos);
    CHECK(text.find("kept\" {") == std::string::npos);
    CHECK(text.find("storage_tier =") == std::string::npos);
    CHECK(text.find("apply_immediately") == std::string::npos);
    CHECK(text.find("# azurerm_postgresql_flexible_server: a change is made at once;") != std::string::npos);
}

// The provider's table of storage_tier by storage_mb.
TEST_CASE("Azure: the tier that comes with a size") {
    const Emitted emitted(
        test::plan_text("schema = \"poolfit-inventory/1\"\nprovider = \"azure\"\nregion = \"westeurope\"\n"
                        "[[database]]\nname = \"a\"\nengine = \"postgresql\"\n"
                        "class = \"Standard_D8ds_v4\"\n"));
    const Terraform& terraform = *emitted.fleet.fleet.databases[0].platform->tools->terraform;
    CHECK(terraform.size_per_gib == 1024);
    constexpr std::pair<std::int64_t, std::string_view> table[] = {
        {32, "P4"},     {64, "P6"},     {128, "P10"},   {256, "P15"},   {512, "P20"},    {1'024, "P30"},
        {2'048, "P40"}, {4'095, "P50"}, {4'096, "P50"}, {8'192, "P60"}, {16'384, "P70"}, {32'767, "P80"}};
    for (const auto& row : table) {
        CAPTURE(row.first);
        CHECK(terraform.tier_of_size(row.first) == row.second);
    }
}

}  // namespace
}  // namespace poolfit::emit

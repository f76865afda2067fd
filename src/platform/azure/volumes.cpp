// Managed disks of Azure Database for PostgreSQL flexible servers.
#include "azure.hpp"

namespace poolfit::platform::azure {
namespace {

constexpr std::string_view source =
    "Microsoft Learn, Azure Database for PostgreSQL: \"Storage options\" and \"Premium SSD v2\", 2026-01-13";

constexpr std::int64_t sizes[] = {32, 64, 128, 256, 512, 1'024, 2'048, 4'095, 4'096, 8'192, 16'384, 32'767};
// No number of IOPS can be set. A higher performance tier gives those of a larger size; its price is not known.
// Throughput by size is not published.
constexpr VolumeKind::Tier premium_tiers[] = {
    {.name = "premium_ssd_32_gib", .from_gib = 0, .iops = 120, .burst = 3'500},
    {.name = "premium_ssd_64_gib", .from_gib = 64, .iops = 240, .burst = 3'500},
    {.name = "premium_ssd_128_gib", .from_gib = 128, .iops = 500, .burst = 3'500},
    {.name = "premium_ssd_256_gib", .from_gib = 256, .iops = 1'100, .burst = 3'500},
    {.name = "premium_ssd_512_gib", .from_gib = 512, .iops = 2'300, .burst = 3'500},
    {.name = "premium_ssd_1024_gib", .from_gib = 1'024, .iops = 5'000},
    {.name = "premium_ssd_2048_gib", .from_gib = 2'048, .iops = 7'500},
    {.name = "premium_ssd_8192_gib", .from_gib = 8'192, .iops = 16'000},
    {.name = "premium_ssd_16384_gib", .from_gib = 16'384, .iops = 18'000},
    {.name = "premium_ssd_32767_gib", .from_gib = 32'767, .iops = 20'000},
};
constexpr VolumeKind::Tier v2_tiers[] = {
    {.name = "premium_ssd_v2_under_400_gib", .from_gib = 0, .iops = 3'000, .mibps = 125, .set = true},
    {.name = "premium_ssd_v2_from_400_gib", .from_gib = 400, .iops = 12'000, .mibps = 500, .set = true},
};
// 17,179 IOPS at 32 GiB, as the table of sizes has it: 500 per GB of 10^9 bytes.
constexpr VolumeKind::Provisioned v2_set{
    .least = 3'000, .most = 80'000, .most_per_gib = 536.870912, .most_mibps = 1'200, .mibps_per_iops = 0.25};

constexpr VolumeKind premium{.name = "premium-ssd",
                             .least_gib = 32,
                             .most_gib = 32'767,
                             .sizes = sizes,
                             .tiers = premium_tiers,
                             .performance_tier = "a higher performance tier",
                             .source = source};
constexpr VolumeKind premium_v2{.name = "premium-ssd-v2",
                                .least_gib = 1,
                                .most_gib = 65'536,
                                .grows = false,
                                .tiers = v2_tiers,
                                .provisioned = &v2_set,
                                .source = source};

constexpr const VolumeKind* kinds[] = {&premium, &premium_v2};

}  // namespace

constinit const Volumes volumes{
    .kinds = kinds,
    .usual = &premium,
    .change = {.meanwhile = ": the server stays up, but for a restart where a disk grows past 4,096 GiB. Storage can "
                            "never be made smaller; IOPS of Premium SSD v2 can be raised and lowered.",
               .work = "minutes",
               .undo = "at any time"}};

}  // namespace poolfit::platform::azure

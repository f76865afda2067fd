// EBS volumes of RDS for MySQL, MariaDB and PostgreSQL, as the RDS user guide has them (CHAP_Storage). Oracle, SQL
// Server and Db2 have other sizes.
#include "rds.hpp"

namespace poolfit::platform::rds {
namespace {

constexpr std::string_view source =
    "RDS user guide, \"Amazon RDS DB instance storage\" (docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage)";

// From 400 GiB on RDS stripes over four volumes.
constexpr VolumeKind::Tier gp2_tiers[] = {
    {.name = "gp2_under_400_gib", .from_gib = 0, .burst = 3'000, .mibps = 128},
    {.name = "gp2_from_400_gib", .from_gib = 400, .burst = 12'000, .mibps = 512, .moved = true},
    {.name = "gp2_from_1336_gib", .from_gib = 1'336, .burst = 12'000, .mibps = 1'000, .moved = true},
    {.name = "gp2_from_4000_gib", .from_gib = 4'000, .mibps = 1'000, .moved = true},
};
constexpr VolumeKind::Tier gp3_tiers[] = {
    {.name = "gp3_under_400_gib", .from_gib = 0, .iops = 3'000, .mibps = 125},
    {.name = "gp3_from_400_gib", .from_gib = 400, .iops = 12'000, .mibps = 500, .set = true, .moved = true},
};
constexpr VolumeKind::Tier io_tiers[] = {{.name = "provisioned_iops", .from_gib = 0, .set = true}};

constexpr VolumeKind::Provisioned gp3_set{
    .least = 12'000, .most = 64'000, .most_per_gib = 500, .most_mibps = 4'000, .mibps_per_iops = 0.25};
constexpr VolumeKind::Provisioned io1_set{
    .needed = true, .least = 1'000, .most = 256'000, .least_per_gib = 0.5, .most_per_gib = 50};
constexpr VolumeKind::Provisioned io2_set{
    .needed = true, .least = 1'000, .most = 256'000, .least_per_gib = 0.5, .most_per_gib = 1'000};

constexpr VolumeKind gp3{
    .name = "gp3", .least_gib = 20, .most_gib = 65'536, .tiers = gp3_tiers, .provisioned = &gp3_set, .source = source};
constexpr VolumeKind gp2{.name = "gp2",
                         .least_gib = 5,
                         .most_gib = 65'536,
                         .tiers = gp2_tiers,
                         .iops_per_gib = 3,
                         .least_iops = 100,
                         .most_iops = 64'000,
                         .better = &gp3,
                         .source = source};
constexpr VolumeKind io1{.name = "io1",
                         .least_gib = 100,
                         .most_gib = 65'536,
                         .tiers = io_tiers,
                         .provisioned = &io1_set,
                         .better = &gp3,
                         .source = source};
constexpr VolumeKind io2{.name = "io2",
                         .least_gib = 100,
                         .most_gib = 65'536,
                         .tiers = io_tiers,
                         .provisioned = &io2_set,
                         .better = &gp3,
                         .source = source};
constexpr VolumeKind magnetic{.name = "magnetic",
                              .in_api = "standard",
                              .least_gib = 5,
                              .most_gib = 3'072,
                              .grows = false,
                              .io_charged = true,
                              .retired = "2026-04-30",
                              .better = &gp3,
                              .source = source};

constexpr const VolumeKind* kinds[] = {&gp3, &gp2, &io1, &io2, &magnetic};

}  // namespace

constinit const Volumes volumes{
    .kinds = kinds,
    .change = {.meanwhile =
                   ": the database stays up. Until optimizing ends, for about six hours, I/O may be slower and "
                   "storage cannot be changed again; it can never be made smaller.",
               .work = "minutes, then hours until it is optimized",
               .undo = "once it is optimized: six hours later at the earliest"}};

}  // namespace poolfit::platform::rds

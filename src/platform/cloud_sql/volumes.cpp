// Disks of Cloud SQL. Those of a persistent disk come with its size and the machine, and are not sold.
#include "cloud_sql.hpp"

namespace poolfit::platform::cloud_sql {
namespace {

constexpr std::string_view source =
    "cloud.google.com/sql/docs: \"Instance settings\" and \"Storage options overview\", as of 2026-11";
constexpr std::string_view follow = "the size and the vCPUs";

bool on_c4a(const InstanceClass& cls) { return cls.family.starts_with("c4a"); }
bool on_n2(const InstanceClass& cls) { return cls.category == "enterprise-plus" && !on_c4a(cls); }

// The least of any machine and the most of the largest; what a machine takes is between, and is not listed here.
constexpr VolumeKind::Tier hyperdisk_tiers[] = {{.name = "hyperdisk_balanced", .from_gib = 0, .set = true}};
constexpr VolumeKind::Provisioned hyperdisk_set{.least = 3'000, .most = 160'000, .most_mibps = 2'400};

constexpr VolumeKind ssd{.name = "ssd",
                         .least_gib = 10,
                         .most_gib = 65'536,
                         .iops_follow = follow,
                         .on = [](const InstanceClass& cls) { return !on_c4a(cls); },
                         .source = source};
constexpr VolumeKind hdd{.name = "hdd",
                         .least_gib = 10,
                         .most_gib = 65'536,
                         .iops_follow = follow,
                         .on = [](const InstanceClass& cls) { return !on_c4a(cls) && !on_n2(cls); },
                         .source = source};
constexpr VolumeKind hyperdisk{.name = "hyperdisk-balanced",
                               .least_gib = 10,
                               .most_gib = 65'536,
                               .tiers = hyperdisk_tiers,
                               .provisioned = &hyperdisk_set,
                               .on = on_c4a,
                               .source = source};

constexpr const VolumeKind* kinds[] = {&ssd, &hdd, &hyperdisk};

}  // namespace

constinit const Volumes volumes{.kinds = kinds,
                                .usual = &ssd,
                                .listed_price = [](const InstanceClass& cls) { return cls.category == "enterprise"; },
                                .change = {.meanwhile = ": the server stays up; IOPS can be changed at any time.",
                                           .work = "minutes",
                                           .undo = "at any time"}};

}  // namespace poolfit::platform::cloud_sql

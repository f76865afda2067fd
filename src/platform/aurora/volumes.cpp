// A cluster's volume: one for all its instances, which grows by itself.
#include "aurora.hpp"

namespace poolfit::platform::aurora {
namespace {

constexpr std::string_view source = "Aurora user guide, \"Amazon Aurora storage\": cluster storage configurations";

constexpr VolumeKind standard{.name = "standard", .in_api = "aurora", .io_charged = true, .source = source};
constexpr VolumeKind io_optimized{
    .name = "io-optimized",
    .in_api = "aurora-iopt1",
    .class_factor = 1.3,
    .class_source =
        "aws/agent-toolkit-for-aws, io_optimized_analyzer.py: instances cost 30 % more with I/O-Optimized storage",
    .source = source};

constexpr const VolumeKind* kinds[] = {&standard, &io_optimized};

// Aurora user guide, "Supported Regions and Aurora DB engines for cluster storage configurations".
constexpr EngineVersion mysql_since[] = {{{3, 0}, 301}};
constexpr EngineVersion postgresql_since[] = {{{13, 0}, 10}, {{14, 0}, 7}, {{15, 0}, 2}, {{16, 0}, 1}, {{17, 0}, 4}};

}  // namespace

constinit const Volumes mysql_volumes{.kinds = kinds, .usual = &standard, .shared = true, .flat_since = mysql_since};
constinit const Volumes postgresql_volumes{
    .kinds = kinds, .usual = &standard, .shared = true, .flat_since = postgresql_since};

}  // namespace poolfit::platform::aurora

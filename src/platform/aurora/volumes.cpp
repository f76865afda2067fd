// A cluster's volume: one for all its instances, which grows by itself.
#include "aurora.hpp"

namespace poolfit::platform::aurora {
namespace {

constexpr std::string_view source = "Aurora user guide, \"Amazon Aurora storage\": cluster storage configurations";

constexpr VolumeKind standard{.name = "standard", .io_charged = true, .source = source};
constexpr VolumeKind io_optimized{
    .name = "io-optimized",
    .class_factor = 1.3,
    .class_source =
        "aws/agent-toolkit-for-aws, io_optimized_analyzer.py: instances cost 30 % more with I/O-Optimized storage",
    .source = source};

constexpr const VolumeKind* kinds[] = {&standard, &io_optimized};

}  // namespace

constinit const Volumes volumes{.kinds = kinds, .usual = &standard, .shared = true};

}  // namespace poolfit::platform::aurora

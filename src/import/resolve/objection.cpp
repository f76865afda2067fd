// Why a server of the files is no database of the inventory.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>

#include "resolver.hpp"

namespace poolfit::imports {

bool is_wanted(std::string_view engine, const ImportOptions& options) {
    if (options.engines.empty()) return platform::is_engine(engine);
    return std::ranges::any_of(options.engines, [&](std::string_view each) {
        return each == engine || (engine.starts_with("aurora-") && engine.substr(7) == each);
    });
}

Objection unwanted(const std::string& engine) {
    if (!platform::is_engine(engine)) return {fmt::format("{} is no engine that poolfit plans", engine), {}};
    return {fmt::format("{} is not selected", engine), fmt::format("--engine {}", engine)};
}

Objection objection(const Server& server, const ImportOptions& options, Settings& settings) {
    const std::string record = "database." + server.name;
    const std::string engine = engine_of(server, settings);
    if (!server.refused.empty() && !is_own(record, settings)) return {server.refused, server.completes};
    if (settings.knows(record)) return {};
    const bool placed = server.region || settings.has(record, "region");
    if (engine.empty()) {
        const std::string usual = is_of_cluster(server) ? "aurora-postgresql" : "postgresql";
        const Platform* const platform = platform::find(server.provider, usual);
        const bool asks = !placed && platform != nullptr && platform::has_regions(*platform);
        return {fmt::format("its engine is not in the files{}", asks ? ", nor its region" : ""),
                fmt::format("--set {}.engine={}{}", record, usual,
                            asks ? fmt::format(" --set region={}", platform->region_example) : std::string())};
    }
    if (!is_wanted(engine, options)) return unwanted(engine);
    if (is_own(record, settings)) return {};
    const Platform* const platform = platform::find(server.provider, engine);
    if (platform == nullptr) return {fmt::format("{} on {} is not known", engine, server.provider), {}};
    const bool elastic = server.acu_min && server.acu_max && settings.find(record, "class") == nullptr;
    if (server.region && settings.find(record, "region") == nullptr && platform::has_regions(*platform) &&
        !platform->is_region(server.region->value))
        return {fmt::format("its region {} is not known", server.region->value),
                fmt::format("--set {}.region=REGION", record)};
    if (!elastic && !placed && platform::has_regions(*platform))
        return {"its region is not in the files",
                fmt::format("--set region={}, or --set {}.region=REGION", platform->region_example, record)};
    return {};
}

}  // namespace poolfit::imports

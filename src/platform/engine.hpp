// What an engine is, independent of the provider. Each is in its folder; a provider's `row` makes a platform of it.
#pragma once

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform {

/// Each as in Platform.
struct Engine {
    std::string_view id, name;
    std::span<const std::string_view> spellings, compatible;
    std::string_view version_example;
    std::variant<EngineVersion, std::string> (*version)(std::string_view text);
    std::int64_t most_connections;
    std::string_view buffers_name;
    bool reads_past_page_cache;
    Interval<Bytes> connection_memory;
    std::string_view connection_source;
    bool standby_needs_limit, replicas_upgrade_first, limit_needs_restart, prepared_pins;
    std::string_view limit_command, activity, by_client;
    std::string_view settings, connections;  ///< of a self-managed server: its file, and the metric of connections
};

}  // namespace poolfit::platform

// Poolers: the server behind each, and what one that comes with the server has.
#include <algorithm>

#include <fmt/format.h>

#include "drafts.hpp"

namespace poolfit::load {
namespace {

void check_built_in(Context& context, const Pooler& pooler, const Database& database) {
    const BuiltInPooler* made = database.platform->built_in_pooler;
    const std::string_view kind = platform::pooler_kind(pooler.kind).name;
    if (made == nullptr)
        context.out.error(pooler.built_in,
                          fmt::format("built_in: {} has no pooler of its own", database.platform->names.full),
                          fmt::format("remove it: this {} runs beside the server", kind));
    else if (database.type != nullptr && !database.type->unknown && !made->on(*database.type))
        context.note(context.out.error(
                         pooler.built_in,
                         fmt::format("built_in: {} is on {}, not on {}", made->name, made->where, database.type->name),
                         fmt::format("remove it and run a {} beside the server, or change the class", kind)),
                     "class", database.cls.place);
    if (made != nullptr && pooler.instances->high > 1)
        context.out.error(pooler.instances.place, fmt::format("instances: {} is one", made->name), "remove instances");
}

/// Its users cannot change it.
bool check_fixed(Context& context, const Pooler& pooler, const BuiltInPooler& made) {
    bool right = true;
    const auto refuse = [&](std::string_view key, const Place& given, bool same) {
        if (!given || same) return;
        right = false;
        context.out.error(given, fmt::format("{}: {} cannot be configured", key, made.name),
                          fmt::format("remove {}", key));
    };
    refuse("default_pool_size", pooler.default_pool_size.place, false);
    refuse("min_pool_size", pooler.min_pool_size.place, *pooler.min_pool_size == 0);
    refuse("reserve_pool_size", pooler.reserve_pool_size.place, *pooler.reserve_pool_size == 0);
    refuse("max_client_conn", pooler.max_client_conn.place, *pooler.max_client_conn == made.max_client_conn);
    if (pooler.max_db_connections) refuse("max_db_connections", pooler.max_db_connections->place, false);
    refuse("mode", pooler.mode_place, pooler.mode == made.mode);
    return right;
}

void use_built_in(Context& context, Pooler& pooler, const Database& database) {
    const BuiltInPooler* made = database.platform->built_in_pooler;
    if (made == nullptr) return;
    if (made->fixed && !check_fixed(context, pooler, *made)) return;
    if (!pooler.mode_place) {
        pooler.mode = made->mode;
        pooler.mode_place = pooler.built_in;
    }
    if (!pooler.max_client_conn.place) pooler.max_client_conn = {made->max_client_conn, pooler.built_in};
    if (pooler.default_pool_size.place) return;
    if (made->pool_size != 0) {
        pooler.default_pool_size = {made->pool_size, pooler.built_in};
        return;
    }
    // A share of what the server has.
    const auto& given = database.max_connections;
    const auto most = given ? std::optional(given->value)
                      : database.type != nullptr && database.type->limit
                          ? std::optional(database.type->limit->range.low)
                          : std::nullopt;
    if (!most && database.type != nullptr && database.type->unknown)
        context.out.error(pooler.built_in, "built_in: its size is a share of max_connections, which is not known",
                          made->fixed ? fmt::format("write what {} runs on", quote(*database.name))
                                      : fmt::format("{}, or write what {} runs on",
                                                    context.assign("default_pool_size", "…"), quote(*database.name)));
    if (!most) return;
    const auto share = static_cast<std::int64_t>(static_cast<double>(most->value) * made->share.value);
    pooler.default_pool_size = {std::max<std::int64_t>(1, share), pooler.built_in};
}

void report_wrong_pooler(Context& context, const Pooler& pooler, const Platform& platform) {
    std::vector<std::string_view> fitting;
    for (const Pooler::Kind kind : platform.poolers) fitting.push_back(platform::pooler_kind(kind).word);
    context.out.error(
        pooler.kind_place,
        fmt::format("kind: {} does not work with {}", platform::pooler_kind(pooler.kind).name, platform.names.full),
        fitting.empty() ? "remove the pooler, and point the pools at the database"
                        : context.assign("kind", fmt::format("\"{}\"", fitting.front())));
}

}  // namespace

void resolve_poolers(Context& context, const Draft& draft, const Names& databases, const Names& poolers, Fleet& fleet) {
    std::optional<Index> told;  // the process whose kind is wrong
    for (const auto& own : draft.poolers) {
        Pooler out = own.out;
        if (own.database && !context.exhausted()) {
            out.database_place = own.database->place;
            if (const auto at = databases.find(own.database->value))
                out.database = *at;
            else if (poolers.find(own.database->value))
                context.out.error(own.database->place,
                                  fmt::format("database: {} is a pooler; a pooler behind a pooler is not supported",
                                              quote(own.database->value)),
                                  "name the database");
            else
                report_dangling(context, "database", *own.database, "database", databases.ordered, databases.whole);
        }
        const auto* platform =
            own.database && databases.find(own.database->value) ? fleet.databases[out.database].platform : nullptr;
        if (platform != nullptr && out.kind_place && !platform::takes(*platform, out.kind) &&
            (!out.process || out.process != told)) {
            report_wrong_pooler(context, out, *platform);
            told = out.process;
        }
        if (platform != nullptr && out.built_in && out.kind == Pooler::Kind::pgbouncer &&
            (!out.process || out.process == static_cast<Index>(fleet.poolers.size())))
            check_built_in(context, out, fleet.databases[out.database]);
        if (platform != nullptr && out.built_in) use_built_in(context, out, fleet.databases[out.database]);
        fleet.poolers.push_back(std::move(out));
    }
}

}  // namespace poolfit::load

// The document: a record for each thing that was taken, and behind each value where it is from.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>

#include "../into/binding.hpp"
#include "../into/left_out.hpp"
#include "resolver.hpp"

namespace poolfit::imports {
namespace {

template <class T>
load::Value plain(T value) {
    load::Value out;
    out.data = std::move(value);
    return out;
}

void put(load::Table& table, std::string_view key, load::Value value, const From& from) {
    value.place = from.place;  // what compares it with an inventory says where it is from
    load::comment(value, {}, binding(from, value));
    load::set(table, key, std::move(value));
}
template <class T>
void put(load::Table& table, std::string_view key, const MaybeFact<T>& fact) {
    if (fact) put(table, key, plain(fact->value), fact->from);
}

load::Value instances(std::int64_t least, std::int64_t most) {
    if (least == most) return plain(least);
    load::Table range;
    range.form = load::Form::in_line;
    load::set(range, "min", plain(least));
    load::set(range, "max", plain(most));
    return plain(std::move(range));
}

void put_instances(load::Table& table, const MaybeFact<std::int64_t>& least, const MaybeFact<std::int64_t>& most) {
    if (!most) return;
    put(table, "instances", instances(least ? least->value : most->value, most->value), most->from);
}

std::vector<std::string> each_once(const std::vector<std::string>& files) {
    std::vector<std::string> once;
    for (const std::string& file : files)
        if (std::ranges::find(once, file) == once.end()) once.push_back(file);
    return once;
}

class InventoryWriter {
public:
    InventoryWriter(const Resolved& resolved, const ImportOptions& options, Settings& settings)
        : resolved_(resolved), options_(options), settings_(settings) {}

    load::Document write(const std::vector<Note>& notes, const std::vector<std::string>& files) {
        load::Document document;
        document.name = "the imported inventory";
        load::Value& schema = load::set(document.root, "schema", plain(std::string("poolfit-inventory/1")));
        load::comment(schema, fmt::format("From {}, by poolfit import.\n", fmt::join(each_once(files), ", ")), {});
        defaults(document.root);
        for (const TakenServer& taken : resolved_.servers) database(document.root, taken);
        for (const TakenPooler& taken : resolved_.poolers) pooler(document.root, taken);
        for (const TakenService& taken : resolved_.services) service(document.root, taken);
        document.end = left_out(notes);
        return document;
    }

private:
    /// The provider and the region that most databases have.
    void defaults(load::Table& root) {
        std::map<std::string, std::size_t> providers, regions;
        for (const TakenServer& taken : resolved_.servers) {
            ++providers[taken.server->provider];
            if (taken.server->region) ++regions[taken.server->region->value];
        }
        const auto most = [](const std::map<std::string, std::size_t>& counts) {
            const auto best = std::ranges::max_element(counts, {}, [](const auto& pair) { return pair.second; });
            return best == counts.end() ? std::string() : best->first;
        };
        provider_ = most(providers);
        region_ = most(regions);
        if (!provider_.empty()) load::set(root, "provider", plain(provider_));
        if (!region_.empty()) load::set(root, "region", plain(region_));
    }

    void database(load::Table& root, const TakenServer& taken) {
        const Server& server = *taken.server;
        load::Table table;
        put(table, "name", plain(server.name), server.from);
        if (server.provider != provider_) load::set(table, "provider", plain(server.provider));
        put(table, "engine", server.engine);
        put(table, "version", server.version);
        put(table, "class", server.cls);
        if (taken.own) {
            put(table, "vcpus", server.vcpus);
            put(table, "memory", server.memory);
        }
        put(table, "acu_min", server.acu_min);
        put(table, "acu_max", server.acu_max);
        if (server.region && server.region->value != region_) put(table, "region", server.region);
        put(table, "multi_az", server.multi_az);
        if (!taken.primary.empty()) put(table, "replica_of", plain(taken.primary), server.primary->from);
        put(table, "max_connections", server.max_connections);
        settings_.apply("database." + server.name, table);
        if (taken.volume) volume(table, taken);
        observed(table, server);
        load::append(root, "database", std::move(table));
    }

    /// [database.storage], without what the volume gives by itself: its API says that too.
    static void volume(load::Table& table, const TakenServer& taken) {
        const Server& server = *taken.server;
        const VolumeFacts& facts = server.volume;
        const Platform* const platform =
            server.engine ? platform::find(server.provider, server.engine->value) : nullptr;
        if (!facts.any() || platform == nullptr || platform->volumes == nullptr) return;
        if (platform->volumes->shared && !taken.primary.empty()) return;
        const std::string_view type = facts.type ? std::string_view(facts.type->value) : std::string_view();
        const VolumeKind* const kind =
            type.empty() ? platform->volumes->usual : platform::volume_meant(*platform, type);
        if (type.empty() && kind == nullptr) return;
        load::Table made;
        made.form = load::Form::header;
        if (!type.empty()) put(made, "type", plain(std::string(kind != nullptr ? kind->name : type)), facts.type->from);
        const auto quantity = [&](std::string_view key, const MaybeFact<std::int64_t>& fact, std::string_view unit) {
            if (fact) put(made, key, plain(fmt::format("{} {}", fact->value, unit)), fact->from);
        };
        if (kind != nullptr && kind->most_gib > 0 && !facts.size_gib) return;
        if (kind == nullptr || kind->most_gib > 0) {
            quantity("size", facts.size_gib, "GiB");
            if (facts.size_gib && facts.max_size_gib && facts.max_size_gib->value > facts.size_gib->value)
                quantity("max_size", facts.max_size_gib, "GiB");
            const VolumeKind::Tier* const tier =
                kind == nullptr || !facts.size_gib ? nullptr
                                                   : platform::tier(*kind, static_cast<double>(facts.size_gib->value));
            if (tier != nullptr && tier->set) {
                put(made, "iops", facts.iops);
                if (kind->provisioned != nullptr && kind->provisioned->most_mibps > 0)
                    quantity("throughput", facts.mibps, "MiB/s");
            }
        }
        if (made.members.empty()) return;
        load::Value value;
        value.data = std::move(made);
        load::set(table, "storage", std::move(value));
    }

    /// The series file has the values, where there is one.
    void observed(load::Table& table, const Server& server) {
        if (server.observed.empty()) return;
        load::Table values;
        values.form = load::Form::header;
        if (!server.series.empty()) {
            From from = server.observed.front().second.from;
            from.how = "its points";
            put(values, "series", plain(series_path(options_, server)), from);
        } else {
            for (const auto& [key, fact] : server.observed) put(values, key, number_or_text(fact.value), fact.from);
        }
        load::set(table, "observed", plain(std::move(values)));
    }
    static load::Value number_or_text(const std::string& text) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size()) return plain(text);
        return value == std::floor(value) && value < 1e15 ? plain(static_cast<std::int64_t>(value)) : plain(value);
    }

    static void sizes(load::Table& table, const PoolerSizes& sizes) {
        put(table, "min_pool_size", sizes.min_pool_size);
        put(table, "reserve_pool_size", sizes.reserve_pool_size);
        put(table, "max_db_connections", sizes.max_db_connections);
        put(table, "pairs", sizes.pairs);
    }

    void pooler(load::Table& root, const TakenPooler& taken) {
        const PoolerFact& pooler = *taken.pooler;
        load::Table table;
        put(table, "name", plain(pooler.name), pooler.from);
        load::set(table, "kind", plain(pooler.kind));
        PoolerSizes own = pooler.sizes;
        if (!taken.list) {
            const PoolerAlias& alias = *taken.aliases.front().alias;
            put(table, "database", plain(taken.aliases.front().database), alias.address.from);
            const auto over = [](auto& into, const auto& from) {
                if (from) into = from;
            };
            over(own.pool_size, alias.sizes.pool_size);
            over(own.min_pool_size, alias.sizes.min_pool_size);
            over(own.reserve_pool_size, alias.sizes.reserve_pool_size);
            over(own.max_db_connections, alias.sizes.max_db_connections);
            over(own.mode, alias.sizes.mode);
            if (alias.sizes.wrong_mode) own.mode.reset();
            own.wrong_mode = own.wrong_mode || alias.sizes.wrong_mode;
            over(own.pairs, alias.sizes.pairs);
        }
        put_instances(table, pooler.min_instances, pooler.max_instances);
        if (pooler.built_in) load::set(table, "built_in", plain(true));
        if (pooler.kind == "pgbouncer" && !own.mode && !own.wrong_mode && !pooler.shown && !pooler.built_in)
            own.mode = Fact<std::string>{"session", {pooler.from.place, "PgBouncer's default", Truth::declared}};
        put(table, "mode", own.mode);
        put(table, "default_pool_size", own.pool_size);
        sizes(table, own);
        put(table, "max_client_conn", pooler.max_client_conn);
        if (pooler.max_connections_percent)
            put(table, "max_connections_percent", plain(fmt::format("{}%", pooler.max_connections_percent->value)),
                pooler.max_connections_percent->from);
        if (pooler.borrow_timeout_s)
            put(table, "borrow_timeout", plain(fmt::format("{} s", pooler.borrow_timeout_s->value)),
                pooler.borrow_timeout_s->from);
        settings_.apply("pooler." + pooler.name, table);
        if (taken.list)
            for (const TakenAlias& each : taken.aliases) {
                load::Table alias;
                put(alias, "name", plain(each.alias->name), each.alias->address.from);
                load::set(alias, "database", plain(each.database));
                put(alias, "pool_size", each.alias->sizes.pool_size);
                put(alias, "pool_mode", each.alias->sizes.mode);
                sizes(alias, each.alias->sizes);
                load::append(table, "database", std::move(alias));
            }
        load::append(root, "pooler", std::move(table));
    }

    void service(load::Table& root, const TakenService& taken) {
        const ServiceFact& service = *taken.service;
        const std::string record = "service." + service.name;
        load::Table table;
        From from = service.from;
        from.how = with_space(from.how, service.space);
        put(table, "name", plain(service.name), from);
        if (service.job) load::set(table, "kind", plain(std::string("job")));
        put(table, "runtime", service.runtime);
        put_instances(table, service.min_instances, service.max_instances);
        put(table, "processes", service.processes);
        put(table, "deploy", service.deploy);
        put(table, "max_surge", service.surge_number);
        put(table, "max_surge", service.surge_share);
        settings_.apply(record, table);
        for (const TakenPool& each : taken.pools) {
            const PoolFact& pool = *each.pool;
            load::Table made;
            const std::string pool_record = fmt::format("{}.pool.{}", record, pool.name);
            load::set(made, "name", plain(pool.name));
            // Where the inventory alone says it, it is no value of the files.
            if (pool.address.unknown.empty() || !pool.address.hosts.empty() ||
                settings_.text_of(pool_record, "database") != nullptr)
                put(made, "database", plain(each.target), pool.address.from);
            if (!pool.driver.empty()) load::set(made, "driver", plain(pool.driver));
            put(made, "max", pool.max);
            if (pool.max && !pool.set_in.empty()) load::set(made, "set_in", plain(pool.set_in));
            settings_.apply(pool_record, made);
            load::append(table, "pool", std::move(made));
        }
        load::append(root, "service", std::move(table));
    }

    const Resolved& resolved_;
    const ImportOptions& options_;
    Settings& settings_;
    std::string provider_, region_;
};

}  // namespace

load::Document write(const Resolved& resolved, const std::vector<Note>& notes, const std::vector<std::string>& files,
                     const ImportOptions& options, Settings& settings) {
    return InventoryWriter(resolved, options, settings).write(notes, files);
}

std::string file_and_line(const Place& place) {
    if (!place) return {};
    return fmt::format("{}:{}", place.source->name(), place.source->position(place.span.begin).line);
}

std::string series_path(const ImportOptions& options, const Server& server) {
    const std::string slash = options.series.empty() || options.series.ends_with('/') ? "" : "/";
    return fmt::format("{}{}{}.csv", options.series, slash, server.name);
}

void put_in_order(std::vector<Note>& notes) {
    std::ranges::stable_sort(notes, {}, &Note::kind);
    std::vector<Note> once;
    std::set<std::string> said;
    for (Note& note : notes)
        if (said.insert(note.subject + '\n' + note.text).second) once.push_back(std::move(note));
    notes = std::move(once);
}

std::string print(const std::vector<Note>& notes) {
    std::string out;
    for (const Note& note : notes) {
        out += fmt::format("{}  {}: {}", note.kind == Note::Kind::not_taken ? "not taken" : "note     ", note.subject,
                           note.text);
        if (note.place) out += fmt::format("  ({})", file_and_line(note.place));
        out += '\n';
        if (!note.completes.empty()) out += fmt::format("           {}\n", note.completes);
    }
    return out;
}

}  // namespace poolfit::imports

// [[pooler]] with its aliases, and [[host]].
#include <algorithm>

#include <fmt/format.h>

#include "drafts.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view header = "[[pooler]]";
constexpr std::string_view host_header = "[[host]]";
constexpr Bounds<std::int64_t> connections{1, max_pool};
constexpr Bounds<Millis> borrow_timeouts{Millis(0), Millis(3'600'000)};  // of RDS Proxy; 0: without end

/// [[pooler]] as it is read, before its aliases become records.
struct Written {
    Pooler out;
    Maybe<std::string> database;
    bool has_aliases = false;
    Place aliases_place;
    std::vector<AliasDraft> aliases;
};

Maybe<Pooler::Mode> read_mode(C& c, const E& e) {
    const auto found = one_of(c, e, {"session", "transaction", "statement"});
    if (!found) return std::nullopt;
    constexpr Pooler::Mode modes[] = {Pooler::Mode::session, Pooler::Mode::transaction, Pooler::Mode::statement};
    return Located<Pooler::Mode>{modes[found->value], found->place};
}

constexpr std::string_view alias_header = "[[pooler.database]]";
using AliasRow = Field<AliasDraft>;
constexpr std::array alias_fields{
    AliasRow{"name", R"("orders")", true, [](C& c, const E& e, AliasDraft& a) { set(a.name, name(c, e)); }},
    AliasRow{"database", R"("primary")", true, [](C& c, const E& e, AliasDraft& a) { a.database = text(c, e); }},
    AliasRow{"pool_size", "20", false, [](C& c, const E& e, AliasDraft& a) { a.pool_size = whole(c, e, connections); }},
    AliasRow{"min_pool_size", "2", false,
             [](C& c, const E& e, AliasDraft& a) {
                 a.min_pool_size = whole(c, e, {0, max_pool});
             }},
    AliasRow{"reserve_pool_size", "5", false,
             [](C& c, const E& e, AliasDraft& a) {
                 a.reserve_pool_size = whole(c, e, {0, max_pool});
             }},
    AliasRow{"max_db_connections", "50", false,
             [](C& c, const E& e, AliasDraft& a) {
                 a.max_db_connections = whole(c, e, {0, max_pool});
             }},
    AliasRow{"pool_mode", R"("transaction")", false, [](C& c, const E& e, AliasDraft& a) { a.mode = read_mode(c, e); }},
    AliasRow{"pairs", "1", false,
             [](C& c, const E& e, AliasDraft& a) {
                 a.pairs = whole(c, e, {1, max_databases});
             }},
};

void read_aliases(C& c, const E& e, Written& out) {
    out.has_aliases = true;
    out.aliases_place = e.member.key_place;
    for (const auto& record : read_records(c, e, alias_header)) {
        auto& alias = out.aliases.emplace_back();
        alias.place = record.place;
        read_table(c, *record.table, record.place, alias_header, alias_fields, alias);
    }
}

using Row = Field<Written>;
constexpr std::array fields{
    Row{"name", R"("bouncer")", true, [](C& c, const E& e, Written& p) { set(p.out.name, name(c, e)); }},
    Row{"kind", R"("pgbouncer")", true,
        [](C& c, const E& e, Written& p) {
            const auto kinds = platform::pooler_kinds();
            std::vector<std::string_view> words;
            for (const auto& kind : kinds) words.push_back(kind.word);
            const auto found = one_of(c, e, words);
            if (!found) return;
            p.out.kind = kinds[found->value].kind;
            p.out.kind_place = found->place;
        }},
    Row{"database", R"("primary")", true,
        [](C& c, const E& e, Written& p) {
            if (e.value().as<Array>() != nullptr || e.value().as<Table>() != nullptr)
                read_aliases(c, e, p);
            else
                p.database = text(c, e);
        }},
    Row{"instances", "1", false, [](C& c, const E& e, Written& p) { set(p.out.instances, read_instances(c, e)); }},
    Row{"mode", R"("transaction")", false,
        [](C& c, const E& e, Written& p) {
            const auto found = read_mode(c, e);
            if (!found) return;
            p.out.mode = found->value;
            p.out.mode_place = found->place;
        }},
    Row{"built_in", "true", false,
        [](C& c, const E& e, Written& p) {
            const auto found = boolean(c, e);
            if (found && found->value) p.out.built_in = found->place;
        }},
    Row{"default_pool_size", "20", false,
        [](C& c, const E& e, Written& p) { set(p.out.default_pool_size, whole(c, e, connections)); }},
    Row{"min_pool_size", "2", false,
        [](C& c, const E& e, Written& p) {
            set(p.out.min_pool_size, whole(c, e, {0, max_pool}));
        }},
    Row{"reserve_pool_size", "5", false,
        [](C& c, const E& e, Written& p) {
            set(p.out.reserve_pool_size, whole(c, e, {0, max_pool}));
        }},
    Row{"max_client_conn", "100", false,
        [](C& c, const E& e, Written& p) { set(p.out.max_client_conn, whole(c, e, connections)); }},
    Row{"pairs", "1", false,
        [](C& c, const E& e, Written& p) {
            set(p.out.pairs, whole(c, e, {1, max_databases}));
        }},
    Row{"max_db_connections", "50", false,
        [](C& c, const E& e, Written& p) {
            p.out.max_db_connections = whole(c, e, {0, max_pool});
        }},
    Row{"max_connections_percent", R"("90%")", false,
        [](C& c, const E& e, Written& p) { p.out.max_connections_percent = quantity(c, e, positive_shares); }},
    Row{"borrow_timeout", R"("120 s")", false,
        [](C& c, const E& e, Written& p) { set(p.out.borrow_timeout, time_or_zero(c, e, borrow_timeouts)); }},
};

using HostRow = Field<HostDraft>;
constexpr std::array host_fields{
    HostRow{"name", R"("app")", true, [](C& c, const E& e, HostDraft& h) { set(h.out.name, name(c, e)); }},
    HostRow{"provider", R"("aws")", false, [](C& c, const E& e, HostDraft& h) { h.provider = text(c, e); }},
    HostRow{"class", R"("t3.medium")", false, [](C& c, const E& e, HostDraft& h) { h.out.cls = text(c, e); }},
    HostRow{"vcpus", "2", false,
            [](C& c, const E& e, HostDraft& h) {
                h.out.vcpus = whole(c, e, {1, 100'000});
            }},
    HostRow{"threads_per_core", "2", false,
            [](C& c, const E& e, HostDraft& h) {
                h.out.threads_per_core = whole(c, e, {1, 8});
            }},
};

/// Keys of the other kind of pooler are not errors, but have no effect.
void warn_of_idle_keys(Context& context, const Table& table, Pooler::Kind kind) {
    for (const auto& member : table.members) {
        const auto& key = member.key;
        const bool proxy_only = key == "max_connections_percent" || key == "borrow_timeout";
        const bool bouncer_only = key == "mode" || key == "default_pool_size" || key == "min_pool_size" ||
                                  key == "reserve_pool_size" || key == "max_client_conn" || key == "pairs" ||
                                  key == "max_db_connections" || key == "built_in";
        if (kind == Pooler::Kind::pgbouncer ? proxy_only : bouncer_only)
            context.out.warning(member.key_place,
                                fmt::format("{} has no effect for {}", key, platform::pooler_kind(kind).word),
                                "remove it");
    }
}

void warn_of_least(Context& context, const Located<std::int64_t>& least, std::string_view size_key, std::int64_t size) {
    if (!least.place || least.value <= size) return;
    context.out.warning(least.place, fmt::format("min_pool_size: {} is more than {}, {}", least.value, size_key, size),
                        context.assign("min_pool_size", std::to_string(size)));
}

/// What the aliases say together with their pooler.
void check_aliases(Context& context, const Written& pooler) {
    const auto header_text = context.header(alias_header);
    if (pooler.out.kind_place && pooler.out.kind == Pooler::Kind::proxy)
        context.out.error(
            pooler.aliases_place, fmt::format("{} has no {}", platform::pooler_kind(pooler.out.kind).name, header_text),
            context.assign("database", context.some_database.empty() ? std::string_view(R"("primary")")
                                                                     : std::string_view(context.some_database)));
    if (pooler.aliases.empty() && !context.failed())
        context.out.error(pooler.aliases_place, fmt::format("database: no {} in the list", header_text),
                          "add one, or name a database");
    if (pooler.aliases.size() > 1 && pooler.out.pairs.place)
        context.out.error(pooler.out.pairs.place, fmt::format("pairs: of all {}, or of each?", header_text),
                          fmt::format("move it to each {}", header_text));
}

/// The alias as a record of its own.
PoolerDraft expand(const Written& pooler, const AliasDraft& alias, Index process) {
    PoolerDraft draft{pooler.out, alias.database};
    Pooler& out = draft.out;
    const bool named = !pooler.out.name->empty() && !alias.name->empty();
    out.name = {named ? fmt::format("{}/{}", *pooler.out.name, *alias.name) : std::string(), alias.name.place};
    out.takes_size = !alias.pool_size;
    if (alias.pool_size) out.default_pool_size = *alias.pool_size;
    if (alias.min_pool_size) out.min_pool_size = *alias.min_pool_size;
    if (alias.reserve_pool_size) out.reserve_pool_size = *alias.reserve_pool_size;
    if (alias.max_db_connections) out.max_db_connections = alias.max_db_connections;
    if (alias.pairs) out.pairs = *alias.pairs;
    if (alias.mode) {
        out.mode = alias.mode->value;
        out.mode_place = alias.mode->place;
    } else if (out.mode_place) {
        out.mode_place = alias.place;  // a fix gives the alias its own, and leaves the others'
    }
    out.process = process;
    out.place = alias.place;
    return draft;
}

}  // namespace

KeyTable pooler_keys() { return {header, keys_of(fields), read_alone<fields>}; }
KeyTable alias_keys() { return {alias_header, keys_of(alias_fields), read_alone<alias_fields>}; }
KeyTable host_keys() { return {host_header, keys_of(host_fields), read_alone<host_fields>}; }

void read_poolers(Context& context, const Entry& entry, Draft& out) {
    for (const auto& record : read_records(context, entry, header)) {
        Written pooler;
        pooler.out.place = record.place;
        read_table(context, *record.table, record.place, header, fields, pooler);
        if (pooler.out.kind_place) warn_of_idle_keys(context, *record.table, pooler.out.kind);
        warn_of_least(context, pooler.out.min_pool_size, "default_pool_size", *pooler.out.default_pool_size);
        if (pooler.has_aliases) check_aliases(context, pooler);

        const auto first = out.poolers.size();
        if (first + std::max<std::size_t>(1, pooler.aliases.size()) > static_cast<std::size_t>(max_records)) {
            context.out.error(record.place, fmt::format("more than {} poolers and aliases", max_records),
                              "split the inventory");
            return;
        }
        if (!pooler.has_aliases) out.poolers.push_back({pooler.out, pooler.database});
        for (const auto& alias : pooler.aliases) {
            out.poolers.push_back(expand(pooler, alias, static_cast<Index>(first)));
            const auto& made = out.poolers.back().out;
            if (alias.min_pool_size)
                warn_of_least(context, made.min_pool_size, alias.pool_size ? "pool_size" : "default_pool_size",
                              *made.default_pool_size);
        }
        out.processes.push_back({{pooler.out.name}, pooler.has_aliases, first, out.poolers.size() - first});
    }
}

void read_hosts(Context& context, const Entry& entry, Draft& out) {
    for (const auto& record : read_records(context, entry, host_header)) {
        auto& draft = out.hosts.emplace_back();
        draft.out.place = record.place;
        read_table(context, *record.table, record.place, host_header, host_fields, draft);
        if (find(*record.table, "class") == nullptr && find(*record.table, "vcpus") == nullptr)
            context.out.error(record.place, "a host needs class or vcpus", context.assign("vcpus", "2"));
    }
}

}  // namespace poolfit::load

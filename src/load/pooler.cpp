// [[pooler]] and [[host]].
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

using Row = Field<PoolerDraft>;
constexpr std::array fields{
    Row{"name", R"("bouncer")", true, [](C& c, const E& e, PoolerDraft& p) { set(p.out.name, name(c, e)); }},
    Row{"kind", R"("pgbouncer")", true,
        [](C& c, const E& e, PoolerDraft& p) {
            const auto kinds = platform::pooler_kinds();
            std::vector<std::string_view> words;
            for (const auto& kind : kinds) words.push_back(kind.word);
            const auto found = one_of(c, e, words);
            if (!found) return;
            p.out.kind = kinds[found->value].kind;
            p.out.kind_place = found->place;
        }},
    Row{"database", R"("primary")", true, [](C& c, const E& e, PoolerDraft& p) { p.database = text(c, e); }},
    Row{"instances", "1", false, [](C& c, const E& e, PoolerDraft& p) { set(p.out.instances, read_instances(c, e)); }},
    Row{"mode", R"("transaction")", false,
        [](C& c, const E& e, PoolerDraft& p) {
            const auto found = one_of(c, e, {"session", "transaction", "statement"});
            if (!found) return;
            constexpr Pooler::Mode modes[] = {Pooler::Mode::session, Pooler::Mode::transaction,
                                              Pooler::Mode::statement};
            p.out.mode = modes[found->value];
            p.out.mode_place = found->place;
        }},
    Row{"default_pool_size", "20", false,
        [](C& c, const E& e, PoolerDraft& p) { set(p.out.default_pool_size, whole(c, e, connections)); }},
    Row{"reserve_pool_size", "5", false,
        [](C& c, const E& e, PoolerDraft& p) {
            set(p.out.reserve_pool_size, whole(c, e, {0, max_pool}));
        }},
    Row{"max_client_conn", "100", false,
        [](C& c, const E& e, PoolerDraft& p) { set(p.out.max_client_conn, whole(c, e, connections)); }},
    Row{"pairs", "1", false,
        [](C& c, const E& e, PoolerDraft& p) {
            set(p.out.pairs, whole(c, e, {1, 10'000}));
        }},
    Row{"max_db_connections", "50", false,
        [](C& c, const E& e, PoolerDraft& p) {
            p.out.max_db_connections = whole(c, e, {0, max_pool});
        }},
    Row{"max_connections_percent", R"("90%")", false,
        [](C& c, const E& e, PoolerDraft& p) { p.out.max_connections_percent = quantity(c, e, positive_shares); }},
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

/// Keys of the other kind of pooler are no error, but they do nothing.
void warn_of_idle_keys(Context& context, const Table& table, Pooler::Kind kind) {
    for (const auto& member : table.members) {
        const auto& key = member.key;
        const bool proxy_only = key == "max_connections_percent";
        const bool bouncer_only = key == "mode" || key == "default_pool_size" || key == "reserve_pool_size" ||
                                  key == "max_client_conn" || key == "pairs" || key == "max_db_connections";
        if (kind == Pooler::Kind::pgbouncer ? proxy_only : bouncer_only)
            context.out.warning(member.key_place,
                                fmt::format("{} does nothing for {}", key, platform::pooler_kind(kind).word),
                                "remove it");
    }
}

}  // namespace

std::vector<std::string_view> pooler_keys() { return keys_of(fields); }
std::vector<std::string_view> host_keys() { return keys_of(host_fields); }

void read_poolers(Context& context, const Entry& entry, Draft& out) {
    for (const auto& record : read_records(context, entry, header)) {
        auto& draft = out.poolers.emplace_back();
        draft.out.place = record.place;
        read_table(context, *record.table, record.place, header, fields, draft);
        if (draft.out.kind_place) warn_of_idle_keys(context, *record.table, draft.out.kind);
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

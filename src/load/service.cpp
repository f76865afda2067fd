// [[service]] and [service.vars].
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>

#include "parts.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view header = "[[service]]";
constexpr std::size_t max_vars = 1000;

bool is_identifier(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
    if (text.empty() || text.size() > 64 || !letter(text[0])) return false;
    return std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

void read_each_var(C& c, const E& e, ServiceDraft& s) {
    const auto* table = read_single(c, e, "[service.vars]");
    if (table == nullptr) return;
    if (table->members.size() > max_vars) {
        c.out.error(e.value().place,
                    fmt::format("vars: too many ({}), at most {} allowed", table->members.size(), max_vars),
                    "keep the ones the formulas use");
        return;
    }
    for (const auto& member : table->members) {
        constexpr std::string_view functions[] = {"min", "max", "ceil", "floor", "round"};
        if (!is_identifier(member.key)) {
            c.out.error(member.key_place, fmt::format("vars: {} can't be used in a formula", quote(member.key)),
                        "write a name of letters, digits and _, such as BATCH_SIZE");
            continue;
        }
        if (std::ranges::find(model::built_in_variables, member.key) != std::end(model::built_in_variables)) {
            c.out.error(member.key_place, fmt::format("vars: {} is set by poolfit", member.key), "write another name")
                .notes.emplace_back("built in", "TOTAL_VCPUS, TOTAL_CORES, DB_VCPUS, INSTANCES, PROCESSES");
            continue;
        }
        if (std::ranges::find(functions, member.key) != std::end(functions)) {
            c.out.error(member.key_place, fmt::format("vars: {} is a formula function", member.key),
                        "write another name");
            continue;
        }
        if (const auto found = number(c, {member, "6"}, {-1e12, 1e12})) s.out.vars.emplace_back(member.key, *found);
    }
}

void read_vars(C& c, const E& e, ServiceDraft& s) {
    const auto before = c.out.error_count();
    read_each_var(c, e, s);
    s.formulas_hold = c.out.error_count() == before;
}

void read_surge(C& c, const E& e, ServiceDraft& s) {
    const auto& value = e.value();
    if (const auto* real = value.as<double>(); real != nullptr && *real > 0 && *real < 1) {
        // 0.25 of an instance makes no sense; only the user knows whether 25 % was meant.
        c.out.error(value.place, fmt::format("max_surge: {} is not a whole number of instances", *real),
                    c.assign("max_surge", fmt::format("\"{:g}%\"", *real * 100)));
        return;
    }
    if (value.as<std::string>() != nullptr) {
        const auto& text = *value.as<std::string>();
        if (text.find('%') == text.npos) {
            expected(c, e, value, "a share or a whole number");
            return;
        }
        if (const auto found = quantity(c, e, shares)) s.out.max_surge = {Surge(found->value), found->place};
        return;
    }
    if (const auto found = whole(c, e, {0, max_instances})) s.out.max_surge = {Surge(found->value), found->place};
}

/// What platforms, languages and servers call the way their processes use a pool.
constexpr Synonym other_runtimes[] = {
    {"lambda", "serverless"},
    {"aws-lambda", "serverless"},
    {"faas", "serverless"},
    {"functions", "serverless"},
    {"cloud-functions", "serverless"},
    {"node", "event-loop"},
    {"nodejs", "event-loop"},
    {"async", "event-loop"},
    {"asyncio", "event-loop"},
    {"jvm", "threads"},
    {"java", "threads"},
    {"go", "threads"},
    {"thread", "threads"},
    {"fork", "processes"},
    {"prefork", "processes"},
    {"process", "processes"},
    {"php-fpm", "processes"},
    {"gunicorn", "processes"},
};

/// What platforms and teams call their kinds of service.
constexpr std::string_view serverless = "runtime = \"serverless\"";
constexpr Synonym other_kinds[] = {
    {"lambda", "server", serverless},
    {"function", "server", serverless},
    {"serverless", "server", serverless},
    {"faas", "server", serverless},
    {"cron", "job"},
    {"cronjob", "job"},
    {"batch", "job"},
    {"scheduled", "job"},
    {"scheduler", "job"},
    {"task", "job"},
    {"periodic", "job"},
    {"migration", "job"},
    {"one-off", "job"},
    {"worker", "server"},
    {"web", "server"},
    {"api", "server"},
    {"http", "server"},
    {"service", "server"},
    {"app", "server"},
    {"daemon", "server"},
    {"queue", "server"},
    {"consumer", "server"},
    {"background", "server"},
    {"pipeline", "ci"},
    {"build", "ci"},
    {"test", "ci"},
    {"runner", "ci"},
    {"notify", "listener"},
    {"listen", "listener"},
    {"subscriber", "listener"},
};

using Row = Field<ServiceDraft>;
constexpr std::array fields{
    Row{"name", R"("api")", true, [](C& c, const E& e, ServiceDraft& s) { set(s.out.name, name(c, e)); }},
    Row{"kind", R"("server")", false,
        [](C& c, const E& e, ServiceDraft& s) {
            const auto found = one_of(c, e, {"server", "ci", "job", "listener"}, other_kinds);
            if (!found) return;
            constexpr ServiceKind kinds[] = {ServiceKind::server, ServiceKind::ci, ServiceKind::job,
                                             ServiceKind::listener};
            s.out.kind = kinds[found->value];
            s.out.kind_place = found->place;
        }},
    Row{"host", R"("app")", false, [](C& c, const E& e, ServiceDraft& s) { s.host = text(c, e); }},
    Row{"runtime", R"("event-loop")", false,
        [](C& c, const E& e, ServiceDraft& s) {
            const auto found = one_of(c, e, {"event-loop", "threads", "processes", "serverless"}, other_runtimes);
            if (!found) return;
            constexpr Runtime runtimes[] = {Runtime::event_loop, Runtime::threads, Runtime::processes,
                                            Runtime::serverless};
            s.out.runtime = runtimes[found->value];
            s.out.runtime_place = found->place;
        }},
    Row{"instances", "4", false, [](C& c, const E& e, ServiceDraft& s) { set(s.out.instances, read_instances(c, e)); }},
    Row{"processes", "1", false,
        [](C& c, const E& e, ServiceDraft& s) {
            set(s.out.processes, whole(c, e, {1, max_processes}));
        }},
    Row{"threads", "5", false,
        [](C& c, const E& e, ServiceDraft& s) {
            s.out.threads = whole(c, e, {1, max_threads});
        }},
    Row{"rate", R"("600/s")", false,
        [](C& c, const E& e, ServiceDraft& s) {
            s.has_rate = true;
            s.out.rate = range(c, e, rates);
        }},
    Row{"deploy", R"("rolling")", false,
        [](C& c, const E& e, ServiceDraft& s) {
            const auto found = one_of(c, e, {"recreate", "rolling", "blue-green", "cut-over"});
            if (!found) return;
            constexpr Deploy deploys[] = {Deploy::recreate, Deploy::rolling, Deploy::blue_green, Deploy::cut_over};
            s.out.deploy = deploys[found->value];
            s.out.deploy_place = found->place;
        }},
    Row{"connector", R"("cloud-sql")", false,
        [](C& c, const E& e, ServiceDraft& s) {
            const auto words = platform::connectors();
            const auto found = one_of(c, e, words);
            if (found) s.out.connector = Located<std::string>{std::string(words[found->value]), found->place};
        }},
    Row{"max_surge", R"("25%")", false, read_surge},
    Row{"merged_max", R"("TOTAL_VCPUS + 5")", false,
        [](C& c, const E& e, ServiceDraft& s) { s.out.merged_max = read_size(c, e); }},
    Row{"vars", "{}", false, read_vars},
    Row{"pool", "[]", false, [](C&, const E&, ServiceDraft&) {}},  // read with the inventory, which counts them
};

/// `threads` implies the runtime; other runtimes have no threads that hold connections.
void check_threads(Context& context, Service& service) {
    if (!service.threads) return;
    switch (service.runtime) {
        case Runtime::unstated:
            service.runtime = Runtime::threads;
            return;
        case Runtime::threads:
            return;
        case Runtime::processes:
        case Runtime::serverless:
            if (**service.threads == 1) return;
            break;
        case Runtime::event_loop:
            break;
    }
    const bool loop = service.runtime == Runtime::event_loop;
    context.note(context.out.error(service.threads->place,
                                   loop ? "threads: an event loop serves its requests without them"
                                        : "threads: this runtime serves one request at a time",
                                   context.assign("runtime", "\"threads\"") + ", or remove threads"),
                 "runtime", service.runtime_place);
}

/// Whether or not its pools say so. It does nothing else, so that no connection of it can be one of a pooler's.
void listens(Pool& pool, const Place& kind) {
    for (const std::string_view needed : {"listen", "session"}) {
        const auto same = [&](const Located<std::string>& feature) { return *feature == needed; };
        if (std::ranges::none_of(pool.features, same)) pool.features.push_back({std::string(needed), kind});
    }
    if (!pool.features_place) pool.features_place = kind;
}

void read_service(Context& context, const Record& record, Draft& out) {
    auto& draft = out.services.emplace_back();
    draft.out.place = record.place;
    read_table(context, *record.table, record.place, header, fields, draft);
    check_threads(context, draft.out);
    const auto* surge = &draft.out.max_surge.place;
    const bool comes_and_goes = draft.out.kind == ServiceKind::ci || draft.out.kind == ServiceKind::job;
    if (comes_and_goes && !draft.out.deploy_place && !*surge) draft.out.deploy = Deploy::recreate;
    if (*surge && draft.out.deploy_place && draft.out.deploy != Deploy::rolling)
        context.note(context.out.warning(*surge, "max_surge has no effect without deploy = \"rolling\"", "remove it"),
                     "deploy", draft.out.deploy_place);
    for (const auto& member : record.table->members)
        if (member.key == "pool") read_pools(context, {member, "[]"}, out, draft);
    if (draft.out.kind == ServiceKind::listener)
        for (PoolDraft& pool : draft.pools) listens(pool.out, draft.out.kind_place);
    const auto takes_rate = [](const PoolDraft& pool) {
        return pool.out.workload && pool.out.workload->rate_of_service;
    };
    if (draft.out.rate && std::ranges::none_of(draft.pools, takes_rate))
        context.out.warning(draft.out.rate->place, "rate: no pool of this service takes it",
                            "give its pools a workload without a rate: " + context.assign("hold", "\"20 ms\""));
}

}  // namespace

KeyTable service_keys() {
    return {header, keys_of(fields), [](Context& context, const Member& member) {
                Draft all;
                ServiceDraft draft;
                draft.has_rate = true;  // the service that it changes may have one
                read_key(context, member, fields, draft);
                if (member.key == "pool") read_pools(context, {member, "[]"}, all, draft);
            }};
}

void read_services(Context& context, const Entry& entry, Draft& out) {
    const auto records = read_records(context, entry, header);
    if (read_in_parts(context, records, &Draft::services, read_service, out)) return;
    for (const auto& record : records) read_service(context, record, out);
}

}  // namespace poolfit::load

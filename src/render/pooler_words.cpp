#include "pooler_words.hpp"

#include <vector>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "layout.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_named = 4;

std::string broken_text(const Fleet& fleet, const Broken& broken) {
    const std::string who = pool_key(fleet, broken.pool);
    switch (broken.need->kind) {
        case SessionNeed::Kind::prepared:
            return fmt::format("prepared statements of {} (unless {} tracks them)", who, keeps_prepared_text());
        case SessionNeed::Kind::listen:
            return fmt::format("LISTEN of {}", who);
        case SessionNeed::Kind::session:
            return fmt::format("session state of {}", who);
        case SessionNeed::Kind::driver:
            break;
    }
    const DriverDefault& driver = *fleet.pools[broken.pool].driver_default;
    if (driver.transaction_pooling.empty())
        return fmt::format("{} in {}: it {} ({})", driver.name, who, driver.session_use, driver.session_setting);
    return fmt::format("{} in {} ({})", driver.name, who, driver.transaction_pooling);
}

}  // namespace

std::string keeps_prepared_text() {
    const PoolerKind& kind = platform::pooler_kind(Pooler::Kind::pgbouncer);
    return fmt::format("{} {}+", kind.name, kind.keeps_prepared);
}

std::string pooler_settings(const Report& report, Index index, bool mode, std::int64_t size) {
    const Pooler& pooler = report.fleet->poolers[index];
    std::vector<std::string> texts;
    if (mode) texts.emplace_back("pool_mode session → transaction");
    if (size > 0 && pooler.kind == Pooler::Kind::proxy) {
        const auto& now = pooler.max_connections_percent;
        texts.push_back(fmt::format("max_connections_percent {} → {} %", unit::print(now ? **now : Fraction(1)), size));
    } else if (size > 0) {
        const std::int64_t now = *pooler.default_pool_size, stop = model::db_connections_with(pooler, size);
        if (size != now)
            texts.push_back(fmt::format("{} {} → {}", model::size_key(pooler), unit::print(Connections(now)),
                                        unit::print(Connections(size))));
        const auto& most = pooler.max_db_connections;
        if (most && **most != stop)
            texts.push_back(fmt::format("max_db_connections {} → {}", unit::print(Connections(**most)),
                                        unit::print(Connections(stop))));
    }
    return joined(texts, ", ");
}

std::string client_setting(const Report& report, Index index) {
    const auto& clients = report.plan.poolers[index].clients;
    if (!clients || !clients->enough) return {};
    const Pooler& pooler = report.fleet->poolers[index];
    return fmt::format("{} max_client_conn {} → {}", model::process_name(pooler),
                       unit::print(Connections(*pooler.max_client_conn)),
                       unit::print(Connections(clients->enough->value)));
}

std::string client_change(const Report& report, Index index) {
    const std::string setting = client_setting(report, index);
    if (setting.empty()) return {};
    return fmt::format("{} ({} clients in a deploy, plus headroom)", setting,
                       unit::print(report.plan.poolers[index].clients->most.value));
}

std::string pooler_size(const Fleet& fleet, Index index, std::int64_t size) {
    const Pooler& pooler = fleet.poolers[index];
    if (pooler.kind == Pooler::Kind::proxy)
        return fmt::format("max_connections_percent of {} to {} %", *pooler.name, size);
    std::string text = fmt::format("{} of {} to {}", model::size_key(pooler), *pooler.name, size);
    const std::int64_t stop = model::db_connections_with(pooler, size);
    if (pooler.max_db_connections && **pooler.max_db_connections != stop)
        text += fmt::format(" and its max_db_connections to {}", stop);
    return text;
}

std::string pooler_basis(const PoolerPlan& plan) {
    if (!plan.size) return "assumes no more are busy at once than it opens: not measured";
    switch (plan.basis) {
        case PoolerPlan::Basis::limit:
            if (plan.used && plan.used->measured())
                return fmt::format("all that its server's limit allows; its clients' combined peaks need {}",
                                   unit::print(plan.used->enough.value));
            if (plan.load && plan.load->smallest && plan.load->silent.empty())
                return fmt::format("all that its server's limit allows; its clients' load needs {}",
                                   unit::print(*plan.load->smallest));
            return "all that its server's limit allows: not measured";
        case PoolerPlan::Basis::use:
            return "all its clients' peaks";
        case PoolerPlan::Basis::kept:
            return "at least the connections of today, on a class with more: not measured";
        case PoolerPlan::Basis::clients:
            return "one connection per client, even in a deploy";
        case PoolerPlan::Basis::load:
            break;
    }
    if (plan.load && !plan.load->smallest) return "enough for its clients' combined load";
    const std::string_view pinned = plan.load && plan.load->pinned_after.value > 0 ? ", plus pinned sessions" : "";
    if (plan.load && plan.load->by_nesting)
        return fmt::format("enough that its clients' nested checkouts cannot lock up{}", pinned);
    return fmt::format("its clients' combined load{}", pinned);
}

std::string need_text(const Report& report, Index pooler) {
    const PoolerPlan& plan = report.plan.poolers[pooler];
    if (!plan.in_need || !plan.pinned) return {};
    const auto print = [](const Interval<Connections>& range) {
        return range.low == range.high ? unit::print(range.high)
                                       : fmt::format("{}–{}", unit::print(range.low), unit::print(range.high));
    };
    return fmt::format("needs {} server connections today: {}", print(plan.in_need->value),
                       plan.pinned->value.high.value > 0
                           ? fmt::format("{} pinned, and as many as other clients have busy", print(plan.pinned->value))
                           : std::string("as many as its clients have busy"));
}

std::string breaks_text(const Report& report, Index pooler) {
    std::vector<std::string> texts, unknown;
    for (const Broken& broken : report.plan.poolers[pooler].breaks) {
        if (broken.need)
            texts.push_back(broken_text(*report.fleet, broken));
        else
            unknown.push_back(pool_key(*report.fleet, broken.pool));
    }
    if (unknown.size() > most_named) {
        const std::string more = fmt::format("{} more", unknown.size() - most_named);
        unknown.resize(most_named);
        unknown.push_back(more);
    }
    if (!unknown.empty())
        texts.push_back(fmt::format("session features that {} may use (unknown)", joined(unknown, ", ")));
    return texts.empty() ? std::string() : fmt::format("breaks {}", joined(texts, "; "));
}

std::string and_breaks(const Report& report, Index pooler) {
    const std::string text = breaks_text(report, pooler);
    return text.empty() ? text : "; " + text;
}

}  // namespace poolfit::render

// What changes with max_connections: poolers whose server side is a share of it, and the sums that they are in.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/assess/budget.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::assess {
namespace {

class OnServer {
public:
    OnServer(const Fleet& fleet, DatabaseDemand& demand, const Limits& limits, Index database, const InstanceClass* cls,
             Phase phase, Recorder r)
        : fleet_(fleet), demand_(demand), limits_(limits), database_(database), cls_(cls), phase_(phase), r_(r) {}

    void change() {
        std::vector<Term> steady, deploy;                            // what poolers have more than before
        std::vector<std::vector<Term>> one(demand_.deploys.size());  // while one service is deployed
        for (ShareOfServer& share : demand_.shares) {
            const auto more = then(share, share.server, share.clients, {Name::server_connections, {}});
            if (more) steady.push_back(*more);
            if (demand_.deploys.empty()) {
                const Figured name{Name::server_connections_deploy, {}};
                if (const auto its = then(share, share.server_deploy, share.clients_deploy, name))
                    deploy.push_back(*its);
                continue;
            }
            share.server_deploy = share.server;
            for (std::size_t i = 0; i < one.size(); ++i)
                if (const auto its = in_deploy(share, demand_.deploys[i].service, more)) one[i].push_back(*its);
        }
        add(demand_.allocated, Name::connections_allocated, steady);
        add(demand_.services, Name::connections_services, steady);
        add(demand_.allocated_at_least, Name::connections_allocated_at_least, steady);
        add(demand_.failover_peak, Name::connections_failover_peak, steady);
        for (std::size_t i = 0; i < one.size(); ++i)
            demand_.deploys[i].connections =
                with(demand_.deploys[i].connections, deploy_of(demand_.deploys[i].service), one[i]);
        add_deploys(deploy);
        change_losses(steady);
    }

private:
    /// A name, and the service that is deployed alone.
    struct Figured {
        Name name;
        std::string_view detail;
    };

    std::string_view name_of(Index service) const { return *fleet_.services[service].name; }
    Key key_of(Subject::Kind kind, Index index, const Figured& of) const {
        return {{kind, index}, of.name, phase_, cls_, of.detail};
    }
    Key deploy_of(Index service) const {
        return key_of(Subject::Kind::database, database_, {Name::connections_deploy_of, name_of(service)});
    }

    /// Gives the pooler's connections on the server; what they are more than before, where they change.
    std::optional<Term> then(const ShareOfServer& share, Figure<Connections>& server,
                             const std::optional<Figure<Connections>>& clients, const Figured& name) {
        const auto today = static_cast<double>(server.value.value);
        Term most = floor(r_(share.share) * r_(limits_.max_planned));
        if (clients) most = least(r_(*clients), most);
        if (share.keeps && most.value.high > today) {
            const InstanceClass& cls = cls_ != nullptr ? *cls_ : *fleet_.databases[database_].type;
            const Term percent = share_term(least_kept(share, cls), *share.keeps, limits_.max_planned, r_);
            most = least(most, floor(percent * r_(limits_.max_planned) / r_.literal(100)));
        }
        if (most.value.high == today) return std::nullopt;
        const Figure<Connections> before = server;
        server = r_.keep<Connections>(key_of(Subject::Kind::pooler, share.pooler, name), most);
        return r_(server) - r_(before);
    }

    /// While the service is deployed: `more` in the steady state, where none of its pools connects to this pooler.
    std::optional<Term> in_deploy(ShareOfServer& share, Index service, const std::optional<Term>& more) {
        const auto own = std::ranges::find(share.deploys, service,
                                           [](const ShareOfServer::Deploy& each) { return each.server.service; });
        if (own == share.deploys.end()) return more;
        Figure<Connections>& server = own->server.connections;
        auto result = then(share, server, own->clients, {Name::server_connections_deploy_of, name_of(service)});
        if (server.value > share.server_deploy.value) share.server_deploy = server;
        return result;
    }

    Figure<Connections> with(const Figure<Connections>& before, const Key& key, const std::vector<Term>& more) const {
        if (more.empty()) return before;
        std::vector<Term> parts{r_(before)};
        parts.insert(parts.end(), more.begin(), more.end());
        return r_.keep<Connections>(key, sum(parts, r_.figures()));
    }
    void add(std::optional<Figure<Connections>>& figure, Name name, const std::vector<Term>& more) const {
        if (figure) figure = with(*figure, key_of(Subject::Kind::database, database_, {name, {}}), more);
    }

    void add_deploys(const std::vector<Term>& more) {
        if (demand_.deploys.empty()) {
            add(demand_.deploy_peak, Name::connections_deploy_peak, more);
            add(demand_.deploy_at_least, Name::connections_deploy_at_least, more);
            return;
        }
        const OneDeploy& of = worst_deploy(demand_.deploys);
        const Figure<Connections> worst = of.connections;
        const auto set = [&](std::optional<Figure<Connections>>& figure, Name name) {
            if (!figure || figure->value == worst.value) return;
            const Key key = key_of(Subject::Kind::database, database_, {name, {}});
            figure = r_.keep<Connections>(key, r_(worst), {Note::worst_deploy, *fleet_.services[of.service].name});
        };
        set(demand_.deploy_peak, Name::connections_deploy_peak);
        set(demand_.deploy_at_least, Name::connections_deploy_at_least);
    }

    void change_losses(const std::vector<Term>& steady) {
        const Connections more(steady.empty() ? 0 : static_cast<std::int64_t>(sum(steady, nullptr).value.high));
        if (demand_.failover) demand_.failover->peak = demand_.failover->peak + more;
        for (FailoverCase& loss : demand_.losses) {
            if (r_.on() && loss.figure && more.value != 0) {
                Key key = (*r_.figures())[loss.figure].key;
                key.phase = phase_;
                key.cls = cls_;
                loss.figure = with(Figure<Connections>{loss.peak, loss.figure}, key, steady).id;
            }
            loss.peak = loss.peak + more;
        }
    }

    const Fleet& fleet_;
    DatabaseDemand& demand_;
    const Limits& limits_;
    Index database_;
    const InstanceClass* cls_;
    Phase phase_;
    Recorder r_;
};

}  // namespace

std::int64_t least_kept(const ShareOfServer& share, const InstanceClass& cls) {
    const auto own = static_cast<std::int64_t>(std::floor(share.share.value.value * 100 + hair));
    return std::min(platform::least_share(Pooler::Kind::proxy, cls), own);
}

Term share_term(std::int64_t least, const Figure<Connections>& keeps, const Figure<Connections>& most, Recorder r) {
    const Term percent = ceil(r(keeps) * r.literal(100) / r(most));
    if (percent.value.high >= static_cast<double>(least)) return percent;
    return r(Figure<std::int64_t>{least, r.constant(constant_key(Name::least_share), measured(least),
                                                    platform::pooler_kind(Pooler::Kind::proxy).share->source)});
}

DatabaseDemand demand_at(const Fleet& fleet, const DatabaseDemand& demand, const Limits& limits, Index database,
                         const InstanceClass* cls, Phase phase, Recorder r) {
    if (demand.shares.empty()) return demand;
    DatabaseDemand result = demand;
    OnServer(fleet, result, limits, database, cls, phase, r).change();
    return result;
}

}  // namespace poolfit::assess

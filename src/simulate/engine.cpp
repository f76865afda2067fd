#include "engine.hpp"

#include <algorithm>
#include <limits>

namespace poolfit::simulate {

namespace {

// The streams of a source, in this order.
constexpr std::array<Purpose, 6> purposes{Purpose::arrival, Purpose::cpu,    Purpose::external,
                                          Purpose::rest,    Purpose::nested, Purpose::nested_hold};

/// Until a client knows that it was refused: a round trip, so that a client that retries at once does not loop forever.
constexpr double refused_after = 0.001;

std::size_t stream_of(Purpose purpose) {
    return static_cast<std::size_t>(std::ranges::find(purposes, purpose) - purposes.begin());
}

}  // namespace

Replication::Replication(const Prepared& prepared, std::uint64_t seed, int number, std::size_t most_waiting)
    : prepared_(prepared),
      stations_(prepared.first_pooler + prepared.model.poolers.size()),
      gates_(prepared.gates),
      extra_(prepared.services.size(), 0),
      present_(prepared.services.size(), 0),
      capacity_since_(prepared.services.size(), 0),
      services_(prepared.services.size()),
      deadlocks_(prepared.services.size(), never),
      pooler_waits_(prepared.model.poolers.size()),
      pooler_timeouts_(prepared.model.poolers.size(), 0) {
    const SystemModel& m = prepared.model;
    for (std::size_t i = 0; i < m.databases.size(); ++i) {
        databases_.emplace_back(m.databases[i].vcpus);
        databases_.back().route = static_cast<Id>(i);
    }
    for (std::size_t i = 0; i < m.services.size(); ++i) {
        const ServiceModel& s = m.services[i];
        const Prepared::Service& p = prepared.services[i];
        scales_.emplace_back(prepared.unit(i));
        const double connections = static_cast<double>(p.processes) * s.connections;
        most_present_.push_back(most_waiting == 0 ? std::numeric_limits<std::size_t>::max()
                                                  : most_waiting + 20 * p.processes +
                                                        static_cast<std::size_t>(std::min(4000.0, connections)));
        for (std::uint32_t k = 0; k < p.processes + p.extra_processes; ++k) {
            stations_[p.first_process + k].size = s.connections;
            stations_[p.first_process + k].timeout = s.acquire_timeout;
        }
        const std::uint32_t count =
            s.users > 0 ? p.processes * static_cast<std::uint32_t>(s.users) : p.processes + p.extra_processes;
        for (std::uint32_t k = 0; k < count; ++k) {
            const auto stream = [&](Purpose purpose) {
                return Generator(seed, purpose, (static_cast<std::uint64_t>(i) << 32) + k,
                                 static_cast<std::uint64_t>(number));
            };
            sources_.push_back({static_cast<Id>(i),
                                k,
                                {stream(purposes[0]), stream(purposes[1]), stream(purposes[2]), stream(purposes[3]),
                                 stream(purposes[4]), stream(purposes[5])}});
            if (s.users > 0 || k < p.processes) plan_next(static_cast<Id>(sources_.size() - 1));
        }
    }
    for (std::size_t i = 0; i < m.poolers.size(); ++i) {
        stations_[prepared.first_pooler + i].size = m.poolers[i].connections;
        stations_[prepared.first_pooler + i].timeout = m.poolers[i].wait_timeout;
        scales_.emplace_back(prepared.pooler_unit[i]);
    }
    for (std::size_t i = 0; i < m.surges.size(); ++i) {
        events_.plan(m.surges[i].start, EventKind::surge_start, static_cast<Id>(i));
        events_.plan(m.surges[i].end, EventKind::surge_end, static_cast<Id>(i));
    }
    for (std::size_t i = 0; i < m.failovers.size(); ++i)
        events_.plan(m.failovers[i].at, EventKind::failover, static_cast<Id>(i));
}

double Replication::draw(Source& s, Purpose purpose, const Sampler& sampler) {
    return sampler.draw(s.streams[stream_of(purpose)]);
}

std::uint32_t Replication::live(Id service) const { return prepared_.services[service].processes + extra_[service]; }

void Replication::plan_next(Id source) {
    Source& s = sources_[source];
    const Prepared::Service& p = prepared_.services[s.service];
    double gap = draw(s, Purpose::arrival, p.gap);
    if (prepared_.model.services[s.service].users == 0) gap *= static_cast<double>(live(s.service)) / p.processes;
    events_.plan(now_ + gap, EventKind::arrival, source);
    s.planned = true;
}

void Replication::arrive(Id source) {
    Source& s = sources_[source];
    const ServiceModel& m = prepared_.model.services[s.service];
    const Prepared::Service& p = prepared_.services[s.service];
    const bool open = m.users == 0;
    s.planned = false;
    if (open && s.number >= live(s.service)) return;  // its instance is gone
    if (open) plan_next(source);
    if (open && present_[s.service] >= most_present_[s.service]) {
        ++services_[s.service].turned_away;
        return;
    }
    ++present_[s.service];
    Id id = static_cast<Id>(transactions_.size());
    if (unused_.empty()) {
        transactions_.emplace_back();
    } else {
        id = unused_.back();
        unused_.pop_back();
    }
    Transaction& t = transactions_[id];
    const Id generation = t.generation;
    t = Transaction{};
    t.generation = generation;
    t.source = source;
    t.process = p.first_process + s.number % live(s.service);
    if (m.one_draw) {
        const double u = s.streams[stream_of(Purpose::rest)].uniform();
        t.cpu = m.cpu_apart ? draw(s, Purpose::cpu, p.cpu) : p.cpu.at(u);
        t.delay = p.external.at(u) + p.rest.at(u);
    } else {
        t.cpu = draw(s, Purpose::cpu, p.cpu);
        t.delay = draw(s, Purpose::external, p.external) + draw(s, Purpose::rest, p.rest);
    }
    const double chance = s.streams[stream_of(Purpose::nested)].uniform();
    t.nested_left = chance < m.nested_share ? m.nested : 0;
    const std::uint32_t gate = gate_of(t);
    if (gate != Prepared::no_gate && gates_[gate].admitted >= m.at_a_time)
        gates_[gate].before_it.push_back(id);
    else
        admit(id);
}

void Replication::count_until_now(Station& s) {
    s.area += s.busy * (now_ - s.last);
    s.last = now_;
}

void Replication::count_until_now(Database& d) {
    d.area += d.active * (now_ - d.last);
    d.last = now_;
}

void Replication::set_active(Database& d, int change) {
    count_until_now(d);
    d.active += change;
    d.most = std::max(d.most, d.active);
}

void Replication::ask(Id id, Id station) {
    Station& s = stations_[station];
    transactions_[id].since = now_;
    if (s.busy < s.size && s.head == none) {
        grant(id, station);
    } else {
        enqueue(id, station);
    }
}

void Replication::grant(Id id, Id station) {
    Station& s = stations_[station];
    Transaction& t = transactions_[id];
    count_until_now(s);
    ++s.busy;
    const double wait = now_ - t.since;
    if (station >= prepared_.first_pooler) {
        ++t.servers;
        const std::size_t pooler = station - prepared_.first_pooler;
        pooler_waits_[pooler].add(scales_[services_.size() + pooler], wait);
        start(id);
        return;
    }
    ++t.held;
    const ServiceModel& m = model_of(t);
    if (t.level == 0) count_of(t).grant(scales_[sources_[t.source].service], wait, m.watched_wait, t.cpu + t.delay);
    if (m.through_pooler) {
        ask(id, prepared_.first_pooler + static_cast<Id>(m.target));
    } else {
        start(id);
    }
}

void Replication::give_back(Id station, int connections) {
    Station& s = stations_[station];
    count_until_now(s);
    s.busy -= connections;
    while (s.busy < s.size && s.head != none) {
        const Id next = s.head;
        leave_queue(next);
        grant(next, station);
    }
}

void Replication::start(Id id) {
    Transaction& t = transactions_[id];
    Database& home = databases_[prepared_.database_of(model_of(t))];
    if (home.down) {
        t.state = State::pending;
        home.pending.emplace_back(id, t.generation);
        return;
    }
    t.database = home.route;
    if (home.counts && !connects(id)) {
        t.state = State::refused;
        events_.plan(now_ + refused_after, EventKind::stage_end, id, t.generation);
        return;
    }
    begin(id);
}

/// One connection more of its pool or pooler is needed: an open one that is free, or a new one.
bool Replication::connects(Id id) {
    Transaction& t = transactions_[id];
    const ServiceModel& m = model_of(t);
    Station& s = stations_[m.through_pooler ? prepared_.first_pooler + static_cast<Id>(m.target) : t.process];
    if (s.serving == s.opened) {
        if (room_ == 0) return false;
        --room_;
        ++s.opened;
    }
    ++s.serving;
    ++t.counted;
    return true;
}

void Replication::begin(Id id) {
    Transaction& t = transactions_[id];
    if (!t.begun) {
        t.begun = true;
        set_active(databases_[t.database], 1);
        if (t.cpu > 0) {
            t.state = State::cpu;
            databases_[t.database].cpu.enter(now_, id, t.cpu);
            return;
        }
    }
    Source& s = sources_[t.source];
    const double more =
        t.level == 0 ? t.delay : draw(s, Purpose::nested_hold, prepared_.services[s.service].nested_hold);
    t.state = State::open;
    events_.plan(now_ + more, EventKind::stage_end, id, t.generation);
}

void Replication::stage_end(Id id) {
    Transaction& t = transactions_[id];
    if (t.state == State::refused) {
        ServiceCount& count = count_of(t);
        ++count.failures;
        ++count.refused;
        finish(id);
        return;
    }
    if (t.nested_left > 0) {
        --t.nested_left;
        ++t.level;
        t.state = State::waiting;
        ask(id, t.process);
        return;
    }
    ServiceCount& count = count_of(t);
    ++count.ended;
    count.response += now_ - t.asked_at;
    finish(id);
}

void Replication::finish(Id id) {
    Transaction& t = transactions_[id];
    ++t.generation;
    const Id source = t.source, process = t.process;
    const int held = t.held, servers = t.servers;
    const std::uint32_t gate = gate_of(t);
    const ServiceModel& m = model_of(t);
    if (t.begun) set_active(databases_[t.database], -1);
    if (t.counted > 0)
        stations_[m.through_pooler ? prepared_.first_pooler + static_cast<Id>(m.target) : process].serving -= t.counted;
    --present_[sources_[source].service];
    unused_.push_back(id);
    if (servers > 0) give_back(prepared_.first_pooler + static_cast<Id>(m.target), servers);
    if (held > 0) give_back(process, held);
    if (gate != Prepared::no_gate) {
        Gate& g = gates_[gate];
        --g.admitted;
        if (!g.before_it.empty() && g.admitted < m.at_a_time) {
            const Id next = g.before_it.front();
            g.before_it.pop_front();
            admit(next);
        }
    }
    if (m.users > 0) plan_next(source);
}

void Replication::give_up(Id id, Id station) {
    Transaction& t = transactions_[id];
    ServiceCount& count = count_of(t);
    if (station >= prepared_.first_pooler) {
        const std::size_t pooler = station - prepared_.first_pooler;
        pooler_waits_[pooler].add(scales_[services_.size() + pooler], stations_[station].timeout);
        ++pooler_timeouts_[pooler];
        ++count.failures;
    } else {
        ++count.timeouts;
        if (t.level == 0)
            count.wait.add(scales_[sources_[t.source].service], stations_[station].timeout, model_of(t).watched_wait);
    }
    finish(id);
}

void Replication::handle(const Event& e) {
    switch (e.kind) {
        case EventKind::arrival:
            arrive(e.subject);
            break;
        case EventKind::stage_end:
            if (transactions_[e.subject].generation == e.generation) stage_end(e.subject);
            break;
        case EventKind::timer:
            timer(e.subject);
            break;
        case EventKind::surge_start:
            surge(e.subject, 1);
            break;
        case EventKind::surge_end:
            surge(e.subject, -1);
            break;
        case EventKind::failover:
            failover(e.subject);
            break;
        case EventKind::outage_end:
            outage_end(e.subject);
            break;
    }
}

void Replication::advance(double until) {
    for (;;) {
        Database* next = nullptr;
        double due = until;
        for (Database& d : databases_) {
            if (d.cpu.due() <= due) {
                due = d.cpu.due();
                next = &d;
            }
        }
        if (!events_.empty() && events_.first().time <= due) {
            const Event e = events_.first();
            events_.drop_first();
            now_ = e.time;
            handle(e);
            continue;
        }
        if (next == nullptr) break;
        now_ = due;
        const Id id = next->cpu.take_done();
        transactions_[id].state = State::open;
        events_.plan(now_ + transactions_[id].delay, EventKind::stage_end, id, transactions_[id].generation);
    }
    now_ = until;
    for (Station& s : stations_) count_until_now(s);
    for (Database& d : databases_) {
        count_until_now(d);
        d.cpu.advance(now_);
    }
    for (Id i = 0; i < services_.size(); ++i) {
        services_[i].capacity += live(i) * prepared_.model.services[i].connections * (now_ - capacity_since_[i]);
        capacity_since_[i] = now_;
    }
}

void Replication::forget() {
    since_ = now_;
    for (Station& s : stations_) s.area = 0;
    for (Database& d : databases_) {
        d.area = 0;
        d.most = d.active;
        d.cpu.forget(now_);
    }
    services_.assign(services_.size(), {});
    pooler_waits_.assign(pooler_waits_.size(), {});
    pooler_timeouts_.assign(pooler_timeouts_.size(), 0);
}

void Replication::release() {
    transactions_ = std::vector<Transaction>();
    unused_ = std::vector<Id>();
    sources_ = std::vector<Source>();
    events_ = Events();
    for (Database& d : databases_) d.pending = std::vector<std::pair<Id, Id>>();
}

double Replication::busy(std::size_t service) const {
    const Prepared::Service& p = prepared_.services[service];
    double sum = 0;
    for (std::uint32_t k = 0; k < p.processes + p.extra_processes; ++k) sum += stations_[p.first_process + k].area;
    return sum;
}

}  // namespace poolfit::simulate

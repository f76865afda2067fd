// Waiting: queues, timeouts, deadlocks; and what comes from outside: surges and failovers.
#include "engine.hpp"

namespace poolfit::simulate {

void Replication::admit(Id id) {
    Transaction& t = transactions_[id];
    if (const std::uint32_t gate = gate_of(t); gate != Prepared::no_gate) ++gates_[gate].admitted;
    t.asked_at = now_;
    ask(id, t.process);
}

void Replication::enqueue(Id id, Id station) {
    Station& s = stations_[station];
    Transaction& t = transactions_[id];
    t.state = State::waiting;
    t.station = station;
    t.before = s.tail;
    t.after = none;
    (s.tail == none ? s.head : transactions_[s.tail].after) = id;
    s.tail = id;
    if (!s.timer && s.timeout < never) {
        s.timer = true;
        events_.plan(now_ + s.timeout, EventKind::timer, station);
    }
    const bool pooler = station >= prepared_.first_pooler;
    if (pooler) {
        s.held_here += t.servers;
        stations_[t.process].held_at_pooler += t.held;
    } else {
        s.held_here += t.held;
        s.servers_held += t.servers;
    }
    if (t.level > 0) check_deadlock(station);
}

void Replication::leave_queue(Id id) {
    Transaction& t = transactions_[id];
    const Id station = t.station;
    Station& s = stations_[station];
    (t.before == none ? s.head : transactions_[t.before].after) = t.after;
    (t.after == none ? s.tail : transactions_[t.after].before) = t.before;
    t.station = none;
    if (station >= prepared_.first_pooler) {
        s.held_here -= t.servers;
        stations_[t.process].held_at_pooler -= t.held;
    } else {
        s.held_here -= t.held;
        s.servers_held -= t.servers;
    }
}

// One timer a queue: all in it have the same timeout, so its head gives up first.
void Replication::timer(Id station) {
    stations_[station].timer = false;
    for (;;) {
        const Station& s = stations_[station];
        if (s.head == none || transactions_[s.head].since + s.timeout > now_) break;
        const Id id = s.head;
        leave_queue(id);
        give_up(id, station);
    }
    Station& s = stations_[station];
    if (s.head != none && !s.timer) {
        s.timer = true;
        events_.plan(transactions_[s.head].since + s.timeout, EventKind::timer, station);
    }
}

// A queue is stuck when every connection of its station is held by those that wait in a stuck queue. First all are
// assumed stuck, then those that are not are struck out, until nothing changes.
void Replication::check_deadlock(Id station) {
    const auto service = [&](Id process) { return prepared_.service_of[process]; };
    const auto dies = [&](Id process) {
        stations_[process].dead = true;
        deadlocks_[service(process)] = std::min(deadlocks_[service(process)], now_);
    };
    if (station < prepared_.first_pooler) {
        const Station& s = stations_[station];
        if (s.dead && s.timeout == never) return;
        if (s.held_here == s.size) return dies(station);
        if (!prepared_.model.services[service(station)].through_pooler) return;
        station = prepared_.first_pooler + static_cast<Id>(prepared_.model.services[service(station)].target);
    }
    const std::size_t pooler = station - prepared_.first_pooler;
    std::vector<Id> stuck;
    for (Id p = 0; p < prepared_.first_pooler; ++p) {
        const ServiceModel& m = prepared_.model.services[service(p)];
        if (m.through_pooler && m.target == pooler) stuck.push_back(p);
    }
    bool pooler_stuck = true;
    for (bool changed = true; changed;) {
        const std::size_t before = stuck.size();
        std::erase_if(stuck, [&](Id p) {
            const Station& s = stations_[p];
            return s.held_here + (pooler_stuck ? s.held_at_pooler : 0) < s.size;
        });
        int held = stations_[station].held_here;
        for (Id p : stuck) held += stations_[p].servers_held;
        changed = stuck.size() != before || (pooler_stuck && held < stations_[station].size);
        pooler_stuck = pooler_stuck && held == stations_[station].size;
    }
    for (Id p : stuck) dies(p);
    if (!pooler_stuck) return;
    for (Id p = 0; p < prepared_.first_pooler; ++p) {  // whoever needs the pooler
        const ServiceModel& m = prepared_.model.services[service(p)];
        if (m.through_pooler && m.target == pooler) dies(p);
    }
}

void Replication::surge(std::size_t i, int sign) {
    const Surge& surge = prepared_.model.surges[i];
    const Id service = static_cast<Id>(surge.service);
    const ServiceModel& m = prepared_.model.services[service];
    services_[service].capacity += live(service) * m.connections * (now_ - capacity_since_[service]);
    capacity_since_[service] = now_;
    const auto change = static_cast<std::uint32_t>(surge.extra_instances * m.processes);
    extra_[service] = sign > 0 ? extra_[service] + change : extra_[service] - change;
    if (sign < 0 || m.users > 0) return;
    for (Id s = 0; s < sources_.size(); ++s)
        if (sources_[s].service == service && sources_[s].number < live(service) && !sources_[s].planned) plan_next(s);
}

void Replication::failover(std::size_t i) {
    const Failover& f = prepared_.model.failovers[i];
    const Id gone = static_cast<Id>(f.database);
    for (Database& d : databases_) {
        if (d.route != gone) continue;
        d.route = static_cast<Id>(f.to);
        d.down = true;
        d.down_by = i;
        d.counts = f.room != Failover::no_end;
    }
    room_ = f.room;
    events_.plan(now_ + f.outage, EventKind::outage_end, static_cast<Id>(i));
    databases_[gone].cpu.drop_all(now_);
    std::vector<Id> victims;
    std::vector<bool> free(transactions_.size(), false);
    for (Id id : unused_) free[id] = true;
    for (Id id = 0; id < transactions_.size(); ++id)
        if (!free[id] && transactions_[id].begun && transactions_[id].database == gone) victims.push_back(id);
    for (Id id : victims)
        if (transactions_[id].station != none) leave_queue(id);
    for (Id id : victims) {
        ++count_of(transactions_[id]).failures;
        finish(id);
    }
}

void Replication::outage_end(std::size_t i) {
    for (Database& d : databases_) {
        if (!d.down || d.down_by != i) continue;
        d.down = false;
        const std::vector<std::pair<Id, Id>> waiting = std::move(d.pending);
        d.pending.clear();
        for (const auto& [id, generation] : waiting)
            if (transactions_[id].generation == generation && transactions_[id].state == State::pending) start(id);
    }
}

}  // namespace poolfit::simulate

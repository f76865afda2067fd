// One replication of a whole system, event by event.
#pragma once

#include <array>
#include <deque>
#include <utility>
#include <vector>

#include <poolfit/simulate/system.hpp>

#include "events.hpp"
#include "prepared.hpp"
#include "shared_cpu.hpp"

namespace poolfit::simulate {

class Replication {
public:
    Replication(const Prepared& prepared, std::uint64_t seed, int number, std::size_t most_waiting = 0);

    void advance(double until);
    /// Counting starts again: what was seen so far was warm-up.
    void forget();

    /// It has ended: only what was counted stays.
    void release();

    double now() const { return now_; }
    double measured() const { return now_ - since_; }
    const ServiceCount& service(std::size_t i) const { return services_[i]; }
    double busy(std::size_t service) const;  ///< connections in use × time
    double deadlock_time(std::size_t service) const { return deadlocks_[service]; }
    const WaitCount& pooler_wait(std::size_t i) const { return pooler_waits_[i]; }
    std::uint64_t pooler_timeouts(std::size_t i) const { return pooler_timeouts_[i]; }
    double pooler_busy(std::size_t i) const { return stations_[prepared_.first_pooler + i].area; }
    const SharedCpu& cpu(std::size_t database) const { return databases_[database].cpu; }
    double active(std::size_t database) const { return databases_[database].area; }
    double most_active(std::size_t database) const { return databases_[database].most; }

private:
    using Id = std::uint32_t;
    static constexpr Id none = 0xffffffff;
    enum class State { waiting, pending, cpu, open, refused };

    struct Source {  // of transactions: a user, or the arrivals of a process
        Id service, number;
        std::array<Generator, 6> streams;
        bool planned = false;
    };
    struct Transaction {
        Id source, process, station = none, before = none, after = none, database = 0, generation = 0;
        State state = State::waiting;
        int held = 0, servers = 0, nested_left = 0, level = 0;
        int counted = 0;  // connections of a server that counts them
        bool begun = false;
        double asked_at = 0, since = 0, cpu = 0, delay = 0;
    };
    struct Station {
        int size = 0, busy = 0;
        Id head = none, tail = none;
        double timeout = never, area = 0, last = 0;
        bool timer = false;
        int held_here = 0;       // of its connections, by those that wait in its own queue
        int held_at_pooler = 0;  // a pool's, by those that wait for the pooler
        int servers_held = 0;    // the pooler's, by those that wait in this queue
        bool dead = false;
        int opened = 0, serving = 0;  // after a failover: connections to the server, and those in use
    };
    struct Gate {                  // the threads of a process
        int admitted = 0;          // transactions that have begun
        std::deque<Id> before_it;  // those that wait for that
    };
    struct Database {
        explicit Database(double vcpus) : cpu(vcpus) {}
        SharedCpu cpu;
        Id route = 0;  // where its transactions run: another one after a failover
        bool down = false;
        std::size_t down_by = 0;
        bool counts = false;  // its pools and poolers open connections where there may be none left
        double area = 0, last = 0;
        int active = 0, most = 0;
        std::vector<std::pair<Id, Id>> pending;  // transaction, generation
    };

    const ServiceModel& model_of(const Transaction& t) const {
        return prepared_.model.services[sources_[t.source].service];
    }
    ServiceCount& count_of(const Transaction& t) { return services_[sources_[t.source].service]; }
    std::uint32_t gate_of(const Transaction& t) const {
        const Id service = sources_[t.source].service;
        return prepared_.gate_of(service, t.process - prepared_.services[service].first_process);
    }
    double draw(Source& s, Purpose purpose, const Sampler& sampler);
    std::uint32_t live(Id service) const;

    void plan_next(Id source);
    void arrive(Id source);
    void admit(Id t);
    void ask(Id t, Id station);
    void enqueue(Id t, Id station);
    void leave_queue(Id t);
    void grant(Id t, Id station);
    void give_back(Id station, int connections);
    void start(Id t);
    bool connects(Id t);
    void begin(Id t);
    void stage_end(Id t);
    void finish(Id t);
    void give_up(Id t, Id station);
    void timer(Id station);
    void surge(std::size_t i, int sign);
    void failover(std::size_t i);
    void outage_end(std::size_t i);
    void check_deadlock(Id station);
    void handle(const Event& event);
    void count_until_now(Station& s);
    void count_until_now(Database& d);
    void set_active(Database& d, int change);

    const Prepared& prepared_;
    double now_ = 0, since_ = 0;
    Events events_;
    std::vector<Source> sources_;
    std::vector<Transaction> transactions_;
    std::vector<Id> unused_;
    std::vector<Station> stations_;
    std::vector<Gate> gates_;
    std::vector<Database> databases_;
    int room_ = Failover::no_end;                      // connections that are left after a failover
    std::vector<std::uint32_t> extra_;                 // processes that a surge added, by service
    std::vector<std::size_t> present_, most_present_;  // transactions, by service; more are turned away
    std::vector<double> capacity_since_;
    std::vector<ServiceCount> services_;
    std::vector<double> deadlocks_;
    std::vector<WaitCount> pooler_waits_;
    std::vector<std::uint64_t> pooler_timeouts_;
    std::vector<Histogram> scales_;  // only their bins' bounds are used
};

}  // namespace poolfit::simulate

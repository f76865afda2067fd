#include "load_reasons.hpp"

namespace poolfit::plan {

namespace {

class Loaded {
public:
    Loaded(const ClassQuestion& question, const Projection& projection, Recorder recorder, std::vector<Reason>& reasons)
        : q_(question),
          database_(question.fleet.databases[question.database]),
          on_(projection),
          r_(recorder),
          reasons_(reasons) {}

    void add() {
        const bool current = on_.cls == database_.type;
        for (const Check& check : on_.checks) of_check(check, current);
        demand();
        if (!current) failover();
    }

private:
    bool survive() const { return *q_.fleet.policy.survive_failover; }

    void of_check(const Check& check, bool current) {
        const bool given_up = check.dimension == Dimension::connections_failover && !survive();
        const bool over = check.standing == Standing::over && !given_up;
        const bool blocks = over || (check.standing == Standing::unknown && !current);
        const bool told = given_up ? check.standing == Standing::over && !current
                                   : check.caveat == Caveat::by_vcpu_count || check.caveat == Caveat::surplus ||
                                         check.caveat == Caveat::peak_over_baseline ||
                                         check.caveat == Caveat::volume_over_class;
        if (!blocks && !told) return;
        Reason& reason = reasons_.emplace_back();
        reason.blocking = blocks;
        reason.check = check;
    }

    /// The CPU that workloads ask for, on this class's vCPUs, within the policy's peak.
    void demand() {
        const auto check = demand_check(q_.fleet, q_.database, q_.load, *on_.cls, r_);
        if (!check || check->standing != Standing::over) return;
        Reason reason = condition(Reason::Kind::cpu_demand, Dimension::cpu_demand);
        reason.check = *check;
        reasons_.push_back(reason);
    }

    /// A loss that today's class survives, or may survive, and that this class survives less well or not for certain.
    void failover() {
        for (std::size_t i = 0; i < on_.losses.size(); ++i) {
            // What is lost today and carried is carried on the class that is taken, too.
            const Survival &now = q_.losses[i], &then = on_.losses[i];
            const bool cpu_lost = now.cpu && now.cpu->value.low.value >= 1;
            if (cpu_lost || now.memory_standing == Standing::over || now.connections_standing == Standing::over)
                continue;  // nothing to give up
            // What may be carried today is carried for sure, unless the class is larger and does no worse.
            const bool larger = on_.cls->vcpus > database_.type->vcpus;
            const bool worse = !larger || !now.cpu || !then.cpu || then.cpu->value.high > now.cpu->value.high;
            if (then.cpu_standing == Standing::unknown || (then.cpu_standing == Standing::over && worse))
                reasons_.push_back(failover_reason(then, Dimension::failover_cpu));
            const Check* memory = on_.find(Dimension::memory);
            const bool anyway = memory != nullptr && memory->standing == Standing::over;
            if (then.memory_standing == Standing::over && !anyway)
                reasons_.push_back(failover_reason(then, Dimension::failover_memory));
        }
    }

    Reason failover_reason(const Survival& then, Dimension dimension) const {
        Reason reason = condition(Reason::Kind::failover, dimension, survive());
        reason.from = then.from;
        Check& check = reason.check;
        if (dimension == Dimension::failover_cpu) {
            check.standing = then.cpu_standing;
            check.measure = Measure::fraction;
            check.limit = 1;
            check.at_least = then.cpu_at_least;
            if (then.cpu) check.value = Interval<double>{then.cpu->value.low.value, then.cpu->value.high.value};
            if (!then.cpu) check.missing = Missing::cpu_peak;
        } else {
            check.standing = then.memory_standing;
            check.measure = Measure::bytes;
            check.limit = static_cast<double>(on_.cls->memory.value);
            check.value = Interval<double>{static_cast<double>(then.memory->value.low.value),
                                           static_cast<double>(then.memory->value.high.value)};
        }
        check.share = check.value ? check.value->high / *check.limit : 0;
        return reason;
    }

    const ClassQuestion& q_;
    const Database& database_;
    const Projection& on_;
    Recorder r_;
    std::vector<Reason>& reasons_;
};

}  // namespace

Reason condition(Reason::Kind kind, Dimension dimension, bool blocking) {
    Reason reason;
    reason.kind = kind;
    reason.blocking = blocking;
    reason.check.dimension = dimension;
    return reason;
}

void add_load_reasons(const ClassQuestion& question, const Projection& projection, Recorder recorder,
                      std::vector<Reason>& reasons) {
    Loaded(question, projection, recorder, reasons).add();
}

std::optional<Check> demand_check(const Fleet& fleet, Index database, const DatabaseLoad* load,
                                  const InstanceClass& cls, Recorder recorder) {
    if (load == nullptr) return std::nullopt;
    Check check;
    check.dimension = Dimension::cpu_demand;
    check.measure = Measure::fraction;
    check.value =
        assess::cpu_on(*fleet.databases[database].type, cls, Interval<double>(load->cpu_demand.value.value), recorder);
    check.limit = fleet.policy.cpu_peak_max->value;
    check.share = *check.limit > 0 ? check.value->high / *check.limit : 1e9;
    check.standing = check.value->high > *check.limit ? Standing::over : Standing::inside;
    check.figure = load->cpu_demand.id;
    return check;
}

}  // namespace poolfit::plan

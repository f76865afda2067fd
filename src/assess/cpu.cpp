#include <poolfit/assess/cpu.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/projection.hpp>
#include <poolfit/queue/normal.hpp>

namespace poolfit::assess {

namespace {

struct Band {
    std::string_view name;
    Interval<double> factor;
};

// In order of CpuMove. From 25 moves with a measured factor, and from where 5 to 95 % of pairs of benchmark curves lie.
// x86 ↔ arm hold the two ends of one pair: m6i to m6g is 0.85 for long queries and 1.59 for short statements. None of
// the moves goes from arm to x86; there the reverse holds, 1/1.6 to 1/0.73, a little inside: at part load, where
// databases are, its pairs lie within 0.75 to 1.2. The same CPU in another class: m6g to t4g is 1.12. Counting vCPUs
// has the widest band there is.
constexpr Band bands[] = {
    {"none", {1, 1}},
    {"same_cpu", {0.85, 1.25}},
    {"same_family", {0.85, 1.4}},
    {"arm_to_arm", {0.75, 1.35}},
    {"x86_to_x86", {0.75, 1.4}},
    {"x86_to_arm", {0.73, 1.6}},
    {"arm_to_x86", {0.65, 1.35}},
    {"by_count", {0.75, 1.65}},
};

const Band& band_of(CpuMove move) { return bands[static_cast<std::size_t>(move)]; }

bool speeds_known(const InstanceClass& a, const InstanceClass& b) { return a.coremark_per_vcpu && b.coremark_per_vcpu; }

bool same_processor(const InstanceClass& a, const InstanceClass& b) {
    if (a.arch != b.arch || a.threads_per_core != b.threads_per_core) return false;
    const auto maker = [](const InstanceClass& cls) { return cls.cpu_model.substr(0, cls.cpu_model.find(' ')); };
    if (a.cpu_model.empty() || maker(a) != maker(b)) return false;
    return a.cpu_model == b.cpu_model || a.generation == b.generation;
}

/// The law's curve or its reverse, at both ends.
Figure<Interval<Fraction>> curve(const Key& key, Model model, const InstanceClass& cls, const Term& at, Recorder r,
                                 const Remark& remark = {}) {
    const auto value = [&](double v) {
        return model == Model::capacity_share ? capacity_share(cls.threads_per_core, v)
                                              : busy_at(cls.threads_per_core, v);
    };
    const Interval<double> got{value(at.value.low), value(at.value.high)};
    Figure<Interval<Fraction>> result{{Fraction(got.low), Fraction(got.high)}, {}};
    if (!r.on()) return result;
    const FigureId threads =
        r.row(class_key(cls, Name::threads_per_core), measured(Measure::count, cls.threads_per_core), cls.row);
    const FigureId gain = r.constant(constant_key(Name::second_thread_gain),
                                     measured(Measure::ratio, second_thread_gain), Grounds::second_thread);
    const FigureId inputs[] = {at.id, threads, gain};
    result.id = r.by_model(key, measured(result.value), model, {}, inputs, remark);
    return result;
}

Term band_term(CpuMove move, Recorder r) {
    if (r.world() != nullptr) return {Interval<double>(cpu_band_at(move, r.world()->at(Doubt::cpu_band))), {}, nullptr};
    if (!r.on()) return {band_of(move).factor, {}, nullptr};
    return r(cpu_band_figure(move, r));
}

Term coremark_term(const InstanceClass& cls, Recorder r) {
    const double value = *cls.coremark_per_vcpu;
    if (!r.on()) return {Interval<double>(value), {}, nullptr};
    return r(Figure<double>{value, r.row(class_key(cls, Name::coremark_per_vcpu), measured(Measure::coremark, value),
                                         cls.coremark_row, {Note::free_text, cls.coremark_note})});
}

/// What computes one figure on another class.
class Projector {
public:
    Projector(const Key& key, const InstanceClass& from, const InstanceClass& to, CpuMove move, Recorder r)
        : key_(key), from_(from), to_(to), r_(r), move_(move) {}

    Term on(const Figure<Interval<Fraction>>& busy) const {
        const Term now = r_(busy);
        const Term there = r_(move_ == CpuMove::by_count ? by_vcpus(now) : by_coremark(busy));
        const Term banded = there * band_term(move_, r_);
        // More vCPUs of one processor are not busier with the same work, whatever the band.
        if (to_.family == from_.family && to_.vcpus > from_.vcpus) return least(banded, now);
        // A class of the same architecture that the law finds slower is not faster than it, whatever the band.
        const bool slower = move_ != CpuMove::by_count && from_.arch == to_.arch && there.value.high >= now.value.high;
        return slower ? most(banded, now) : banded;
    }

private:
    Key part(Name name, bool there = true) const {
        if (!r_.on()) return {};
        Key key = key_;
        key.name = name;
        key.detail = text(key_.name);
        if (!there) key.cls = nullptr;
        return key;
    }

    Term vcpus(const InstanceClass& cls) const { return r_(class_vcpus(cls, r_)); }

    Figure<Interval<Fraction>> by_vcpus(const Term& now) const {
        const Term had = vcpus(from_), has = vcpus(to_);
        return r_.keep<Interval<Fraction>>(part(Name::cpu_by_vcpus), now * had / has);
    }

    /// Speed of one vCPU against that of `from`.
    Figure<double> speed() const {
        const Term there = coremark_term(to_, r_);
        const Term here = coremark_term(from_, r_);
        Key key = part(Name::cpu_speed);
        key.detail = {};
        return r_.keep<double>(key, Measure::ratio, there / here);
    }

    Figure<Interval<Fraction>> by_coremark(const Figure<Interval<Fraction>>& busy) const {
        const Term now = r_(busy);
        if (r_.on()) by_vcpus(now);  // stands beside it
        const bool two_here = from_.threads_per_core > 1, two_there = to_.threads_per_core > 1;
        const Term used =
            two_here ? r_(curve(part(Name::cpu_of_capacity, false), Model::capacity_share, from_, now, r_)) : now;
        const Term had = vcpus(from_), has = vcpus(to_), faster = r_(speed());
        const Term share = used * had / has / faster;
        const Key key = part(Name::cpu_by_coremark);
        if (!two_there) return r_.keep<Interval<Fraction>>(key, share, {Note::by_coremark});
        const auto there = r_.keep<Interval<Fraction>>(part(Name::cpu_of_capacity), share);
        return curve(key, Model::busy_at, to_, r_(there), r_, {Note::by_coremark});
    }

    const Key& key_;
    const InstanceClass &from_, &to_;
    Recorder r_;
    CpuMove move_;
};

}  // namespace

double capacity_share(int threads, double busy) {
    if (threads < 2 || busy >= 1) return busy;
    constexpr double g = second_thread_gain;
    return 2 / g * (std::min(busy, 0.5) + (g - 1) * std::max(0.0, busy - 0.5));
}

double busy_at(int threads, double share) {
    if (threads < 2 || share >= 1) return share;
    constexpr double g = second_thread_gain;
    return share <= 1 / g ? share * g / 2 : 0.5 + (share * g / 2 - 0.5) / (g - 1);
}

CpuMove cpu_move(const InstanceClass& from, const InstanceClass& to) {
    if (&from == &to || from.name == to.name) return CpuMove::none;
    if (!speeds_known(from, to)) return CpuMove::by_count;
    if (from.vcpus == to.vcpus && same_processor(from, to)) return CpuMove::same_cpu;
    if (from.family == to.family) return CpuMove::same_family;
    if (from.arch == to.arch) return from.arch == Arch::arm64 ? CpuMove::arm_to_arm : CpuMove::x86_to_x86;
    return to.arch == Arch::arm64 ? CpuMove::x86_to_arm : CpuMove::arm_to_x86;
}

Interval<double> cpu_band(CpuMove move) { return band_of(move).factor; }
Figure<Interval<double>> cpu_band_figure(CpuMove move, Recorder r) {
    const Interval<double> factor = band_of(move).factor;
    const Key key{{}, Name::cpu_band, Phase::now, nullptr, name(move)};
    return {factor, r.constant(key, measured(Measure::ratio, factor), Grounds::cpu_moves)};
}
std::string_view name(CpuMove move) { return band_of(move).name; }

double cpu_band_share(double uniform) {
    constexpr double outside = 0.05;  // at each end
    static const double end = queue::normal_quantile(1 - outside);
    const double z = queue::normal_quantile(outside + (1 - 2 * outside) * uniform);
    return std::clamp((z + end) / (2 * end), 0.0, 1.0);
}

double cpu_band_at(CpuMove move, double share) {
    const Interval<double>& band = band_of(move).factor;
    return std::clamp(band.low * std::pow(band.high / band.low, share), band.low, band.high);
}

Figure<Interval<Fraction>> cpu_on(const Key& key, const InstanceClass& from, const InstanceClass& to, CpuMove move,
                                  const Figure<Interval<Fraction>>& busy, Recorder r) {
    if (move == CpuMove::none) return busy;
    const InstanceClass& lacking = from.coremark_per_vcpu ? to : from;
    const Remark remark = move == CpuMove::by_count ? Remark{Note::no_coremark, lacking.name}
                                                    : Remark{Note::cpu_band, {}, static_cast<double>(move)};
    return r.keep<Interval<Fraction>>(key, Projector(key, from, to, move, r).on(busy), remark);
}

Interval<double> cpu_on(const InstanceClass& from, const InstanceClass& to, const Interval<double>& busy, Recorder r) {
    const Figure<Interval<Fraction>> now{{Fraction(busy.low), Fraction(busy.high)}, {}};
    const auto there = cpu_on(Key{}, from, to, cpu_move(from, to), now, r.silent()).value;
    return {there.low.value, there.high.value};
}

Figure<Interval<Fraction>> cpu_together(const Key& key, const Key& law, const InstanceClass& to,
                                        std::span<const CpuLoad, 2> loads, Recorder r) {
    // Each as a share of what `to` can do at most, and how far that may be off.
    std::array<Term, 2> shares, weighted;
    std::array<CpuMove, 2> kinds{};
    bool moves = false;
    for (std::size_t i = 0; i < loads.size(); ++i) {
        const CpuLoad& load = loads[i];
        const InstanceClass& from = *load.on;
        const CpuMove move = kinds[i] = cpu_move(from, to);
        const Term busy = r(load.busy);
        Key capacity;
        if (r.on()) {
            capacity = load.key;
            capacity.name = Name::cpu_of_capacity;
            capacity.detail = text(load.key.name);
        }
        const auto used = [&](const InstanceClass& cls, const Key& named, const Term& at) {
            return cls.threads_per_core > 1 ? r(curve(named, Model::capacity_share, cls, at, r)) : at;
        };
        Term share = busy;
        if (move == CpuMove::by_count) {
            const Term had = r(class_vcpus(from, r));
            const Term has = r(class_vcpus(to, r));
            Key there = capacity;
            there.cls = &to;
            share = used(to, there, busy * had / has);
        } else {
            share = used(from, capacity, busy);
            if (move != CpuMove::none) {
                const Term had = r(class_vcpus(from, r));
                const Term has = r(class_vcpus(to, r));
                const Term fast = coremark_term(to, r);
                const Term slow = coremark_term(from, r);
                const Term faster = fast / slow;
                share = share * had / has / faster;
            }
        }
        moves = moves || move != CpuMove::none;
        shares[i] = share;
    }
    const Term all = shares[0] + shares[1];
    const bool two = to.threads_per_core > 1;
    const auto there = two ? curve(law, Model::busy_at, to, all, r) : r.keep<Interval<Fraction>>(law, all);
    if (!moves || all.value.high <= 0) return r.keep<Interval<Fraction>>(key, r(there));
    // The bands by shares of the work, taken at its high end: their mean is inside the bands at both ends.
    for (std::size_t i = 0; i < loads.size(); ++i) {
        const Term part = high(shares[i]);
        weighted[i] = part * band_term(kinds[i], r);
    }
    const Term whole = high(all);
    const Term factor = (weighted[0] + weighted[1]) / whole;
    return r.keep<Interval<Fraction>>(key, r(there) * factor);
}

CpuTogether::CpuTogether(const InstanceClass& to, const InstanceClass& one, const InstanceClass& other)
    : threads_(to.threads_per_core) {
    const InstanceClass* const from[] = {&one, &other};
    for (std::size_t i = 0; i < 2; ++i) {
        const CpuMove move = cpu_move(*from[i], to);
        Part& part = parts_[i];
        part.band = cpu_band(move).high;
        part.factor = static_cast<double>(from[i]->vcpus) / to.vcpus;
        if (move == CpuMove::by_count) {
            part.threads_there = to.threads_per_core;
            continue;
        }
        part.threads = from[i]->threads_per_core;
        part.factor = move == CpuMove::none ? 1 : part.factor / (*to.coremark_per_vcpu / *from[i]->coremark_per_vcpu);
    }
}

double CpuTogether::Part::share(double busy) const {
    return capacity_share(threads_there, capacity_share(threads, busy) * factor);
}

double CpuTogether::operator()(double one, double other) const {
    const double first = parts_[0].share(one), second = parts_[1].share(other), all = first + second;
    if (all <= 0) return 0;
    return busy_at(threads_, all) * (first * parts_[0].band + second * parts_[1].band) / all;
}

double cpu_before(const InstanceClass& from, const InstanceClass& to, double busy) {
    const CpuMove move = cpu_move(from, to);
    const double likely = busy / cpu_band(move).high;
    const double vcpus = static_cast<double>(to.vcpus) / from.vcpus;
    if (move == CpuMove::none || move == CpuMove::by_count) return likely * vcpus;
    const double speed = *to.coremark_per_vcpu / *from.coremark_per_vcpu;
    return busy_at(from.threads_per_core, capacity_share(to.threads_per_core, likely) * vcpus * speed);
}

bool as_fast(const InstanceClass& from, const InstanceClass& to) {
    if (!speeds_known(from, to)) return to.vcpus >= from.vcpus;
    // The law bends where half of the vCPUs are busy, and nowhere else.
    const double had = from.vcpus * *from.coremark_per_vcpu, has = to.vcpus * *to.coremark_per_vcpu;
    const auto no_slower = [&](double busy) {
        const double used = capacity_share(from.threads_per_core, busy) * had / has;
        return !over(busy_at(to.threads_per_core, used), busy);
    };
    return no_slower(0.5) && no_slower(1);
}

}  // namespace poolfit::assess

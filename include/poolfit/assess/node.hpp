// What a run has recorded: nodes, each a leaf (an input, a dated catalog row, a constant) or computed from other nodes
// by an operation, a formula or a model.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <poolfit/assess/figure.hpp>
#include <poolfit/assess/key.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/formula/formula.hpp>

namespace poolfit {

/// What computes a node from its inputs. `evaluate` of an operation on its inputs' values is the node's value.
enum class Op : std::uint8_t {
    same,        ///< {0}
    sum,         ///< {0} + {1} + …
    difference,  ///< {0} − {1}
    product,     ///< {0} × {1} × …
    quotient,    ///< {0} / {1}; 0 where the divisor is 0
    floor,       ///< ⌊{0}⌋, after adding 1e-9: 2.9999999999 is 3
    ceil,        ///< ⌈{0}⌉, after taking 1e-9 off
    least,       ///< min({0}, {1}, …)
    most,        ///< max({0}, {1}, …)
    low,         ///< the low end of {0}
    high,        ///< the high end of {0}
    between,     ///< from the low end of {0} to the high end of {1}
};

/// What computes a node that no operation can.
enum class Model : std::uint8_t {
    none,
    engine_memory,  ///< memory that the engine sees: a range fitted to real servers
    buffers,        ///< memory that the server allots itself; Node::text is the rule
    mean_of_law,    ///< mean of a law through percentiles
    smallest_size,  ///< smallest pool with P(wait > t) <= p; Node::text is the method
    utilization,    ///< of a pool, by the method
    wait_mean,      ///< the same
    wait_p99,
    p_wait_over,
    smallest_together,  ///< the smallest size for several loads as one
    beside_pinned,      ///< the same, beside sessions that keep a connection each
    carries_together,   ///< the smallest size that carries several loads, however long the waits
    each_client,        ///< session mode: a connection for each client of a pooler, in a deploy too
    safe_together,      ///< the smallest size that their nested checkouts cannot lock up
    poisson_in_flight,  ///< more are in flight one time in a million
    poisson_active,     ///< more are active 1 % of the time at most
    cpu_stretch,        ///< CPU time with waiting over CPU time alone
    offered_closed,     ///< users × hold / (think + hold)
    capacity_share,     ///< of a class, at a busy: assess::capacity_share
    busy_at,            ///< of a class, at a share of its capacity: assess::busy_at
    month_over_limit,   ///< the first month past a limit
    smallest_in_time,   ///< smallest pool whose p99 wait is inside a timeout; Node::text is the method
    largest_that_fits,  ///< the largest size inside the limits of its server, beside the other pools
    share_of_worlds,    ///< the share of so many worlds by a seed in which limits are kept
    mean_of_worlds,     ///< the mean of a cost in them
    regret_of_worlds,   ///< the mean of a cost and of trouble in them, less those of the best class of each
    credits_lowest,     ///< lowest balance over a series, taken to repeat: series::run_credits
    credits_short,      ///< credits that are short in a month, by the same
    credits_short_hours,
};

/// What a reader has to know about a figure; render has the words.
enum class Note : std::uint8_t {
    none,
    surge_default,
    autoscaling,
    deploy_recreate,
    not_deployed,  ///< CI, a job
    deploy_blue_green,
    deploy_rolling,
    deploy_cut_over,
    any_minor_version,
    label_is_ceiling,
    server_wins,
    set_by_hand_stays,
    limit_stays,  ///< whatever the class
    limit_of_chain,
    limit_of_primary,
    low_end,
    leaves_room,
    label_memory,
    os_sees,
    reader_fails,
    primary_fails,
    worst_failure,
    worst_deploy,
    no_coremark,
    by_coremark,
    cpu_band,  ///< `number` is the CpuMove
    per_vcpu,
    mean_at_most_peak,
    load_all_month,
    used_today,
    seen_by_os,
    holds_always,
    driver_default,  ///< of a pool's max
    default_of,
    driver_text,
    own_single,
    no_multi_az_row,
    price_term,
    longer_end,
    shorter_end,
    higher_end,
    scaled,
    higher_end_scaled,
    of_host_type,
    records_of_services,
    records_of_pools,
    within_ten_years,
    not_within_ten_years,
    merged_into,
    basis,
    free_text,  ///< `text` is a catalog's
    us_east_1,
    capped_by_runtime,
    raised_by_runtime,
    one_thread_a_core,  ///< not given: the reading that gives more connections
    no_own_price,       ///< connections have no price of their own; the classes are the plan's
    series_together,    ///< two servers' CPU: `text` is the other; 1 of `number` says that its own is a series, 2 the
                        ///< other's
    vcpu_column,        ///< a column of the table of pools against vCPUs
};

/// A note with what fills it in.
struct Remark {
    Note note = Note::none;
    std::string_view text{};  ///< outlives the figures
    double number = 0;
};

/// What a constant is based on, where that is no text with a source; render has the words.
enum class Grounds : std::uint8_t {
    none,
    format_default,  ///< of the inventory format
    fixed,           ///< a number of the rule itself: nothing is computed
    nothing_listed,  ///< a sum of nothing
    no_pools,        ///< the same, of pools that connect to a server or pooler
    no_users,        ///< the same, of instances that use reserved units
    no_pinned,       ///< the same, of clients that a pooler pins
    month,
    week,
    command_line,
    cpu_credit,
    second_thread,
    threads_per_core,
    cpu_moves,       ///< measured
    strategy_rules,  ///< of the document that the strategies come from
    iops_room,
    deleted_instance,  ///< what is deleted costs nothing
    deleted_volume,
    deleted_capacity,
    deleted_pooler,
};

struct Origin {
    enum class Kind : std::uint8_t { none, input, catalog, constant } kind = Kind::none;
    Place place;              ///< of an input, or of a row of the user's own catalog
    std::string_view source;  ///< of a catalog row or constant
    std::string_view source_id;
    std::string_view as_of;
    Grounds grounds = Grounds::none;  ///< of a constant, instead of `source`
};

struct Node {
    enum class Kind : std::uint8_t { computed, formula, model, input, row, constant } kind = Kind::computed;
    bool inner = false;  ///< a part of a formula, without a key of its own
    Op op = Op::same;
    Model model = Model::none;
    Measure measure = Measure::count;
    Key key;
    Interval<double> value;
    std::uint32_t first = 0, inputs = 0;  ///< in Figures::inputs
    std::string_view text;                ///< a formula's text or a method's name; outlives the figures
    Formula::Dialect dialect = Formula::Dialect::pool;
    Remark remark;
    Origin origin;
};

/// All that a run has recorded, each key once.
class Figures {
public:
    /// Databases, services, pools and poolers whose figures are kept, by index into the Fleet's vectors.
    struct Kept {
        std::vector<char> databases, services, pools, poolers;
    };
    /// Of all others no figure is kept, nor what is computed from one, apart from figures of these. Before the first.
    void keep_only(Kept kept);
    /// Is a figure of one of these computed from one that was not kept?
    bool is_cut(const Kept& of) const;

    const Node& operator[](FigureId id) const { return nodes_[id.index]; }
    std::span<const Node> all() const { return nodes_; }
    std::span<const FigureId> inputs(FigureId id) const {
        const Node& node = nodes_[id.index];
        return std::span(inputs_).subspan(node.first, node.inputs);
    }
    std::optional<FigureId> find(const Key& key) const;
    /// Keys that were recorded a second time with another derivation: none in a run without a fault.
    const std::vector<Key>& conflicts() const { return conflicts_; }

    FigureId add(Node node, std::span<const FigureId> inputs);
    /// Gives a figure another key, which no figure has yet.
    void rename(FigureId id, const Key& key);
    /// A text for keys that nothing else holds.
    std::string_view own(std::string text) {
        texts_.push_back(std::make_shared<const std::string>(std::move(text)));
        return *texts_.back();
    }

private:
    struct Hash {
        std::size_t operator()(const Key& key) const;
    };
    bool alike(FigureId id, const Node& node, std::span<const FigureId> inputs) const;
    bool is_left_out(const Node& node, std::span<const FigureId> inputs) const;
    std::optional<Kept> kept_;
    FigureId left_out_;  ///< stands for all that is not kept
    std::vector<Node> nodes_;
    std::vector<FigureId> inputs_;
    std::unordered_map<Key, FigureId, Hash> by_key_;
    std::vector<Key> conflicts_;
    std::vector<std::shared_ptr<const std::string>> texts_;
};

namespace assess {

/// "input", "catalog", "constant"; empty where there is none.
std::string_view name(Origin::Kind kind);

inline constexpr double hair = 1e-9;  ///< products like 0.25 × 8 that miss a whole number by rounding

/// The operation on one value.
inline Interval<double> evaluate(Op op, const Interval<double>& v) {
    switch (op) {
        case Op::floor:
            return {std::floor(v.low + hair), std::floor(v.high + hair)};
        case Op::ceil:
            return {std::ceil(v.low - hair), std::ceil(v.high - hair)};
        case Op::low:
            return Interval<double>(v.low);
        case Op::high:
            return Interval<double>(v.high);
        default:
            return v;
    }
}

inline Interval<double> product(const Interval<double>& a, const Interval<double>& b) {
    if (a.low >= 0 && b.low >= 0) return {a.low * b.low, a.high * b.high};
    const double ends[] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
    return {std::min({ends[0], ends[1], ends[2], ends[3]}), std::max({ends[0], ends[1], ends[2], ends[3]})};
}

/// The operation on two values. Always inline: where the operation is known, only that one is left of it.
[[gnu::always_inline]] inline Interval<double> evaluate(Op op, const Interval<double>& a, const Interval<double>& b) {
    switch (op) {
        case Op::sum:
            return a + b;
        case Op::difference:
            return a - b;
        case Op::product:
            return product(a, b);
        case Op::quotient:
            if (b.low == 0 || b.high == 0) return Interval<double>(0.0);
            if (a.low >= 0 && b.low > 0) return {a.low / b.high, a.high / b.low};
            return product(a, {1 / b.high, 1 / b.low});
        case Op::least:
            return {std::min(a.low, b.low), std::min(a.high, b.high)};
        case Op::most:
            return {std::max(a.low, b.low), std::max(a.high, b.high)};
        case Op::between:
            return {a.low, b.high};
        default:
            return a;
    }
}

/// The operation on any number of values, from left to right.
Interval<double> evaluate(Op op, std::span<const Interval<double>> values);

}  // namespace assess
}  // namespace poolfit

// The load of one pool: what requests connections, how long each is held, and what is acceptable.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/queue/hold.hpp>
#include <poolfit/queue/sizing.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit::sizing {

/// A mean and a coefficient of variation. cv 1 is exponential and cv 0 constant, which formulas solve exactly. Mean and
/// cv fix no other law: `lognormal` is what measured holds look like, and is simulated; `phases` (the law of
/// queue::fit_phases) is solved exactly, where cv^2 is from 1/16 to 10^4.
struct MeanHold {
    enum class Law : std::uint8_t { lognormal, phases };
    Millis mean{};
    double cv = 1.0;
    Law law = Law::lognormal;
};
/// Two percentiles or three; p95 or p99 may be missing, not both. A law through all of them: simulated. Two are a
/// lognormal law, whose mean may not be above the higher one (`high_p95`, `high_p99` too large); three are the law of
/// queue::percentile_hold, with a bounded tail.
struct PercentileHold {
    Millis p50{};
    std::optional<Millis> p95, p99;
};
/// Simulated.
struct HistogramHold {
    std::vector<queue::HoldBin> bins;
};
inline constexpr std::string_view high_p95 = "p95 of the hold time", high_p99 = "p99 of the hold time";
using Hold = std::variant<MeanHold, PercentileHold, HistogramHold>;

/// Open (`rate`) or closed (`users` and `think`).
struct Load {
    PerSecond rate{};        ///< transactions arriving at random; not read when there are users
    std::int64_t users = 0;  ///< who ask again `think` after they are served; 0: open
    Millis think{};          ///< mean of an exponential think time
    Hold hold;
    double batch = 1.0;  ///< open: mean number of transactions that arrive together (geometric)
    std::optional<Millis> acquire_timeout;
    /// The part of the hold on the database's CPU, and its vCPUs, which all share. Without: the hold is as long as it
    /// is, however many are active. So it is for batches, and for open loads with an acquire timeout.
    Millis cpu{};
    std::int64_t vcpus = 0;
    double others = 0;  ///< of them that other pools keep busy on average, less than all
    /// The most connections of others that can be on the CPU at a time.
    double others_most = std::numeric_limits<double>::infinity();
};

/// The mean hold, as the law that is used has it; what is wrong with it, where something is.
queue::Answer<Millis> mean_hold(const Hold& hold);
/// Offered load of an open one (arrivals per hold time); the most that a closed one can keep busy, N D/(Z + D).
queue::Answer<Erlangs> offered(const Load& load);

}  // namespace poolfit::sizing

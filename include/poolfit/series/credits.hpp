// The credit balance of a burstable class under a load that changes.
//
// A class earns credits at a steady rate and spends one for each vCPU-minute. What is left over is kept, up to a cap.
// At zero a standard class is throttled to what it earns. An unlimited one goes on: it takes surplus credits, as many
// as it earns in 24 hours at most, which later earnings pay back; beyond that each is charged.
//
// The window stands for every month: it is taken to repeat, so what is reported has no trace of where the balance
// began.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/series/series.hpp>
#include <poolfit/unit/interval.hpp>

namespace poolfit::series {

struct CreditRules {
    double earned_per_hour = 0;
    double most = 0;      ///< that are kept, and that surplus may reach: 24 hours of earnings
    double per_hour = 0;  ///< spent with all vCPUs busy
    bool unlimited = false;
};

struct CreditRun {
    double lowest = 0;  ///< of the balance; below 0 it is surplus
    Instant lowest_at = 0;
    double spent_per_hour = 0;  ///< mean, with what was served
    double short_hours = 0;     ///< in the window: throttled, or in which surplus is charged
    double short_credits = 0;   ///< that were asked for in them and not earned: charged, or not served
    double hours = 0;           ///< that the points cover: gaps are left out
};

/// Neighbouring points as one: `hours` at a share of all vCPUs.
struct CreditStep {
    double busy = 0, hours = 0;
    Instant at = 0;  ///< of its last point
};
using CreditSteps = std::vector<CreditStep>;

/// Neighbours that all earn more than they spend, or all do not, as one step. The balance moves one way in it, so
/// that its ends, and what is short, are those of the points.
CreditSteps credit_steps(const TimeSeries& series, const std::vector<double>& busy, const CreditRules& rules);
/// `balances`, where it is given, gets the balance at the end of each step.
CreditRun run_credits(const CreditSteps& steps, const CreditRules& rules, std::vector<double>* balances = nullptr);
/// `busy` is the share of all vCPUs that each period asks for; what is above 1 waits for the next period.
CreditRun run_credits(const TimeSeries& series, const std::vector<double>& busy, const CreditRules& rules,
                      std::vector<double>* balances = nullptr);

}  // namespace poolfit::series

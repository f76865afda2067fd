// M/G/c by two moments: approximations, and how far they were wrong. Mean and spread do not fix the wait: laws of
// the same two moments differ by a factor. So these are the ends of a band, never an answer; a simulation decides.
//
// Relative error of the mean wait, against exact and simulated answers (tests/known-answers/mgc.csv, mgc_sim.csv;
// 2..50 connections, utilization 0.5..0.95, P(wait) > 0.1 %):
//   law                            Allen-Cunneen     Kimura            Page
//   constant                       -30 %..0          0                 0
//   Erlang-2, -4 (scv 0.5, 0.25)   -13 %..0          0..+5 %           -1 %..+2 %
//   lognormal, scv 0.5             -9 %..0           +1 %..+9 %
//   hyperexponential, scv 2..9     0..+130 %         -21 %..+2 %       0..+72 %
//   lognormal, scv 4, 9            +9 %..+217 %      -14 %..+8 %
//   two-point, scv 16.7            -13 %..-2 %       -86 %..-43 %
// so that every true mean was between 0.92 x the band's low end and 1.15 x its high end. P(wait) itself hardly
// depends on the law: Erlang's C was within 11 % on all of these.
#pragma once

#include <poolfit/queue/mmc.hpp>
#include <poolfit/unit/interval.hpp>

namespace poolfit::queue {

struct WaitBand {
    double p_wait = 0.0;     ///< Erlang's C
    Millis allen_cunneen{};  ///< (1 + scv)/2 x the mean wait of M/M/c. Source: Allen 1990
    Millis kimura{};  ///< (1 + s)/((1 - s)/D + 2 s/M), D and M the mean waits of M/D/c, M/M/c. Source: Kimura 1986
    Millis page{};    ///< (1 - s) D + s M, 0 at least; only for scv <= 1 is it part of the band. Source: Page 1972
    Interval<Millis> mean_wait{};  ///< from the least of them to the largest
};

/// scv is variance/mean^2 of the hold, 0..10^4. `constant` is the mean wait of M/D/c with this load and hold: from
/// mdc.hpp, or cosmetatos().
Answer<WaitBand> wait_band(const Mmc& system, double scv, Millis constant);
Answer<WaitBand> wait_band(const Mmc& system, double scv);

/// The wait that a share p of the arrivals does not exceed, if the wait, given that there is one, is exponential
/// with the band's means. With the true mean this is -40 %..+8 % wrong at p99 for hyperexponential holds, up to +44 %
/// for Erlang holds, and several times too long where the true p99 is next to 0. 0 <= p < 1, else NaN.
Interval<Millis> wait_quantile(const WaitBand& band, double p);

/// The mean wait of M/D/c, nearly: for c <= 50 and utilization >= 0.5 within 7 %, and within 1.5 % where P(wait) > 5 %.
/// Source: Cosmetatos 1975, held between its limits for full and for idle systems, M/2 and M c/(c + 1).
Millis cosmetatos(const Mmc& system);

}  // namespace poolfit::queue

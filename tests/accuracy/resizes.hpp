// Measured moves of a load to another class (tests/known-answers/real/resizes.csv), and what is projected of each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <poolfit/assess/cpu.hpp>

namespace accuracy {

/// CPU factors are CPU there ÷ CPU on today's class, at the same work.
struct Resize {
    std::string from, to, engine, kind, date, source;
    double busy = 0;                        ///< share of today's class that was busy
    std::optional<double> measured;         ///< none where the class could not do the work
    double counted = 0, law = 0;            ///< by vCPU count; by the law, without its band
    poolfit::Interval<double> projected{};  ///< what poolfit says
    poolfit::CpuMove move{};

    /// Is the measured value in the range? Of work that the class could not do: does the range pass 100 %?
    bool held() const;
    /// Counts towards the share of moves held: CPU, or work at saturation.
    bool counts() const { return measured && kind != "latency"; }
};

std::vector<Resize> resizes();

}  // namespace accuracy

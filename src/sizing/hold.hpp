// The hold's law, as the formulas and the simulator want it.
#pragma once

#include <poolfit/simulate/law.hpp>
#include <poolfit/sizing/load.hpp>

namespace poolfit::sizing {

struct Shape {
    enum class Kind : std::uint8_t { exponential, constant, phases, other } kind = Kind::other;
    Millis mean{};
    double scv = 0.0;     ///< variance / mean^2
    simulate::Law law{};  ///< of Kind::other, and where another kind is simulated
};

queue::Answer<Shape> shape(const Hold& hold);

/// The law as ranges in which it is even: a histogram as it is, others eight to an octave of what is left above or
/// below them, to 2^-40.
queue::HistogramHold bins(const Shape& shape);

}  // namespace poolfit::sizing

// What is said of CPU on another class: how it was projected, and how far that can be trusted.
#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "words.hpp"

namespace poolfit::render {

std::string move_text(CpuMove move, std::string_view family) {
    switch (move) {
        case CpuMove::none:
            break;
        case CpuMove::same_cpu:
            return "same CPU, another class";
        case CpuMove::same_family:
            return fmt::format("another size of {}", family);
        case CpuMove::arm_to_arm:
            return "another arm processor";
        case CpuMove::x86_to_x86:
            return "another x86 processor";
        case CpuMove::x86_to_arm:
            return "from x86 to arm";
        case CpuMove::arm_to_x86:
            return "from arm to x86";
        case CpuMove::by_count:
            return "no CoreMark to compare with";
    }
    return "the same class";
}

std::string band_text(CpuMove move, const Interval<double>& factor) {
    const std::string band = assess::print(assess::measured(Measure::ratio, factor));
    return fmt::format("measured CPU is {} × {}", band,
                       move == CpuMove::by_count ? "the estimate by vCPU count" : "the CoreMark estimate");
}

std::string moved_text(CpuMove move, std::string_view family, bool demand) {
    return fmt::format("{}: how far measured CPU was from the CoreMark estimate{}", move_text(move, family),
                       demand ? "; above 100 % is demand that cannot be met" : "");
}

std::string cpu_text(const Projection& projection) {
    if (projection.cpu_move == CpuMove::none || (!projection.cpu_judged() && !projection.cpu_mean)) return {};
    return fmt::format("{}: {}{}", move_text(projection.cpu_move, projection.cls->family),
                       band_text(projection.cpu_move, projection.cpu_band),
                       !projection.cpu_saturated ? ""
                       : projection.cpu_p95      ? "; the p95 seen today is a lower bound"
                                                 : "; today's peak is a lower bound");
}

std::string shared_threads_text(const InstanceClass& cls, Fraction busy, Fraction capacity, Length length) {
    if (length == Length::brief)
        return fmt::format("{} busy is about {} of capacity: two threads share a core", unit::print(busy),
                           unit::print(capacity));
    return fmt::format(
        "two threads share a core: {} busy is about {} of the capacity of {}, and nearly all of it for long queries",
        unit::print(busy), unit::print(capacity), cls.name);
}

}  // namespace poolfit::render

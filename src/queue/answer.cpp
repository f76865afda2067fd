#include <poolfit/queue/answer.hpp>

#include <poolfit/unit/print.hpp>

namespace poolfit::queue {

std::string describe(const BadInput& bad) {
    std::string text(bad.input);
    switch (bad.flaw) {
        case Flaw::not_a_number:
            return text + " is not a number";
        case Flaw::nothing_given:
            return text + ": none given";
        case Flaw::unreachable:
            return text + " can't be met by any number within the limits";
        default:
            break;
    }
    text += " is " + unit::print_number(bad.value);
    const std::string limit = unit::print_number(bad.limit);
    switch (bad.flaw) {
        case Flaw::too_small:
            return text + ": it must be at least " + limit;
        case Flaw::too_large:
            return text + ": it must be at most " + limit;
        default:
            return text + ": it must not be below " + limit + ", the one before it";
    }
}

std::string describe(const Unstable& unstable) {
    return "the load keeps " + unit::print(unstable.utilization) +
           " of the connections busy, so waits grow without bound: it needs at least " +
           unit::print(unstable.smallest_stable);
}

}  // namespace poolfit::queue

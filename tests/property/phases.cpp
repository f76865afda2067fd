// The phases of the plan, one after the other: each ends what it is there for, and none starts an outage.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../support/any_fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/shrink.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

bool is_over(const Answer& answer, Index database) {
    return !answer.plan.databases[database].recommendation.outages.empty();
}

/// Does any step of the phase change something of this server? Clients of a process in front of several come in with
/// the one that needs them.
bool touches(const Answer& answer, const Action& action, Index database) {
    if (std::ranges::find(action.databases, database) == action.databases.end()) return false;
    if (action.gain == Action::Gain::takes_clients)
        return std::ranges::all_of(answer.plan.databases[database].recommendation.outages,
                                   [](const Outage& outage) { return outage.kind == Outage::Kind::pooler_clients; });
    return action.kind != Action::Kind::measure;
}

/// " (outage 1: 40 of 20)" of each that is left.
std::string outages(const Answer& answer, Index database) {
    std::string text;
    for (const Outage& outage : answer.plan.databases[database].recommendation.outages)
        text += fmt::format(" (outage {}: {} of {}, share {:.2f})", static_cast<int>(outage.kind), outage.needs.value,
                            outage.usable.value, outage.share.value);
    return text;
}

std::string fault(const std::string& text, const Answer* known = nullptr) {
    const auto made = known != nullptr ? nullptr : answer(text);
    const Answer* before = known != nullptr ? known : made.get();
    if (before == nullptr || before->phases.size() < 2) return "";
    const auto last = answer(typed_in(*before));
    if (!last) return "";
    std::vector<char> begun(before->fleet.databases.size(), 0);
    for (std::size_t k = 1; k < before->phases.size(); ++k) {
        if (before->phases[k].phase == before->phases[k - 1].phase) continue;  // in the middle of one
        const auto after = answer(typed_in(*before, k));
        if (!after) return "does not load";
        for (Index i = 0; i < before->fleet.databases.size(); ++i) {
            const bool here = std::ranges::any_of(before->phases, [&](const Action& action) {
                return action.phase == before->phases[k - 1].phase && touches(*before, action, i);
            });
            if (is_over(*after, i) && !is_over(*before, i))
                return fmt::format("new after {}: {}{}", plan::name(before->phases[k - 1].kind),
                                   *before->fleet.databases[i].name, outages(*after, i));
            if (here && !begun[i] && is_over(*before, i) && is_over(*after, i) && !is_over(*last, i))
                return fmt::format("left after {}, then {}: {}{}", plan::name(before->phases[k - 1].kind),
                                   plan::name(before->phases[k].kind), *before->fleet.databases[i].name,
                                   outages(*after, i));
            if (here) begun[i] = 1;
        }
    }
    return "";
}

/// POOLFIT_SHOW=1 prints the smallest inventory of each kind.
const bool shows_all = std::getenv("POOLFIT_SHOW") != nullptr;

std::string kind(const std::string& fault) { return fault.substr(0, fault.find(':')); }

}  // namespace

TEST_CASE("the first phase of a server ends its outage, and no phase starts one") {
    int loaded = 0;
    std::map<std::string, int> kinds;
    for_seeds(31, quarter / 2, [&](std::uint64_t seed, Generator& generator) {
        const std::string text = any_fleet(generator);
        const auto before = answer(text);
        if (!before) return;
        ++loaded;
        const std::string what = fault(text, before.get());
        if (what.empty()) return;
        if (++kinds[kind(what)] > 1 || !shows_all) return;
        const std::string least =
            shrunk(text, [&](const std::string& less) { return kind(fault(less)) == kind(what); });
        MESSAGE(shrunk(seed, what, least, fault(least)));
    });
    int started = 0, left = 0;
    for (const auto& [kind, count] : kinds) {
        MESSAGE(kind << ": " << count << " fleets of " << loaded);
        (kind.starts_with("left") ? left : started) += count;
    }
    CHECK(left == 0);
    CHECK(started == 0);
}

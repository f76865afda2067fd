#include <poolfit/assess/deploys.hpp>

namespace poolfit::assess {

void Total::add(const Term& part) {
    total_ = total_ + part.value;
    if (part.figures != nullptr) parts_.push_back(part);
}

void Deploys::add_one(Index service, const Term& steady, const Term& deploying) {
    steady_.add(steady);
    if (deploying.value.high > steady.value.high) more_[service].add(deploying - steady);
}

void Deploys::add(const Term& steady, const std::map<Index, Term>& deploying) {
    steady_.add(steady);
    for (const auto& [service, connections] : deploying) more_[service].add(connections - steady);
}

std::map<Index, Term> Deploys::each(Recorder r) const {
    std::map<Index, Term> all;
    for (const auto& [service, more] : more_) {
        const Term steady = steady_.get(r);
        all.emplace(service, steady + more.get(r));
    }
    return all;
}

Term Deploys::most(Recorder r) const {
    if (together_) return deploying_.get(r);
    Term most = steady_.get(r);
    for (const auto& [service, connections] : each(r))
        if (connections.value.high > most.value.high) most = connections;
    return most;
}

}  // namespace poolfit::assess

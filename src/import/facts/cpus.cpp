#include "cpus.hpp"

#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "container.hpp"

namespace poolfit::imports {

std::optional<double> read_cpus(const Sealed& value) {
    Server server;
    read_limits({&value, {}, "cpu"}, {}, false, server);
    if (server.vcpus) return static_cast<double>(server.vcpus->value);
    return server.cpu_share;
}

void CpuShares::read(const Sealed& limit, const Sealed& request, Program& program) const {
    const auto say = [&](std::string_view what, double cpus) {
        program.cpus = fmt::format("its {} of {:g} CPU{} is a share of the time of its node, whose vCPUs it sees", what,
                                   cpus, cpus > 1 ? "s" : "");
    };
    if (const auto cpus = read_cpus(limit))
        say("limit", *cpus);
    else if (const auto asked = read_cpus(request))
        say("request", *asked);
}

void CpuShares::read_node(std::optional<std::int64_t> vcpus, Program& program) {
    if (!vcpus) return;
    program.vcpus = vcpus;
    program.node = fmt::format("its nodes have {} vCPU{} each", *vcpus, *vcpus > 1 ? "s" : "");
}

std::string known_of_cpus(const Program& program) {
    std::string text;
    for (const std::string& known : {program.cpus, program.node})
        if (!known.empty()) text += fmt::format("; {}", known);
    return text;
}

void CpuShares::add(const Program& program, const std::string& service, const Place& place) {
    if (program.cpus.empty()) return;
    if (services_.empty()) place_ = place;
    services_.push_back(service);
}

void CpuShares::tell(const std::string& subject, Estate& estate) {
    tell_all(subject, Note::Kind::not_taken,
             "CPU limits and requests, which are shares of a node's time, not vCPUs of a host: ", std::move(services_),
             place_, estate);
}

}  // namespace poolfit::imports

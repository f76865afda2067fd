#include "proxied.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "url.hpp"

namespace poolfit::imports {
namespace {

std::optional<std::int64_t> number_of(std::string_view text) { return Sealed(std::string(text)).number(); }

/// "NAME=tcp:0.0.0.0:5432" of version 1, "NAME?address=0.0.0.0&port=5432" of version 2.
std::optional<std::int64_t> port_of(std::string_view parameters) {
    if (const std::size_t tcp = parameters.find("tcp:"); parameters.starts_with('=') && tcp != parameters.npos)
        return number_of(parameters.substr(parameters.rfind(':') + 1));
    constexpr std::string_view key = "port=";
    const std::size_t at = parameters.find(key);
    if (at == parameters.npos) return std::nullopt;
    const std::string_view rest = parameters.substr(at + key.size());
    return number_of(rest.substr(0, rest.find_first_of("&\"'")));
}

void add(std::string_view list, std::vector<Proxied>& into) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view one = list.substr(0, comma);
        const std::string_view name = one.substr(0, std::min(one.find_first_of("=?"), one.size()));
        if (read_connection_name(name)) {
            auto port = port_of(one.substr(name.size()));
            into.push_back({std::string(name), port});
        }
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
}

/// The part of the word behind one of the flags; the next word where the flag is one by itself. Nothing of other words.
std::optional<std::string_view> value_of(const std::vector<std::string>& words, std::size_t at,
                                         std::initializer_list<std::string_view> flags) {
    const std::string_view word = words[at];
    for (const std::string_view flag : flags) {
        if (word == flag && at + 1 < words.size()) return words[at + 1];
        if (word.starts_with(flag) && word.substr(flag.size()).starts_with('=')) return word.substr(flag.size() + 1);
    }
    return std::nullopt;
}

}  // namespace

std::vector<Proxied> proxied_instances(const Program& proxy) {
    std::vector<Proxied> found;
    std::optional<std::int64_t> first;
    const std::vector<std::string> words = command_words(proxy.words);
    for (std::size_t i = 0; i < words.size(); ++i) {
        // Version 1 has the flag; version 2 has the names as words.
        if (const auto list = value_of(words, i, {"-instances", "--instances"})) {
            if (words[i].find('=') != std::string::npos) add(*list, found);
        } else if (const auto port = value_of(words, i, {"--port", "-p"})) {
            first = number_of(*port);
        } else {
            add(words[i], found);
        }
    }
    for (const Variable& variable : proxy.variables.all()) {
        const std::string_view name = variable.name;
        if (!variable.known) continue;
        if (name == "INSTANCES" || name.starts_with("CSQL_PROXY_INSTANCE_CONNECTION_NAME"))
            add(variable.value.opened(), found);
        if (name == "CSQL_PROXY_PORT" && !first) first = variable.value.number();
    }
    // From --port on each that has no port of its own gets the next one.
    if (first)
        for (Proxied& each : found)
            if (!each.port) each.port = (*first)++;
    return found;
}

void lead_through(const std::vector<Proxied>& instances, Address& address) {
    const auto lead = [&](const std::string& instance) { address.hosts.assign(1, instance); };
    if (instances.size() == 1) return lead(instances.front().instance);
    const auto at =
        std::ranges::find_if(instances, [&](const Proxied& each) { return address.port && each.port == address.port; });
    if (at != instances.end()) return lead(at->instance);
    std::vector<std::string> names;
    for (const Proxied& each : instances) names.push_back(each.instance);
    address.hosts.clear();
    address.unknown = names.empty() ? "the Cloud SQL proxy that it connects to names no instance in the files"
                                    : fmt::format(
                                          "the Cloud SQL proxy that it connects to leads to {}, and its port "
                                          "does not say to which",
                                          fmt::join(names, ", "));
}

}  // namespace poolfit::imports

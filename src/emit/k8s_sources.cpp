#include "k8s_sources.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <poolfit/emit/identifiers.hpp>

namespace poolfit::emit {
namespace {

/// "DB_POOL 10" of `max = 10  # from k8s.yaml: DB_POOL 10`; empty where the line has no such comment.
std::string_view said_beside(const Place& place) {
    if (!place) return {};
    std::string_view line = place.source->line(place.source->position(place.span.end).line);
    constexpr std::string_view mark = "# from ";
    const std::size_t at = line.rfind(mark);
    if (at == line.npos) return {};
    line.remove_prefix(at + mark.size());
    const std::size_t colon = line.find(": ");
    return colon == line.npos ? std::string_view() : line.substr(colon + 2);
}

bool is_variable(std::string_view text) {
    return !text.empty() && text.front() > '9' && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    });
}

/// The text up to `mark`, which is cut off with it.
std::string_view take(std::string_view& text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(at == text.npos ? text.size() : at + mark.size());
    return part;
}

}  // namespace

Workload workload_of(const Service& service) {
    Workload workload;
    workload.name = object_name(*service.name);
    std::string_view said = said_beside(service.name.place);
    const std::size_t equals = said.rfind(" = ");
    if (equals == said.npos) return workload;
    const std::string_view name = said.substr(equals + 3);
    said = said.substr(0, equals);
    const std::string_view kind = take(said, " in ");
    constexpr std::string_view kinds[] = {"Deployment", "StatefulSet", "DaemonSet"};
    if (std::ranges::find(kinds, kind) == std::end(kinds)) return workload;
    return {.kind = std::string(kind), .space = std::string(said), .name = std::string(name), .known = true};
}

std::vector<SizeVariable> size_variables_of(const Pool& pool) {
    if (!pool.max) return {};
    std::string_view said = said_beside(pool.max->place);
    said = take(said, " = ");
    std::vector<SizeVariable> all;
    while (!said.empty()) {
        std::string_view part = take(said, " + ");
        const std::string_view name = take(part, " ");
        SizeVariable variable{std::string(name), 0};
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), variable.value);
        if (!is_variable(name) || error != std::errc() || end != part.data() + part.size()) return {};
        all.push_back(std::move(variable));
    }
    return all.size() <= 2 ? all : std::vector<SizeVariable>();
}

}  // namespace poolfit::emit

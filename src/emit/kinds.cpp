#include "kinds.hpp"

#include <algorithm>
#include <array>

namespace poolfit::emit {

std::span<const Kind> kinds() {
    // In the order in which help lists them.
    static const std::array table{
        rows::pools,     rows::pgbouncer,      rows::roles,   rows::guard,  rows::k8s,
        rows::terraform, rows::cloudformation, rows::runbook, rows::alarms,
    };
    return table;
}

const Kind* find_kind(std::string_view name) {
    const auto found = std::ranges::find(kinds(), name, &Kind::name);
    return found == kinds().end() ? nullptr : &*found;
}

}  // namespace poolfit::emit

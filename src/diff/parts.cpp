#include "parts.hpp"

#include <fmt/format.h>

namespace poolfit::diff {

std::string what_of_instance(const Server& server) {
    return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", server.provider, server.engine, server.version, server.cls,
                       server.region, server.multi_az);
}

std::string what_of_storage(std::string_view type, const std::array<double, 4>& numbers) {
    return fmt::format("{}\n{:.9g}\n{:.9g}\n{:.9g}\n{:.9g}", type, numbers[0], numbers[1], numbers[2], numbers[3]);
}

void add(Cost& sum, const Cost& part) {
    if (part.presence == Presence::none || sum.presence == Presence::unknown) return;
    if (part.presence == Presence::unknown) {
        sum = part;
    } else if (part.presence == Presence::open) {
        if (sum.presence == Presence::none) sum.presence = Presence::open;
    } else {
        sum.value = sum.value + part.value;
        sum.presence = Presence::known;
    }
}

}  // namespace poolfit::diff

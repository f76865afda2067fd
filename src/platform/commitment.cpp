#include <poolfit/platform/commitment.hpp>

#include <algorithm>
#include <charconv>

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform {

std::optional<double> normalized_units(const Platform& platform, const InstanceClass& cls) {
    const CommitmentTerms* terms = platform.commitment;
    if (terms == nullptr) return std::nullopt;
    const std::string_view size = cls.name.substr(cls.name.rfind('.') + 1);
    int times = 0;
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), times);
    const bool multiple = error == std::errc() && times > 0;
    const std::string_view unit = multiple ? std::string_view(end, size.data() + size.size()) : size;
    const auto row = std::ranges::find(terms->sizes, unit, &CommitmentTerms::Size::name);
    if (row == terms->sizes.end()) return std::nullopt;
    return row->units * (multiple ? times : 1);
}

bool plan_covers(const Platform& platform, const InstanceClass& cls) {
    if (platform.commitment == nullptr) return false;
    return platform.elastic != nullptr || cls.generation >= platform.commitment->plan_generation;
}

}  // namespace poolfit::platform

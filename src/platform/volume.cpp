#include <poolfit/platform/volume.hpp>

#include <algorithm>

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform {

const VolumeKind* find_volume(const Platform& platform, std::string_view name) {
    if (platform.volumes == nullptr) return nullptr;
    const auto at = std::ranges::find(platform.volumes->kinds, name, [](const VolumeKind* kind) { return kind->name; });
    return at == platform.volumes->kinds.end() ? nullptr : *at;
}

const VolumeKind::Tier* tier(const VolumeKind& kind, double gib) {
    const VolumeKind::Tier* found = nullptr;
    for (const VolumeKind::Tier& each : kind.tiers)
        if (static_cast<double>(each.from_gib) <= gib) found = &each;
    return found;
}

const VolumeKind::Tier* next_tier(const VolumeKind& kind, double gib) {
    const auto at = std::ranges::find_if(
        kind.tiers, [&](const VolumeKind::Tier& each) { return static_cast<double>(each.from_gib) > gib; });
    return at == kind.tiers.end() ? nullptr : &*at;
}

bool has_flat_volume(const Volumes& volumes, EngineVersion version) {
    const auto since = volumes.flat_since;
    if (since.empty() || version.series > since.back().series) return true;
    const auto at = std::ranges::find(since, version.series, &EngineVersion::series);
    return at != since.end() && (!version.exact() || version.release >= at->release);
}

}  // namespace poolfit::platform

#include <poolfit/platform/volume.hpp>

#include <algorithm>
#include <cmath>

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform {

const VolumeKind* find_volume(const Platform& platform, std::string_view name) {
    if (platform.volumes == nullptr) return nullptr;
    const auto at = std::ranges::find(platform.volumes->kinds, name, [](const VolumeKind* kind) { return kind->name; });
    return at == platform.volumes->kinds.end() ? nullptr : *at;
}

const VolumeKind* volume_meant(const Platform& platform, std::string_view name) {
    const VolumeKind* const found = find_volume(platform, name);
    if (found != nullptr || platform.volumes == nullptr) return found;
    const auto at = std::ranges::find(platform.volumes->kinds, name, &VolumeKind::in_api);
    return at == platform.volumes->kinds.end() || name.empty() ? nullptr : *at;
}

const VolumeKind* usual_volume(const Volumes& volumes, const InstanceClass* cls) {
    const auto takes = [&](const VolumeKind* kind) { return kind->on == nullptr || cls == nullptr || kind->on(*cls); };
    if (volumes.usual == nullptr || takes(volumes.usual)) return volumes.usual;
    const auto at = std::ranges::find_if(volumes.kinds, takes);
    return at == volumes.kinds.end() ? nullptr : *at;
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

double most_provisioned(const VolumeKind& kind, double gib) {
    const VolumeKind::Provisioned& may = *kind.provisioned;
    return may.most_per_gib == 0 ? may.most : std::min(may.most, std::floor(gib * may.most_per_gib));
}

double least_provisioned(const VolumeKind& kind, double gib) {
    const VolumeKind::Tier* at = tier(kind, gib);
    return std::max(kind.provisioned->least, at != nullptr ? at->iops : 0);
}

bool has_flat_volume(const Volumes& volumes, EngineVersion version) {
    const auto since = volumes.flat_since;
    if (since.empty() || version.series > since.back().series) return true;
    const auto at = std::ranges::find(since, version.series, &EngineVersion::series);
    return at != since.end() && (!version.exact() || version.release >= at->release);
}

}  // namespace poolfit::platform

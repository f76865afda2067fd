#include "storage_other.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/assess/leaves.hpp>

namespace poolfit::plan {
namespace {

constexpr double step_of_iops = 100;

/// IOPS in whole hundreds that so much throughput takes.
double iops_of(double mibps, const VolumeKind::Provisioned& may) {
    return may.mibps_per_iops > 0 ? std::ceil(mibps / may.mibps_per_iops / step_of_iops) * step_of_iops : 0;
}

}  // namespace

const VolumeKind::Tier* OtherVolumes::tier_of(const VolumeKind& kind, double gib) {
    const bool has = gib >= static_cast<double>(kind.least_gib) && gib <= static_cast<double>(kind.most_gib);
    return has ? platform::tier(kind, gib) : nullptr;
}

std::optional<double> OtherVolumes::seen_mibps() const {
    const auto& seen = database_.observed.ebs_throughput;
    return seen ? std::optional(assess::mib_per_second((*seen)->high)) : std::nullopt;
}

bool OtherVolumes::has_throughput(const Volume& then) const {
    const double has = then.mibps ? then.mibps->value : platform::tier(*then.kind, then.gib->value)->mibps;
    return has == 0 || seen_mibps().value_or(0) <= has;
}

double OtherVolumes::most_mibps(const VolumeKind& kind) const {
    const VolumeKind::Tier& tier = *platform::tier(kind, use_.volume.gib->value);
    return tier.set && kind.provisioned != nullptr ? std::max(tier.mibps, kind.provisioned->most_mibps) : tier.mibps;
}

/// Where throughput is paid for today, as much, unless less was seen. Else what was seen, where the size gives less;
/// no more than the class lets through.
OtherVolumes::Throughput OtherVolumes::throughput(const VolumeKind::Tier& tier,
                                                  const VolumeKind::Provisioned* may) const {
    const auto seen = seen_mibps();
    const double room = seen ? std::ceil(*seen / room_in_volume) : 0;
    if (const auto& paid = use_.volume.mibps) {
        if (!seen || paid->value <= room) return {Throughput::Of::paid, paid->value};
        return {Throughput::Of::seen, room};
    }
    if (!seen || tier.mibps == 0 || *seen <= tier.mibps || may == nullptr || *seen > may->most_mibps) return {};
    Throughput result{Throughput::Of::seen, room};
    if (const auto& most = cls_.throughput.ebs_baseline)
        if (const double lets = std::ceil(assess::mib_per_second(*most)); lets >= *seen && lets < room)
            result = {Throughput::Of::by_class, lets};
    if (may->most_mibps < result.mibps) result = {Throughput::Of::by_kind, may->most_mibps};
    return result;
}

std::optional<Volume> OtherVolumes::as(const VolumeKind& kind, Iops iops, bool exactly, double grown) const {
    if (!use_.volume.gib) return std::nullopt;
    const double gib = grown > 0 ? grown : use_.volume.gib->value;
    const auto* tier = tier_of(kind, gib);
    if (tier == nullptr) return std::nullopt;
    Volume then;
    then.kind = &kind;
    then.gib = grown > 0 ? Figure<double>{grown, {}} : use_.volume.gib;
    const auto* may = tier->set ? kind.provisioned : nullptr;
    double taken = 0;  // IOPS, by the throughput
    if (const double mibps = throughput(*tier, may).mibps; mibps > tier->mibps && (tier->mibps > 0 || may != nullptr)) {
        if (may == nullptr || mibps > may->most_mibps) return std::nullopt;
        then.mibps = Figure<double>{mibps, {}};
        taken = iops_of(mibps, *may);
    }
    if (std::max(iops.included, taken) <= tier->iops) return then;
    if (may == nullptr) return exactly ? std::nullopt : std::optional(then);
    const double needs = std::max(iops.provisioned, taken), most = platform::most_provisioned(kind, gib);
    if (exactly && needs > most) return std::nullopt;
    then.iops = Figure<double>{std::max(std::min(needs, most), platform::least_provisioned(kind, gib)), {}};
    return then;
}

std::optional<Volume> OtherVolumes::at_any_size(const VolumeKind& kind, Iops iops) const {
    if (!use_.volume.gib) return std::nullopt;
    if (auto then = as(kind, iops, true); then && has_throughput(*then)) return then;
    for (const VolumeKind::Tier& tier : kind.tiers) {
        const auto gib = static_cast<double>(tier.from_gib);
        if (gib <= use_.volume.gib->value) continue;
        if (auto then = as(kind, iops, true, gib); then && has_throughput(*then)) return then;
    }
    return std::nullopt;
}

assess::Term OtherVolumes::throughput_term(const Volume& then, Recorder r) const {
    const auto wanted = throughput(*platform::tier(*then.kind, then.gib->value), then.kind->provisioned);
    const auto mib = r.literal(assess::mbps(1));
    if (wanted.of == Throughput::Of::paid) return r(*use_.volume.mibps);
    if (wanted.of == Throughput::Of::by_kind) return r.literal(wanted.mibps);
    if (wanted.of == Throughput::Of::by_class) {
        const double lets = cls_.throughput.ebs_baseline->value;
        return assess::ceil(r(Figure<double>{lets, r.row(assess::class_key(cls_, Name::ebs_baseline),
                                                         assess::measured(Measure::mbps, lets), cls_.row)}) /
                            mib);
    }
    const auto& seen = database_.observed.ebs_throughput;
    const Interval<double> range{(*seen)->low.value, (*seen)->high.value};
    const Figure<Interval<double>> given{range, r.input(assess::database_key(index_, Name::observed_ebs_throughput),
                                                        assess::measured(Measure::mbps, range), seen->place)};
    return assess::ceil(assess::high(r(given)) / mib / r(volume_room(r)));
}

assess::Term OtherVolumes::iops_term(const Volume& then, const std::optional<Figure<double>>& source,
                                     Recorder r) const {
    const double iops = then.iops->value;
    if (source && source->value == iops) return r(*source);
    const auto& lets = cls_.throughput.ebs_baseline_iops;
    if (lets && *lets == iops)
        return r(Figure<double>{*lets, r.row(assess::class_key(cls_, Name::ebs_baseline_iops),
                                             assess::measured(Measure::iops, *lets), cls_.row)});
    const double per_iops = then.kind->provisioned->mibps_per_iops;
    if (!then.mibps || iops_of(then.mibps->value, *then.kind->provisioned) != iops) return r.literal(iops);
    return assess::ceil(r(*then.mibps) / r.literal(per_iops) / r.literal(step_of_iops)) * r.literal(step_of_iops);
}

}  // namespace poolfit::plan

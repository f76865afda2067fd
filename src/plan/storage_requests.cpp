// The I/O requests of a volume that charges each, and what those of deleted readers cost.
#include <vector>

#include <poolfit/assess/leaves.hpp>

#include "storage.hpp"

namespace poolfit::plan {
namespace {

using assess::Term;

constexpr double seconds_per_hour = 3600, million = 1e6;

/// Each instance asks for pages of its own; nothing where one was not observed: of the others it would be a part.
std::optional<Term> a_month(const Fleet& fleet, const std::vector<Index>& instances, Recorder r) {
    std::vector<Term> parts;
    for (const Index i : instances) {
        const auto& seen = fleet.databases[i].observed.iops;
        if (!seen) return std::nullopt;
        // A peak alone is no more than a bound of the month.
        const Term given =
            r(Figure<Interval<double>>{**seen, r.input(assess::database_key(i, Name::observed_iops),
                                                       assess::measured(Measure::iops, **seen), seen->place)});
        parts.push_back((*seen)->is_point() ? assess::between(r.literal(0), given) : given);
    }
    return assess::sum(parts, r.figures()) * r.literal(seconds_per_hour) * r(assess::month_hours(r));
}

}  // namespace

void count_requests(const Fleet& fleet, const Plan& plan, Index index, StorageUse& use, Recorder r) {
    if (!fleet.databases[index].platform->volumes->shared && !use.volume.kind->io_charged) return;
    if (use.volume.requests) {
        use.requests = use.requests_after = use.volume.requests;
        return;
    }
    std::vector<Index> all{index}, kept{index}, deleted;
    for (const Index replica : plan.topology.replicas[index]) {
        all.push_back(replica);
        const bool goes = plan.databases[replica].recommendation.verdict == Verdict::idle;
        (goes ? deleted : kept).push_back(replica);
    }
    const auto keep = [&](const std::vector<Index>& instances, Key key) {
        const auto count = a_month(fleet, instances, r);
        return count ? std::optional(r.keep<Interval<double>>(key, Measure::count, *count)) : std::nullopt;
    };
    const Key key = assess::database_key(index, Name::storage_requests);
    use.requests = keep(all, key);
    use.requests_after = use.requests;
    if (!deleted.empty()) use.requests_after = keep(kept, {key.subject, key.name, Phase::after});
    use.requests_observed = use.requests || use.requests_after;
    use.volume.requests = use.requests;
    if (deleted.empty() || !use.requests || !use.volume.kind->io_charged) return;
    const auto& database = fleet.databases[index];
    const auto price = plan.market->catalog().storage_price(*database.platform, *database.region, use.volume.kind->name,
                                                            *database.multi_az);
    if (!price || !price->per_million_requests) return;
    Key price_key = assess::database_key(index, Name::storage_per_million);
    price_key.detail = use.volume.kind->name;
    const Figure<MicroUsdPerMonth> of_million{
        *price->per_million_requests,
        r.row(price_key, assess::unit_measured(*price->per_million_requests), price->row)};
    using Money = Interval<MicroUsdPerMonth>;
    std::vector<Term> parts;
    for (const Index i : deleted) {
        const Term io = *a_month(fleet, {i}, r) / r.literal(million) * r(of_million);
        use.deleted_readers.push_back({i, r.keep<Money>(assess::database_key(i, Name::idle_io), io)});
        parts.push_back(r(use.deleted_readers.back().io));
    }
    use.deleted_io = r.keep<Money>({key.subject, Name::storage_saves, Phase::after}, assess::sum(parts, r.figures()));
}

Figure<double> volume_room(Recorder r) {
    return {room_in_volume, r.constant(assess::constant_key(Name::volume_room),
                                       assess::measured(Measure::ratio, room_in_volume), Grounds::iops_room)};
}

bool lacks_throughput_alone(const StorageUse& use, const Volume& then, const VolumeCost& cost) {
    const Volume& today = use.volume;
    return use.cost.cost && use.cost.at_least && then.kind == today.kind && !then.kind->io_charged &&
           cost.price->per_iops && !cost.price->per_mibps && then.mibps && today.mibps &&
           then.mibps->value == today.mibps->value && then.gib->value == today.gib->value;
}

}  // namespace poolfit::plan

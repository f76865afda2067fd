#include <poolfit/assess/storage.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/assess/leaves.hpp>

namespace poolfit::assess {
namespace {

constexpr double requests_in_million = 1e6;

/// A number of a kind of volume.
Figure<double> constant(Name name, std::string_view detail, Measure measure, double value, std::string_view source,
                        Recorder r) {
    Key key = constant_key(name);
    key.detail = detail;
    return {value, r.constant(key, measured(measure, value), source)};
}

const VolumeKind::Tier* tier_of(const Volume& volume) {
    return volume.kind != nullptr && volume.gib ? platform::tier(*volume.kind, volume.gib->value) : nullptr;
}

/// What of a kind costs, a price of the catalog's row.
Term unit_price(const StoragePrice& price, Index index, const VolumeKind& kind, Name name, MicroUsdPerMonth amount,
                bool doubled, Recorder r) {
    Key key = database_key(index, name);
    key.detail = kind.name;
    if (!price.doubled && !doubled)
        return r(Figure<MicroUsdPerMonth>{amount, r.row(key, unit_measured(amount), price.row)});
    // What the database pays has the name; the row is of one copy.
    Key one = key;
    if (r.on()) one.detail = r.figures()->own(fmt::format("{}.one_copy", kind.name));
    const MicroUsdPerMonth single(amount.value / 2);
    const Term row =
        r(Figure<MicroUsdPerMonth>{single, r.row(one, unit_measured(single), doubled ? price.single : price.row)});
    return r(r.keep<MicroUsdPerMonth>(key, Measure::usd_per_unit, r.literal(2) * row));
}

}  // namespace

Measured unit_measured(MicroUsdPerMonth amount) {
    return measured(Measure::usd_per_unit, static_cast<double>(amount.value));
}

const Storage* storage_of(const Fleet& fleet, Index index) {
    const Database* database = &fleet.databases[index];
    if (database->replica_of && database->platform->volumes != nullptr && database->platform->volumes->shared)
        database = &fleet.databases[*database->replica_of];
    return database->storage ? &*database->storage : nullptr;
}

const VolumeKind* volume_factor(const Fleet& fleet, Index index) {
    const Storage* storage = storage_of(fleet, index);
    const bool changes = storage != nullptr && storage->kind != nullptr && storage->kind->class_factor != 1;
    return changes ? storage->kind : nullptr;
}

MicroUsdPerMonth with_factor(const VolumeKind& kind, MicroUsdPerMonth price) {
    return MicroUsdPerMonth(rounded(static_cast<double>(price.value) * kind.class_factor));
}

Figure<double> class_factor(const VolumeKind& kind, Recorder r) {
    return constant(Name::volume_class_factor, kind.name, Measure::ratio, kind.class_factor, kind.class_source, r);
}

double mib_per_second(MegabitsPerSecond throughput) {
    return throughput.value * 1e6 / 8 / static_cast<double>(bytes_per_mib);
}

double mbps(double mib_per_second) { return mib_per_second * 8 * static_cast<double>(bytes_per_mib) / 1e6; }

Volume volume(const Fleet& fleet, Index index, Recorder r) {
    const Storage& storage = *fleet.databases[index].storage;
    Volume result;
    result.kind = storage.kind;
    const auto given = [&](Name name, Measure measure, double value, const Place& place) {
        return Figure<double>{value, r.input(database_key(index, name), measured(measure, value), place)};
    };
    if (storage.size)
        result.gib = given(Name::storage_size, Measure::count, gib(storage.size->value), storage.size->place);
    if (storage.max_size)
        given(Name::storage_max_size, Measure::count, gib(storage.max_size->value), storage.max_size->place);
    if (storage.iops)
        result.iops = given(Name::storage_provisioned_iops, Measure::iops, **storage.iops, storage.iops->place);
    if (storage.throughput)
        result.mibps = given(Name::storage_provisioned_mibps, Measure::count, mib_per_second(storage.throughput->value),
                             storage.throughput->place);
    if (storage.io_requests)
        result.requests =
            Figure<Interval<double>>{**storage.io_requests, r.input(database_key(index, Name::storage_requests),
                                                                    measured(Measure::count, **storage.io_requests),
                                                                    storage.io_requests->place)};
    return result;
}

std::optional<Figure<double>> volume_iops(const Volume& volume, const Key& key, Recorder r) {
    if (volume.iops) return r.keep<double>(key, Measure::iops, r(*volume.iops));
    const VolumeKind::Tier* tier = tier_of(volume);
    if (tier == nullptr) return std::nullopt;
    const VolumeKind& kind = *volume.kind;
    if (kind.iops_per_gib > 0) {
        const auto rate =
            constant(Name::volume_iops_per_gib, kind.name, Measure::iops, kind.iops_per_gib, kind.source, r);
        const auto least = constant(Name::volume_least_iops, kind.name, Measure::iops, kind.least_iops, kind.source, r);
        const auto most = constant(Name::volume_most_iops, kind.name, Measure::iops, kind.most_iops, kind.source, r);
        return r.keep<double>(key, Measure::iops,
                              assess::least(assess::most(r(*volume.gib) * r(rate), r(least)), r(most)));
    }
    if (tier->iops == 0) return std::nullopt;
    return r.keep<double>(key, Measure::iops,
                          r(constant(Name::volume_iops, tier->name, Measure::iops, tier->iops, kind.source, r)));
}

std::optional<Figure<double>> volume_mibps(const Volume& volume, const Key& key, Recorder r) {
    if (volume.mibps) return r.keep<double>(key, Measure::count, r(*volume.mibps));
    const VolumeKind::Tier* tier = tier_of(volume);
    if (tier == nullptr || tier->mibps == 0) return std::nullopt;
    return r.keep<double>(
        key, Measure::count,
        r(constant(Name::volume_mibps, tier->name, Measure::count, tier->mibps, volume.kind->source, r)));
}

double volume_burst(const Volume& volume, const Key& key, Recorder r) {
    const VolumeKind::Tier* tier = tier_of(volume);
    if (tier == nullptr || tier->burst == 0) return 0;
    r.constant(key, measured(Measure::iops, tier->burst), volume.kind->source);
    return tier->burst;
}

VolumeCost volume_cost(const Fleet& fleet, const Catalog& catalog, Index index, const Volume& volume, const Key& key,
                       Recorder r) {
    VolumeCost result;
    if (volume.kind == nullptr) return result;
    const Database& database = fleet.databases[index];
    const VolumeKind& kind = *volume.kind;
    const auto listed = database.platform->volumes->listed_price;
    result.other_class = listed != nullptr && !listed(*database.type);
    if (result.other_class) return result;
    result.price = catalog.storage_price(*database.platform, *database.region, kind.name, *database.multi_az);
    if (!result.price || !volume.gib) return result;
    const StoragePrice& price = *result.price;
    const auto each = [&](Name name, MicroUsdPerMonth amount, bool doubled = false) {
        return unit_price(price, index, kind, name, amount, doubled, r);
    };
    Term sum = r(*volume.gib) * each(Name::storage_per_gib, price.per_gib);
    const VolumeKind::Tier* tier = tier_of(volume);
    // What is provisioned above what the size includes.
    const auto above = [&](const std::optional<Figure<double>>& given, double included, Name constant_name,
                           Measure measure, const std::optional<MicroUsdPerMonth>& amount, Name price_name,
                           bool doubled) {
        if (!given || given->value <= included) return;
        if (!amount) {
            result.at_least = true;
            return;
        }
        Term charged = r(*given);
        if (included > 0) charged = charged - r(constant(constant_name, tier->name, measure, included, kind.source, r));
        sum = sum + charged * each(price_name, *amount, doubled);
    };
    above(volume.iops, tier != nullptr ? tier->iops : 0, Name::volume_iops, Measure::iops, price.per_iops,
          Name::storage_per_iops, price.doubled_iops);
    above(volume.mibps, tier != nullptr ? tier->mibps : 0, Name::volume_mibps, Measure::count, price.per_mibps,
          Name::storage_per_mibps, price.doubled_mibps);
    if (kind.io_charged) {
        if (volume.requests && price.per_million_requests)
            sum = sum + r(*volume.requests) / r.literal(requests_in_million) *
                            each(Name::storage_per_million, *price.per_million_requests, price.doubled_requests);
        else
            result.at_least = true;
    }
    result.cost = r.keep<Interval<MicroUsdPerMonth>>(key, sum);
    return result;
}

}  // namespace poolfit::assess

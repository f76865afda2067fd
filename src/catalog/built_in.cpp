#include "built_in.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>

namespace poolfit::catalog {
namespace {

std::optional<Burst> burst(const tables::BurstRow& row) {
    if (row.baseline_percent_x100 == 0) return std::nullopt;
    return Burst{Fraction(row.baseline_percent_x100 / 10000.0), row.credits_per_hour_x10 / 10.0,
                 row.max_credits_x10 / 10.0};
}

Bytes mebibytes(std::uint32_t mib) { return Bytes(mib * bytes_per_mib); }

std::optional<MegabitsPerSecond> megabits(std::uint32_t value) {
    if (value == 0) return std::nullopt;
    return MegabitsPerSecond(value);
}

std::optional<double> known(std::uint32_t value) {
    if (value == 0) return std::nullopt;
    return value;
}

InstanceClass instance_class(const tables::ClassRow& row) {
    InstanceClass cls;
    cls.name = tables::text(row.name);
    cls.family = tables::text(row.family);
    cls.category = tables::text(row.category);
    cls.generation = row.generation;
    cls.arch = row.arch;
    cls.vcpus = row.vcpus;
    cls.memory = mebibytes(row.memory_mib);
    if (row.os_visible_mib != 0) cls.os_visible = mebibytes(row.os_visible_mib);
    cls.burst = burst(row.burst);
    cls.throughput = {megabits(row.ebs_baseline_mbps),     megabits(row.ebs_max_mbps),
                      known(row.ebs_baseline_iops),        known(row.ebs_max_iops),
                      megabits(row.network_baseline_mbps), megabits(row.network_max_mbps)};
    cls.cpu_model = tables::text(row.cpu_model);
    cls.threads_per_core = row.threads_per_core;
    cls.ec2_equivalent = tables::text(row.ec2_equivalent);
    cls.cluster_only = row.cluster_only;
    cls.shared = row.shared;
    cls.by_size = row.by_size;
    cls.coremark_per_vcpu = known(row.coremark_per_vcpu);
    cls.coremark_note = tables::text(row.coremark_note);
    if (cls.coremark_per_vcpu) cls.coremark_row = tables::provenance(row.coremark_origin);
    cls.row = tables::provenance(row.origin);
    return cls;
}

void add_support(InstanceClass& cls, const tables::SupportRow& row) {
    cls.support = row.support;
    cls.legacy = row.legacy;
    cls.versions = tables::clauses.subspan(row.first_clause, row.clauses);
    cls.support_text = tables::text(row.text);
    cls.support_row = tables::provenance(row.origin);
}

HostType host(const tables::HostRow& row) {
    HostType host;
    host.name = tables::text(row.name);
    host.arch = row.arch;
    host.vcpus = row.vcpus;
    host.threads_per_core = row.threads_per_core;
    host.memory = mebibytes(row.memory_mib);
    host.burst = burst(row.burst);
    if (row.micro_usd_per_hour != 0) host.price = MicroUsdPerMonth(row.micro_usd_per_hour * hours_per_month);
    host.row = tables::provenance(row.origin);
    return host;
}

DriverDefault driver(const tables::DriverRow& row) {
    DriverDefault driver;
    driver.name = tables::text(row.name);
    driver.id = tables::text(row.id);
    driver.kind = static_cast<DriverDefault::Kind>(row.kind);
    driver.holds = static_cast<DriverDefault::Holds>(row.holds);
    driver.number = row.number;
    driver.formula = tables::text(row.formula);
    driver.text = tables::text(row.text);
    driver.max_option = tables::text(row.max_option);
    driver.metrics = tables::text(row.metrics);
    driver.acquire_timeout = tables::text(row.acquire_timeout);
    if (row.acquire_timeout_ms > 0) driver.gives_up_after = Millis(row.acquire_timeout_ms);
    driver.waits_forever = static_cast<DriverDefault::Known>(row.waits_forever);
    driver.counts_waiting = static_cast<DriverDefault::Known>(row.counts_waiting);
    driver.built_on = tables::text(row.built_on);
    driver.merge = tables::text(row.merge);
    driver.transaction_pooling = tables::text(row.transaction_pooling);
    driver.session_use = tables::text(row.session_use);
    driver.session_setting = tables::text(row.session_setting);
    driver.listens = row.listens;
    driver.pins = static_cast<DriverDefault::Known>(row.pins);
    driver.pins_by = tables::text(row.pins_by);
    driver.unpin = tables::text(row.unpin);
    driver.lifetime_option = tables::text(row.lifetime_option);
    if (!driver.lifetime_option.empty()) driver.max_lifetime = Millis(row.max_lifetime_s * 1000.0);
    driver.max_in_url = static_cast<DriverDefault::Arrives>(row.max_in_url);
    driver.max_in_env = static_cast<DriverDefault::Arrives>(row.max_in_env);
    driver.row = {driver.id, tables::text(row.source), tables::text(row.as_of), {}};
    return driver;
}

template <class Noun, class Row>
std::vector<Noun> nouns_of(std::span<const Row> rows, Noun (*make)(const Row&)) {
    std::vector<Noun> nouns;
    nouns.reserve(rows.size());
    for (const Row& row : rows) nouns.push_back(make(row));
    return nouns;
}

}  // namespace

const tables::PlatformRows& rows_of(const Platform& platform) {
    static const std::vector<const tables::PlatformRows*> rows = [] {
        static constexpr tables::PlatformRows none{};
        std::vector<const tables::PlatformRows*> found;
        for (const Platform* row : platform::all()) {
            found.push_back(&none);
            for (const tables::PlatformRows& data : tables::platforms)
                if (tables::text(data.id) == row->id) found.back() = &data;
        }
        return found;
    }();
    return *rows[platform::index_of(platform)];
}

const BuiltIn& built_in(const Platform& platform) {
    struct Slot {
        std::once_flag once;
        std::unique_ptr<const BuiltIn> made;
    };
    static std::vector<Slot> slots(platform::all().size());
    Slot& slot = slots[platform::index_of(platform)];
    std::call_once(slot.once, [&] {
        const tables::PlatformRows& rows = rows_of(platform);
        auto made = std::make_unique<BuiltIn>(BuiltIn{rows, nouns_of(rows.classes, instance_class), {}, {}});
        for (std::size_t i = 0; i < made->classes.size(); ++i) {
            add_support(made->classes[i], rows.support[i]);
            made->classes[i].limit = by_class(rows, i);
            made->pointers.push_back(&made->classes[i]);
        }
        if (rows.limit.text.length != 0) {
            auto parsed = formula::parse(tables::text(rows.limit.text), Formula::Dialect::rds);
            if (auto* formula = std::get_if<Formula>(&parsed)) made->limit = std::move(*formula);
        }
        slot.made = std::move(made);
    });
    return *slot.made;
}

const InstanceClass* custom_class(const Platform& platform, std::string_view name) {
    if (platform.custom == nullptr) return nullptr;
    const auto parsed = platform.custom->parse(name);
    const auto* shape = parsed ? std::get_if<CustomClasses::Shape>(&*parsed) : nullptr;
    if (shape == nullptr) return nullptr;
    struct Kept {
        std::string name;
        InstanceClass cls;
    };
    static std::mutex one_at_a_time;
    static std::map<std::pair<const Platform*, std::string>, std::unique_ptr<Kept>> all;
    const std::scoped_lock lock(one_at_a_time);
    auto& kept = all[{&platform, std::string(name)}];
    if (kept) return &kept->cls;
    kept = std::make_unique<Kept>();
    kept->name = name;
    InstanceClass& cls = kept->cls;
    cls.name = kept->name;
    cls.family = platform.custom->family;
    cls.category = platform.custom->category;
    cls.vcpus = shape->vcpus;
    cls.memory = shape->memory;
    cls.threads_per_core = 1;  // not known: no vCPU counts for more than another
    cls.support = InstanceClass::Support::yes;
    cls.by_size = true;
    cls.limit = by_memory(rows_of(platform), shape->memory);
    cls.row.source = platform.custom->source;
    cls.support_row = cls.row;
    return &cls;
}

const std::vector<HostType>& built_in_hosts() {
    static const std::vector<HostType> hosts = nouns_of(tables::hosts, host);
    return hosts;
}

const std::vector<DriverDefault>& built_in_drivers() {
    static const std::vector<DriverDefault> drivers = nouns_of(tables::drivers, driver);
    return drivers;
}

}  // namespace poolfit::catalog

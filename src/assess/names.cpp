#include "names.hpp"

#include <fmt/format.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::assess {

std::string database_name(const Database& database) { return "database." + *database.name; }
std::string service_name(const Service& service) { return "service." + *service.name; }
std::string pool_name(const Fleet& fleet, const Pool& pool) {
    return fmt::format("service.{}.pool.{}", *fleet.services[pool.service].name, *pool.name);
}
std::string pooler_name(const Pooler& pooler) { return "pooler." + *pooler.name; }
std::string class_name(const InstanceClass& cls) { return fmt::format("class.{}", cls.name); }

FigureId host_vcpus(const Host& host, Ledger& ledger) {
    const std::string name = fmt::format("host.{}.vcpus", *host.name);
    if (host.vcpus)
        return ledger.input(name, measured(Measure::vcpus, static_cast<double>(host.vcpus->value)), host.vcpus->place);
    return ledger.catalog(name, measured(Measure::vcpus, host.type->vcpus), host.type->row,
                          fmt::format("of {}", host.type->name));
}

FigureId class_vcpus(const InstanceClass& cls, Ledger& ledger) {
    return ledger.catalog(class_name(cls) + ".vcpus", measured(Measure::vcpus, cls.vcpus), cls.row);
}

FigureId class_memory(const InstanceClass& cls, Ledger& ledger) {
    return ledger.catalog(class_name(cls) + ".memory", measured(cls.memory), cls.row, "the class's label");
}

FigureId engine_memory(const Platform& platform, const InstanceClass& cls, Ledger& ledger) {
    const EngineMemory memory = catalog::engine_memory(platform, cls);
    const FigureId base = cls.os_visible
                              ? ledger.catalog(class_name(cls) + ".os_visible_memory", measured(*cls.os_visible),
                                               cls.row, "what the guest OS sees on the EC2 type")
                              : class_memory(cls, ledger);
    const FigureId model =
        ledger.catalog("model.engine_memory", measured(Measure::ratio, 1), memory.row, std::string(memory.basis));
    return ledger.derive(
        class_name(cls) + ".engine_memory", measured(memory.range),
        fmt::format("{} and {} keep (a range fitted to real servers)",
                    cls.os_visible ? "os_visible_memory - what the OS" : "memory - what the hardware, the OS",
                    platform.names.keeper),
        {base, model});
}

FigureId service_instances(const Service& service, Ledger& ledger) {
    const auto& range = *service.instances;
    return ledger.input(service_name(service) + ".instances", measured(Measure::count, static_cast<double>(range.high)),
                        service.instances.place,
                        range.is_point() ? "" : fmt::format("autoscaling from {}: the most counts", range.low));
}

FigureId nothing_connects(Ledger& ledger) {
    return ledger.constant("no_pools", measured(Connections(0)), "no pool of the inventory connects there");
}

FigureId service_processes(const Service& service, Ledger& ledger) {
    return ledger.input(service_name(service) + ".processes",
                        measured(Measure::count, static_cast<double>(*service.processes)), service.processes.place);
}

}  // namespace poolfit::assess

#include <poolfit/catalog/overlay.hpp>

#include <algorithm>

#include "built_in.hpp"
#include "overlay_store.hpp"
#include "tables.hpp"

namespace poolfit::catalog {
namespace {

InstanceClass instance_class(OverlayClass& row, auto keep) {
    InstanceClass cls;
    cls.name = keep(std::move(row.name));
    cls.family = keep(std::move(row.family));
    cls.category = keep(std::move(row.category));
    cls.generation = row.generation;
    cls.arch = row.arch;
    cls.vcpus = row.vcpus;
    cls.memory = row.memory;
    cls.os_visible = row.os_visible;
    cls.burst = row.burst;
    cls.throughput = row.throughput;
    cls.cpu_model = keep(std::move(row.cpu_model));
    cls.threads_per_core = row.threads_per_core;
    cls.coremark_per_vcpu = row.coremark_per_vcpu;
    cls.row = {{}, keep(std::move(row.source)), keep(std::move(row.as_of)), row.place};
    if (cls.coremark_per_vcpu) cls.coremark_row = cls.row;
    return cls;
}

}  // namespace

void add(Catalog& catalog, OverlayRows rows) {
    if (!catalog.overlay_) catalog.overlay_ = std::make_unique<Catalog::Overlay>();
    Catalog::Overlay& overlay = *catalog.overlay_;
    auto keep = [&overlay](std::string owned) { return overlay.keep(std::move(owned)); };

    overlay.class_rows += rows.classes.size();
    for (OverlayClass& row : rows.classes) {
        const InstanceClass base = instance_class(row, keep);
        for (const Platform* platform : platform::all()) {
            const std::string_view prefix = platform->class_prefix;
            if (!platform->has_classes || !base.name.starts_with(prefix)) continue;
            InstanceClass& cls = overlay.classes.emplace_back(base);
            const auto& own = built_in(*platform).classes;
            if (!own.empty() && !own.front().ec2_equivalent.empty())
                cls.ec2_equivalent = cls.name.substr(prefix.size());
            const bool runs = std::ranges::find(row.runs, platform) != row.runs.end();
            cls.support = runs ? InstanceClass::Support::yes : InstanceClass::Support::no;
            cls.support_row = cls.row;
            auto& classes = overlay.of[platform];
            if (classes.empty()) classes = built_in(*platform).pointers;
            auto at = std::ranges::lower_bound(classes, cls.name, {}, &InstanceClass::name);
            // What is listed of a class by its name holds of the user's row too.
            const auto& listed = built_in(*platform).pointers;
            const auto same = std::ranges::lower_bound(listed, cls.name, {}, &InstanceClass::name);
            cls.limit = by_memory(rows_of(*platform), cls.memory);
            if (!cls.limit && same != listed.end() && (*same)->name == cls.name) cls.limit = (*same)->limit;
            if (at != classes.end() && (*at)->name == cls.name)
                *at = &cls;
            else
                classes.insert(at, &cls);
        }
    }
    for (OverlayPrice& row : rows.prices) {
        std::string_view region = keep(std::move(row.region));
        Price price{row.amount,
                    false,
                    platform::term(row.term).text,
                    {{}, keep(std::move(row.source)), keep(std::move(row.as_of)), row.place}};
        overlay.prices.push_back({row.platform, keep(std::move(row.cls)), region, row.multi_az, row.term, price});
        if (std::ranges::find(catalog.regions(), region) != catalog.regions().end()) continue;
        if (overlay.regions.empty()) overlay.regions.assign(tables::regions.begin(), tables::regions.end());
        overlay.regions.insert(std::ranges::upper_bound(overlay.regions, region), region);
    }
}

}  // namespace poolfit::catalog

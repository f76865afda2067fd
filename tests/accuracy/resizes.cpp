#include "resizes.hpp"

#include <deque>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/platform/platform.hpp>

#include "table.hpp"

namespace accuracy {

namespace {

using namespace poolfit;

/// A class of RDS, or where RDS has none of that name, the EC2 type with what CoreMark's table says of it.
const InstanceClass& class_named(const std::string& name) {
    static const Catalog catalog;
    if (const InstanceClass* known = catalog.find_class(platform::usual(), name)) return *known;
    static std::deque<std::pair<std::string, InstanceClass>> made;
    for (const auto& [made_name, cls] : made)
        if (made_name == name) return cls;
    for (const known::Row& row : known::read_csv("data/catalog/coremark.csv")) {
        if ("db." + row.text("ec2_type") != name) continue;
        auto& [text, cls] = made.emplace_back(name, InstanceClass{});
        cls.name = text;
        cls.family = std::string_view(text).substr(3, text.find('.', 3) - 3);
        cls.vcpus = static_cast<int>(row.whole("vcpu"));
        cls.threads_per_core = static_cast<int>(row.whole("threads_per_core"));
        cls.coremark_per_vcpu = row["coremark_per_vcpu"];
        return cls;
    }
    throw std::runtime_error("no class " + name);
}

}  // namespace

bool Resize::held() const {
    if (!measured) return projected.high * busy > 1;
    return projected.low <= *measured && *measured <= projected.high;
}

std::vector<Resize> resizes() {
    std::vector<Resize> all;
    for (const known::Row& row : known::rows("real/resizes.csv")) {
        Resize r;
        r.from = row.text("from");
        r.to = row.text("to");
        r.engine = row.text("engine");
        r.kind = row.text("kind");
        r.date = row.text("date");
        r.source = row.text("source");
        const InstanceClass &from = class_named(r.from), &to = class_named(r.to);
        r.busy = row["busy"];
        if (!row.text("factor").empty()) r.measured = row["factor"];
        r.counted = static_cast<double>(from.vcpus) / to.vcpus;
        const double used = assess::capacity_share(from.threads_per_core, r.busy) * r.counted *
                            *from.coremark_per_vcpu / *to.coremark_per_vcpu;
        r.move = assess::cpu_move(from, to);
        if (r.kind == "saturation") {  // what both can do at most, one over the other
            const Interval<double> band = assess::cpu_band(r.move);
            r.law = used;
            r.projected = {used * band.low, used * band.high};
        } else {
            const Interval<double> there = assess::cpu_on(from, to, Interval<double>(r.busy));
            r.law = assess::busy_at(to.threads_per_core, used) / r.busy;
            r.projected = {there.low / r.busy, there.high / r.busy};
        }
        all.push_back(std::move(r));
    }
    return all;
}

}  // namespace accuracy

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include <poolfit/import/prices.hpp>

#include "../stream/answer.hpp"
#include "../stream/json_reader.hpp"
#include "engines.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view source = "aws ec2 describe-instance-types";

struct Type {
    std::string name, arch, burstable, vcpus, threads, memory, ebs_baseline, ebs_max, iops_baseline, iops_max;
    std::string network_baseline, network_max;
};

std::optional<double> number(const std::string& text, double most) {
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size() || !(value > 0) || value > most) return std::nullopt;
    return value;
}
std::optional<MegabitsPerSecond> mbps(const std::string& text, double times) {
    const auto value = number(text, 1e7);
    return value ? std::optional(MegabitsPerSecond(*value * times)) : std::nullopt;
}

/// The classes that a file has prices or answers of, with the platforms.
std::map<std::string, std::set<const Platform*>, std::less<>> classes_of(const catalog::OverlayRows& rows) {
    std::map<std::string, std::set<const Platform*>, std::less<>> classes;
    for (const auto& list : rows.lists)
        for (const auto& rate : list.rates) classes[rate.cls].insert(list.platform);
    for (const auto& answer : rows.orderable)
        for (const auto& cls : answer.classes) classes[cls].insert(answer.platform);
    return classes;
}

bool read_type(Answer& answer, JsonReader& json, Type& type) {
    const auto inside = [&](std::initializer_list<std::pair<std::string_view, std::string*>> keys) {
        return answer.object([&] {
            for (const auto& [key, into] : keys)
                if (json.text() == key) return answer.text(*into);
            return json.skip();
        });
    };
    return answer.object([&] {
        const std::string_view key = json.text();
        if (key == "InstanceType") return answer.text(type.name);
        if (key == "BurstablePerformanceSupported") return answer.text(type.burstable);
        if (key == "VCpuInfo") return inside({{"DefaultVCpus", &type.vcpus}, {"DefaultThreadsPerCore", &type.threads}});
        if (key == "MemoryInfo") return inside({{"SizeInMiB", &type.memory}});
        if (key == "ProcessorInfo")
            return answer.object([&] {
                if (json.text() != "SupportedArchitectures") return json.skip();
                return answer.list([&] {
                    std::string arch;
                    if (!answer.text(arch)) return false;
                    if (arch == "arm64" || arch == "x86_64") type.arch = arch;
                    return true;
                });
            });
        if (key == "EbsInfo")
            return answer.object([&] {
                if (json.text() != "EbsOptimizedInfo") return json.skip();
                return inside({{"BaselineBandwidthInMbps", &type.ebs_baseline},
                               {"MaximumBandwidthInMbps", &type.ebs_max},
                               {"BaselineIops", &type.iops_baseline},
                               {"MaximumIops", &type.iops_max}});
            });
        if (key == "NetworkInfo")
            return answer.object([&] {
                if (json.text() != "NetworkCards") return json.skip();
                bool first = true;  // the others are for several interfaces, which a database does not have
                return answer.list([&] {
                    if (!std::exchange(first, false)) return answer.skip();
                    return inside({{"BaselineBandwidthInGbps", &type.network_baseline},
                                   {"PeakBandwidthInGbps", &type.network_max}});
                });
            });
        return json.skip();
    });
}

}  // namespace

std::optional<Imported> aws_instance_types(const Feed& file, const PriceOptions& options, const Catalog& catalog,
                                           const catalog::OverlayRows& wanted, Sources& sources,
                                           Diagnostics& diagnostics) {
    Input bytes(file, sources, diagnostics);
    JsonReader json(bytes);
    Answer answer(json, "InstanceTypes", {"NextToken", "Marker"});
    Imported out;
    out.as_of = options.today;
    const auto classes = classes_of(wanted);
    Type type;
    const bool good = answer.each([&] {
        type = {};
        if (!read_type(answer, json, type)) return false;
        ++out.products;
        const std::string name = std::string(platform::usual().class_prefix) + type.name;
        if (catalog.find_class(platform::usual(), name) != nullptr) {
            ++out[Left::known_class];
            return true;
        }
        const auto at = classes.find(name);
        if (at == classes.end()) {
            ++out[Left::no_database];
            return true;
        }
        if (type.burstable == "true") {
            ++out[Left::burstable];
            return true;
        }
        const auto vcpus = number(type.vcpus, 10'000), memory = number(type.memory, 1e9);
        if (!vcpus || !memory || type.arch.empty())
            return json.refuse(type.name.substr(0, 60) + " has no vCPUs, memory or architecture",
                               "fetch the answer again, without --query");
        catalog::OverlayClass row;
        row.name = name;
        row.family = type.name.substr(0, type.name.find('.'));
        row.vcpus = static_cast<int>(*vcpus);
        row.memory = Bytes(static_cast<std::int64_t>(*memory) * bytes_per_mib);
        row.arch = type.arch == "arm64" ? Arch::arm64 : Arch::x86_64;
        if (const auto threads = number(type.threads, 8)) row.threads_per_core = static_cast<int>(*threads);
        row.throughput.ebs_baseline = mbps(type.ebs_baseline, 1);
        row.throughput.ebs_max = mbps(type.ebs_max, 1);
        row.throughput.ebs_baseline_iops = number(type.iops_baseline, 1e7);
        row.throughput.ebs_max_iops = number(type.iops_max, 1e7);
        row.throughput.network_baseline = mbps(type.network_baseline, 1000);
        row.throughput.network_max = mbps(type.network_max, 1000);
        for (const Platform* each : platform::all())
            if (at->second.contains(each)) row.sold_for.push_back(each);
        for (const auto& known : wanted.classes)
            if (known.name == name) {
                row.category = known.category;
                row.cpu_model = known.cpu_model;
            }
        row.as_of = out.as_of;
        row.source = source;
        out.rows.classes.push_back(std::move(row));
        return true;
    });
    if (!good) return std::nullopt;
    out.bytes = bytes.offset();
    out.goes_on = aws::next_page(answer.next_key(), answer.next());
    return out;
}

}  // namespace poolfit::imports

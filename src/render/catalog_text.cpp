#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <poolfit/render/render.hpp>
#include <poolfit/unit/print.hpp>

#include "csv_line.hpp"
#include "derivation.hpp"
#include "layout.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

std::string_view arch_text(Arch arch) { return arch == Arch::arm64 ? "arm64" : "x86_64"; }

std::string baseline_text(const InstanceClass& cls) { return cls.burst ? unit::print(cls.burst->baseline) : ""; }

/// Is its max_connections?
bool known(const catalog::Row& row) { return row.max_connections_nominal > 0; }

void print_row(Table& table, const catalog::Row& row, const std::string& region) {
    const InstanceClass& cls = *row.cls;
    std::vector<std::string> cells{std::string(cls.name),
                                   std::to_string(cls.vcpus),
                                   unit::print(cls.memory),
                                   std::string(arch_text(cls.arch)),
                                   known(row) ? unit::print(Connections(row.max_connections_nominal)) : "unknown",
                                   known(row) ? unit::print(row.max_connections_expected) : "unknown",
                                   baseline_text(cls)};
    if (row.price) {
        cells.push_back(unit::print(row.price->amount));
        cells.emplace_back(row.price->row.as_of);
    } else {
        cells.push_back("no price in " + region);
    }
    table.add(std::move(cells));
}

/// One class in full; each fact with the row that it comes from.
class Sheet {
public:
    Sheet(const ShownClass& shown, const Style& style)
        : shown_(shown),
          platform_(*shown.platform),
          cls_(*shown.cls),
          page_(style),
          indent_(page_.width() < 60 ? 14 : 22) {}

    std::string text() {
        page_.write({std::string(cls_.name)}, 0);
        page_.blank();
        size();
        connections();
        credits();
        throughput();
        support();
        prices();
        sources();
        return page_.take();
    }

private:
    void fact(std::string_view label, std::string text, const Provenance& row) {
        page_.labelled(label, {fmt::format("{} {}", text, reference(row))}, indent_);
    }

    /// "[s10, 2026-04-13]", and the source's text goes to the end; a user's row by its place.
    std::string reference(const Provenance& row) {
        if (row.place) return fmt::format("[{}]", joined({diag::print(row.place), std::string(row.as_of)}, ",\u00A0"));
        const std::string id(row.id.empty() ? row.source : row.id);
        if (!row.id.empty()) used_.emplace(row.id, row.source);
        return fmt::format("[{}]", joined({id, std::string(row.as_of)}, ",\u00A0"));
    }

    void size() {
        const std::string generation =
            cls_.generation > 0 ? fmt::format("generation {}", cls_.generation) : std::string();
        fact("family", joined({std::string(cls_.family), std::string(cls_.category), generation}, ", "), cls_.row);
        fact("vCPU",
             cls_.ec2_equivalent.empty() && cls_.threads_per_core == 1
                 ? fmt::format("{}{}", cls_.vcpus, cls_.shared ? ", shared" : "")
                 : fmt::format("{}, {} per core", cls_.vcpus,
                               counted(static_cast<std::size_t>(cls_.threads_per_core), "thread")),
             cls_.row);
        fact("memory", unit::print(cls_.memory), cls_.row);
        if (cls_.os_visible) fact("", unit::print(*cls_.os_visible) + " seen by the OS on the EC2 type", cls_.row);
        const EngineMemory& memory = shown_.memory;
        fact("", fmt::format("{} seen by the engine: {}", unit::print(memory.range), memory.basis), memory.row);
        fact("architecture", joined({std::string(arch_text(cls_.arch)), std::string(cls_.cpu_model)}, ", "), cls_.row);
        if (!cls_.ec2_equivalent.empty()) fact("EC2 type", std::string(cls_.ec2_equivalent), cls_.row);
        if (cls_.coremark_per_vcpu)
            fact("CoreMark per vCPU",
                 joined({unit::print_number(*cls_.coremark_per_vcpu), std::string(cls_.coremark_note)}, ", "),
                 cls_.coremark_row);
    }

    void connections() {
        if (shown_.listed)
            fact("max_connections", fmt::format("{} by default", unit::print(shown_.listed->range)),
                 shown_.listed->row);
        if (!shown_.listed && !shown_.limit)
            page_.labelled("max_connections", {"not documented for this class"}, indent_);
        if (!shown_.limit) return;
        fact("max_connections", std::string(shown_.limit->text), shown_.limit->row);
        page_.labelled(
            "",
            {fmt::format("{} nominal, {} expected", unit::print(shown_.max_nominal), unit::print(shown_.max_expected))},
            indent_);
    }

    void credits() {
        if (!cls_.burst) return;
        const Burst& burst = *cls_.burst;
        fact("baseline", unit::print(burst.baseline) + " per vCPU", cls_.row);
        fact("credits",
             fmt::format("{} earned per hour, at most {}", unit::print_number(burst.credits_per_hour),
                         unit::print_number(burst.max_credits)),
             cls_.row);
        if (const auto& price = shown_.credit_price)
            fact("surplus credits", unit::print_unit_price(price->micro_usd_per_vcpu_hour) + " per vCPU-hour",
                 price->row);
    }

    void path(std::string_view label, const std::optional<std::string>& baseline,
              const std::optional<std::string>& max) {
        std::vector<std::string> parts;
        if (baseline) parts.push_back(*baseline + " always");
        if (max && max != baseline) parts.push_back(*max + " in bursts");
        if (!parts.empty()) fact(label, joined(parts, ", "), cls_.row);
    }

    void throughput() {
        const auto mbps = [](const std::optional<MegabitsPerSecond>& rate) {
            return rate ? std::optional(unit::print(*rate)) : std::nullopt;
        };
        const auto iops = [](const std::optional<double>& rate) {
            return rate ? std::optional(unit::print_number(*rate) + " IOPS") : std::nullopt;
        };
        const Throughput& t = cls_.throughput;
        const std::string_view disk = platform_.words.disk;
        path(disk, mbps(t.ebs_baseline), mbps(t.ebs_max));
        path(fmt::format("{} IOPS", disk), iops(t.ebs_baseline_iops), iops(t.ebs_max_iops));
        path("network", mbps(t.network_baseline), mbps(t.network_max));
    }

    void support() {
        std::string text(shown_.versions);
        if (text.empty()) switch (cls_.support) {
                case InstanceClass::Support::yes:
                    text = "yes";
                    break;
                case InstanceClass::Support::no:
                    text = "no";
                    break;
                case InstanceClass::Support::likely:
                    text = "yes in one of the documentation's lists, not in the other";
                    break;
                case InstanceClass::Support::sold:
                    text = "it has a price; which versions run on it is not known";
                    break;
                case InstanceClass::Support::not_stated:
                    text = "not documented";
                    break;
            }
        fact(platform_.names.brief, text, shown_.versions_row);
        if (cls_.cluster_only) fact("", fmt::format("only in {}", platform_.words.clusters), cls_.row);
    }

    void prices() {
        bool any = false;
        for (const auto& [multi_az, term, price] : shown_.prices) {
            if (!price) continue;
            const std::string note = price->doubled
                                         ? fmt::format(", assumed 2\u00A0×\u00A0{}", platform_.deployments[0].name)
                                         : std::string();
            fact(fmt::format("price, {}", platform::deployment(platform_, multi_az).name),
                 fmt::format("{}/mo {} in {}{}", unit::print(price->amount), price->term, shown_.region, note),
                 price->row);
            any = true;
        }
        for (const auto& [multi_az, price] : shown_.plan_rates)
            if (price)
                fact(fmt::format("price, {}", platform::deployment(platform_, multi_az).name),
                     fmt::format("{}/mo under a {} in {}", unit::print(price->amount), platform_.commitment->plan,
                                 shown_.region),
                     price->row);
        if (!any) page_.labelled("price", {fmt::format("no price in {}", shown_.region)}, indent_);
    }

    void sources() {
        if (used_.empty()) return;
        page_.blank();
        page_.write({"sources"}, 0);
        for (const auto& [id, source] : used_) page_.write({fmt::format("  {}  {}", id, source)}, 7);
    }

    const ShownClass& shown_;
    const Platform& platform_;
    const InstanceClass& cls_;
    Page page_;
    int indent_;
    std::set<std::pair<std::string_view, std::string_view>> used_;
};

}  // namespace

std::string catalog_list_text(const CatalogList& list, const Style& style) {
    Page page(style);
    Table table({{"class", false, 0, false},
                 {"vCPU", true, 0, false},
                 {"memory", true, 0, false},
                 {"arch", false, 3, false},
                 {"max_conn", true, 2, false},
                 {"expected", true, 0, false},
                 {"baseline", true, 4, false},
                 {"$/mo", true, 0, false},
                 {"price of", false, 1, false}},
                0);
    std::size_t unpriced = 0;
    std::string_view oldest, newest;
    for (const catalog::Row& row : list.rows) {
        print_row(table, row, list.region);
        if (!row.price) {
            ++unpriced;
            continue;
        }
        const std::string_view date = row.price->row.as_of;
        if (oldest.empty() || date < oldest) oldest = date;
        if (date > newest) newest = date;
    }
    table.print(page);
    page.blank();
    std::vector<std::string> parts{fmt::format("{} of {} classes shown", list.rows.size(), list.total)};
    if (!oldest.empty())
        parts.push_back(fmt::format("prices of {}, {}", list.region,
                                    oldest == newest ? std::string(newest) : fmt::format("{} to {}", oldest, newest)));
    if (unpriced > 0) parts.push_back(fmt::format("{} without a price in {}", unpriced, list.region));
    if (list.cut > 0) parts.push_back(fmt::format("{} more match", list.cut));
    page.flow("", parts, " · ", 0);
    if (const auto dropped = table.dropped(page); !dropped.empty())
        page.write({fmt::format("not shown at this width: {}", joined(dropped, ", "))}, 0);
    return page.take();
}

std::string catalog_list_csv(const CatalogList& list) {
    std::string out =
        csv_line({"class", "vcpus", "memory_gib", "arch", "max_connections_nominal", "max_connections_expected_low",
                  "max_connections_expected_high", "baseline", "region", "usd_per_month", "price_as_of"});
    for (const catalog::Row& row : list.rows) {
        const InstanceClass& cls = *row.cls;
        out +=
            csv_line({std::string(cls.name), std::to_string(cls.vcpus), csv_number(gib(cls.memory)),
                      std::string(arch_text(cls.arch)), known(row) ? std::to_string(row.max_connections_nominal) : "",
                      known(row) ? std::to_string(row.max_connections_expected.low.value) : "",
                      known(row) ? std::to_string(row.max_connections_expected.high.value) : "",
                      cls.burst ? csv_number(cls.burst->baseline.value) : "", list.region,
                      row.price ? csv_usd(row.price->amount) : "", row.price ? std::string(row.price->row.as_of) : ""});
    }
    return out;
}

std::string catalog_show_text(const ShownClass& shown, const Style& style) { return Sheet(shown, style).text(); }

}  // namespace poolfit::render

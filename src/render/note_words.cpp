// What a reader has to know about a figure.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "derivation.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

/// The words of notes that nothing fills in.
std::string_view plain_note(Note note) {
    switch (note) {
        case Note::surge_default:
            return "not set: 25 %, the Kubernetes default";
        case Note::deploy_recreate:
            return "deploy = recreate: old instances stop before new ones start";
        case Note::not_deployed:
            return "CI and jobs come and go: no deploy puts new instances beside old ones";
        case Note::deploy_blue_green:
            return "deploy = blue-green: both sets run";
        case Note::deploy_cut_over:
            return "deploy = cut-over: the new revision runs its minimum until it takes over";
        case Note::deploy_rolling:
            return "deploy = rolling: new instances start before old ones stop";
        case Note::any_minor_version:
            return "minor version not set: the highest of any";
        case Note::label_is_ceiling:
            return "an upper bound: the engine sees less memory than the class label says";
        case Note::server_wins:
            return "the server's own value overrides the formula";
        case Note::set_by_hand_stays:
            return "max_observed differs from the formula on the current class: it was set by hand and stays when the "
                   "class changes";
        case Note::limit_stays:
            return "the server keeps its max_connections when the class changes";
        case Note::limit_of_chain:
            return "the default is that of the largest instance in the replica chain";
        case Note::limit_of_primary:
            return "a replica without a value of its own has its primary's";
        case Note::low_end:
            return "the low end: max_connections was not read from the server";
        case Note::leaves_room:
            return "using more of a limit is a risk";
        case Note::label_memory:
            return "the class's label";
        case Note::os_sees:
            return "memory that the guest OS sees on the EC2 type";
        case Note::worst_failure:
            return "the worst single failure";
        case Note::by_coremark:
            return "vCPU speed: CoreMark per vCPU with all vCPUs loaded";
        case Note::per_vcpu:
            return "per vCPU";
        case Note::mean_at_most_peak:
            return "mean not set: at most the peak";
        case Note::load_all_month:
            return "assumes the load stays at its high end all month";
        case Note::seen_by_os:
            return "used, of the memory that the guest OS sees";
        case Note::holds_always:
            return "baseline: always available";
        case Note::own_single:
            return "the inventory has its price without a standby";
        case Note::no_multi_az_row:
            return "the catalog has no price with a standby here";
        case Note::longer_end:
            return "uses the longer end of the range";
        case Note::shorter_end:
            return "uses the shorter end of the range";
        case Note::higher_end:
            return "uses the higher end of the range";
        case Note::records_of_services:
            return "[[service]] records";
        case Note::records_of_pools:
            return "[[service.pool]] records";
        case Note::within_ten_years:
            return "months from now";
        case Note::not_within_ten_years:
            return "not within 10 years";
        case Note::us_east_1:
            return "Linux, on demand, us-east-1";
        case Note::no_own_price:
            return "connections cost nothing themselves; classes are those of the plan";
        case Note::vcpu_column:
            return "a column of the table \"Pools by vCPUs\"";
        case Note::capped_by_runtime:
            return "at most what a process can hold";
        case Note::raised_by_runtime:
            return "at least what a process has to hold";
        case Note::one_thread_a_core:
            return "not set: assumes one thread per core, which needs more connections";
        default:
            return {};
    }
}

}  // namespace

std::string note_text(const Derivations& all, FigureId id) {
    const Node& node = all.figures[id];
    const auto& [note, text, number] = node.remark;
    switch (note) {
        case Note::autoscaling:
            return fmt::format("autoscaling from {}: the maximum counts", unit::print_number(number));
        case Note::reader_fails:
            return fmt::format("{} fails: its pools connect to the primary", text);
        case Note::primary_fails:
            return fmt::format("{} is promoted: the primary's pools connect to it",
                               *all.fleet.databases[node.key.subject.index].name);
        case Note::worst_deploy:
            return fmt::format("the deploy of {}, which opens the most (deploys_at_once = 1)", text);
        case Note::used_today:
            return fmt::format("{}{}connections and the memory kept by hardware and system", text,
                               text.empty() ? "" : ", ");
        case Note::no_coremark:
            return fmt::format("by vCPU count only: no CoreMark for {}", text);
        case Note::cpu_band:
            return moved_text(static_cast<CpuMove>(static_cast<int>(number)), node.key.cls->family,
                              node.value.high > 1);
        case Note::driver_default:
            return fmt::format("max is not set: default of {}", text);
        case Note::default_of:
            return fmt::format("default of {}", text);
        case Note::price_term:
            return text.empty() ? std::string("price from the inventory") : std::string(text);
        case Note::scaled:
            return fmt::format("× {} (--scale)", unit::print_number(number));
        case Note::higher_end_scaled:
            return fmt::format("uses the higher end of the range; × {} (--scale)", unit::print_number(number));
        case Note::of_host_type:
            return fmt::format("of {}", text);
        case Note::series_together: {
            const auto& databases = all.fleet.databases;
            const std::string_view lost = text;
            const Database& own = databases[node.key.subject.index];
            const auto other =
                std::ranges::find_if(databases, [&](const Database& each) { return *each.name == lost; });
            const auto cpu = [](const Database& database, bool watched) {
                return watched ? fmt::format("{} of {}", database.observed.watched->file, *database.name)
                               : fmt::format("the mean of {}", *database.name);
            };
            const int series = static_cast<int>(number);
            return fmt::format("{} and {}", cpu(own, (series & 1) != 0), cpu(*other, (series & 2) != 0));
        }
        case Note::merged_into:
            return fmt::format("merged into {}", text);
        case Note::basis:
        case Note::driver_text:
        case Note::free_text:
            return std::string(text);
        default:
            return std::string(plain_note(note));
    }
}

std::string_view source_words(const Origin& origin) { return source_words(origin.grounds, origin.source); }

std::string_view source_words(Grounds grounds, std::string_view source) {
    switch (grounds) {
        case Grounds::none:
            return source;
        case Grounds::format_default:
            return "default of the inventory format";
        case Grounds::fixed:
            return "a number of its rule, not computed";
        case Grounds::nothing_listed:
            return "nothing that would count is in the inventory";
        case Grounds::no_pools:
            return "no pool in the inventory connects to it";
        case Grounds::no_users:
            return "no instance of its family runs";
        case Grounds::no_pinned:
            return "it pins no client";
        case Grounds::month:
            return "the length of a month in this plan";
        case Grounds::week:
            return "7 days of 24 hours";
        case Grounds::command_line:
            return "the command line";
        case Grounds::cpu_credit:
            return "AWS: one CPU credit is one vCPU at 100 % for one minute";
        case Grounds::second_thread:
            return "database benchmarks by number of clients on classes with two threads per core: the nearest of "
                   "1.15, "
                   "1.3, 1.4 and 1.5";
        case Grounds::threads_per_core:
            return "docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-optimize-cpu.html (CPU options)";
        case Grounds::cpu_moves:
            return "measured moves, docs/accuracy.md";
        case Grounds::strategy_rules:
            return "Database Connection Pool Analysis & Optimization Plan: rule of thumb";
        case Grounds::iops_room:
            return "ours: provisioned IOPS a quarter above the highest that were observed";
        case Grounds::deleted_instance:
            return "an instance that is deleted is not charged; its snapshots are, by their size";
        case Grounds::deleted_volume:
            return "storage is charged until the database is deleted; its snapshots after that, by their size";
        case Grounds::deleted_capacity:
            return "capacity of a database that is deleted is not charged";
        case Grounds::deleted_pooler:
            return "it is deleted with its database";
    }
    return {};
}

}  // namespace poolfit::render

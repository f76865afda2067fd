// Kubernetes: strategic merge patches with the pools' sizes as environment variables, the surge of a rollout, and the
// bounds of an autoscaler.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/emit/identifiers.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/unit/print.hpp>

#include "k8s_sources.hpp"
#include "kinds.hpp"
#include "platform_tools.hpp"
#include "settings.hpp"
#include "targets.hpp"

namespace poolfit::emit {
namespace {

std::string literal(std::string_view text) { return quoted(Language::yaml, text); }

bool has_keys(std::string_view lines) {
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t stop = std::min(lines.find('\n', at), lines.size());
        const std::string_view line = lines.substr(at, stop - at);
        const std::size_t first = line.find_first_not_of(' ');
        if (first != line.npos && line[first] != '#') return true;
        at = stop + 1;
    }
    return false;
}

constexpr std::string_view of_list = "            ";  ///< before an element of env

class PatchMaker {
public:
    explicit PatchMaker(const Request& request) : request_(request), settings_(settings(request)) {}

    Emission make() {
        const Fleet& fleet = request_.fleet();
        std::vector<std::string> names;
        std::string patches;
        for (Index i = 0; i < fleet.services.size(); ++i) {
            if (!request_.wants_service(i)) continue;
            const std::string patch = of_service(i);
            if (patch.empty()) continue;
            names.push_back(*fleet.services[i].name);
            patches += patch;
        }
        if (patches.empty()) return std::move(emission_);
        std::string text = header(request_, Language::yaml, "Kubernetes patches", names);
        text += comment(Language::yaml,
                        "With Kustomize: patches: [{path: poolfit-patches.yaml}], beside the manifests.\n"
                        "A container is taken to have its workload's name, and an autoscaler too: put yours.\n"
                        "A container of another name would be a new one.");
        emission_.files.push_back({"poolfit-patches.yaml", Language::yaml, text + patches});
        return std::move(emission_);
    }

private:
    std::vector<const Setting*> settings_of(Index service) const {
        std::vector<const Setting*> its;
        for (const Setting& each : settings_)
            if (request_.fleet().pools[each.pool].service == service) its.push_back(&each);
        return its;
    }

    static bool is_long_running(const Service& service) {
        return service.kind != ServiceKind::ci && service.kind != ServiceKind::job &&
               service.runtime != Runtime::serverless && !service.connector;
    }

    /// Another service with a patch of the same workload: the one whose manifest is known, else the earlier.
    std::optional<Index> owner(Index index, const Workload& workload) const {
        const std::vector<Service>& services = request_.fleet().services;
        for (Index i = 0; i < services.size(); ++i) {
            if (i == index || !request_.wants_service(i) || !is_long_running(services[i]) || settings_of(i).empty())
                continue;
            const Workload other = workload_of(services[i]);
            if (other.kind != workload.kind || other.space != workload.space || other.name != workload.name) continue;
            if (other.known == workload.known ? i < index : other.known) return i;
        }
        return std::nullopt;
    }

    std::string of_service(Index index) {
        const Service& service = request_.fleet().services[index];
        const std::vector<const Setting*> its = settings_of(index);
        if (its.empty()) return {};
        if (!is_long_running(service))
            return "---\n" + note(Language::yaml, "",
                                  fmt::format("{}: not a long-running workload, so there is no patch", *service.name));
        const Workload workload = workload_of(service);
        if (const auto other = owner(index, workload))
            return "---\n" + missing(emission_, Language::yaml,
                                     fmt::format("the workload of {}: {} {} is already the one of {}", *service.name,
                                                 workload.kind, workload.name, *request_.fleet().services[*other].name),
                                     "name its manifest");
        std::string text = "---\n";
        if (!workload.known) text += note(Language::yaml, "", *service.name + ": its manifest is not in the inventory");
        const std::string changes = rollout(index, workload), sizes = env(its, workload);
        // A spec of comments alone is null, which would delete the workload's.
        if (has_keys(changes) || has_keys(sizes))
            text += head("apps/v1", workload.kind, workload) + "spec:\n" + changes + sizes;
        else
            text += comment(Language::yaml, workload.kind + " " + diag::visible(workload.name, true) + ":") + changes +
                    sizes;
        return text + autoscaler(index, workload);
    }

    static std::string head(std::string_view version, std::string_view kind, const Workload& workload) {
        std::string text =
            fmt::format("apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n", version, kind, literal(workload.name));
        if (!workload.space.empty()) text += fmt::format("  namespace: {}\n", literal(workload.space));
        return text;
    }

    /// Fewer instances beside the old ones, where the plan asks for that.
    std::optional<std::int64_t> smaller_surge(Index service) const {
        std::optional<std::int64_t> least;
        for (const Index i : databases_of(request_)) {
            const auto& surge = request_.report->plan.databases[i].recommendation.summary.surge;
            if (surge && surge->service == service)
                least = std::min(least.value_or(surge->instances), surge->instances);
        }
        return least;
    }

    std::string rollout(Index index, const Workload& workload) const {
        const Service& service = request_.fleet().services[index];
        if (workload.kind != "Deployment")
            return note(Language::yaml, "  ", "a " + workload.kind + " has no rollout surge");
        switch (service.deploy) {
            case Deploy::recreate:
                return "  strategy:\n    type: Recreate\n    rollingUpdate: null\n";
            case Deploy::blue_green:
            case Deploy::cut_over:
                return note(Language::yaml, "  ",
                            fmt::format("{} deploys: old and new run side by side, which a Deployment cannot express",
                                        model::name(service.deploy)));
            case Deploy::rolling:
                break;
        }
        const auto smaller = smaller_surge(index);
        const Surge& given = *service.max_surge;
        std::string surge;
        if (smaller)
            surge = std::to_string(*smaller);
        else if (const auto* pods = std::get_if<std::int64_t>(&given))
            surge = std::to_string(*pods);
        else
            surge = literal(number(std::get<Fraction>(given).value * 100) + "%");
        std::string text = "  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n";
        text += note(
            Language::yaml, "      ",
            fmt::format("{} instances at most during a rollout", request_.report->plan.deploy_instances[index].value));
        return text + fmt::format("      maxSurge: {}\n", surge);
    }

    std::string env(const std::vector<const Setting*>& its, const Workload& workload) {
        std::string notes, list;
        for (const Setting* each : its) add(*each, notes, list);
        if (list.empty()) return notes;
        return notes + fmt::format("  template:\n    spec:\n      containers:\n        - name: {}\n          env:\n{}",
                                   literal(container_name(workload.name)), list);
    }

    void add(const Setting& setting, std::string& notes, std::string& list) {
        const Pool& pool = request_.fleet().pools[setting.pool];
        const std::string name = name_of(request_.fleet(), pool);
        if (!setting.size) {
            notes += "  " +
                     missing(emission_, Language::yaml, "the size of " + name, "poolfit plan says what would give it");
            return;
        }
        const std::int64_t size = setting.size->value.value;
        if (fixed(setting, name, notes)) return;
        if (pool.set_in && **pool.set_in != "env") {
            notes += note(Language::yaml, "  ",
                          fmt::format("{} = {}: set in {}, not by a variable; poolfit emit pools has the setting", name,
                                      size, **pool.set_in));
            return;
        }
        const std::vector<SizeVariable> known = size_variables_of(pool);
        const DriverDefault* driver = pool.driver_default;
        const Target* own = known.empty() ? own_variable(pool) : nullptr;
        if (known.empty() && own == nullptr) return unnamed(setting, name, size, notes);
        for (const Index other : setting.merged)
            list += note(Language::yaml, of_list,
                         fmt::format("in place of {}", name_of(request_.fleet(), request_.fleet().pools[other])));
        if (own != nullptr) {
            list += note(Language::yaml, of_list,
                         fmt::format("{}: {} reads this variable, unless the size is set in code", name, own->read_by));
            variable_line(list, own->variable, size);
            return;
        }
        if (driver != nullptr && driver->max_in_env != DriverDefault::Arrives::as_set)
            list += note(Language::yaml, of_list,
                         fmt::format("{} reads no variable by itself: pass it to {} as a number", driver->name,
                                     driver->max_option));
        list += note(Language::yaml, of_list, name);
        // Of two variables that are added, the first stays as far as it can.
        const std::int64_t first = known.size() == 1 ? size : std::min(known.front().value, size);
        variable_line(list, known.front().name, first);
        if (known.size() == 2) variable_line(list, known.back().name, size - first);
    }

    /// No variable sets the size of a driver that has no other: what limits it is no pool's.
    bool fixed(const Setting& setting, const std::string& name, std::string& notes) {
        const DriverDefault* driver = request_.fleet().pools[setting.pool].driver_default;
        if (driver == nullptr || !model::is_fixed(*driver)) return false;
        if (std::optional<Gap> beyond = beyond_driver(request_, setting))
            notes += "  " + missing(emission_, Language::yaml, std::move(beyond->what), std::move(beyond->fix));
        else
            notes += note(Language::yaml, "  ",
                          fmt::format("{}: {} has no size to set; poolfit emit pools says what limits its connections",
                                      name, driver->name));
        return true;
    }

    /// A name that is made up would be applied and change nothing.
    void unnamed(const Setting& setting, const std::string& name, std::int64_t size, std::string& notes) {
        const DriverDefault* driver = request_.fleet().pools[setting.pool].driver_default;
        for (const Index other : setting.merged)
            notes += note(Language::yaml, "  ",
                          fmt::format("in place of {}", name_of(request_.fleet(), request_.fleet().pools[other])));
        const Pool& pool = request_.fleet().pools[setting.pool];
        const bool reads_none = driver != nullptr && driver->max_in_env != DriverDefault::Arrives::as_set;
        const std::string known = reads_none ? fmt::format("{} reads none by itself; ", driver->name) : std::string();
        // A value of one's own is not bound to a manifest, even where the two are equal.
        const bool own = pool.max || pool.max_ignored;
        notes +=
            "  " +
            missing(emission_, Language::yaml, fmt::format("the variable that sets {} to {} per process", name, size),
                    fmt::format("{}{}poolfit import kubernetes FILE --into {} names it; if the size is set in code, "
                                "set_in = \"code\"",
                                known, own ? "remove its max, and " : "", model::file_in_shell(request_.fleet().path)));
    }

    /// The target whose variable sets the size, where no other pool of the service would get the same variable.
    const Target* own_variable(const Pool& pool) const {
        const auto of = [&](const Pool& each) {
            return each.driver_default != nullptr ? with_variable(each.driver_default->id) : nullptr;
        };
        const Target* own = of(pool);
        if (own == nullptr) return nullptr;
        const auto same = std::ranges::count_if(settings_, [&](const Setting& each) {
            const Pool& other = request_.fleet().pools[each.pool];
            const Target* its = of(other);
            return other.service == pool.service && its != nullptr && its->variable == own->variable;
        });
        return same == 1 ? own : nullptr;
    }

    static void variable_line(std::string& list, std::string_view name, std::int64_t value) {
        list += fmt::format("{}- name: {}\n{}  value: \"{}\"\n", of_list, literal(name), of_list, value);
    }

    /// How many instances the budgets of its servers hold, as far as the report says so.
    std::optional<std::int64_t> most_instances(Index service) const {
        std::optional<std::int64_t> most;
        for (const DatabaseView& view : request_.report->views) {
            if (!view.instances || view.instances->service != service) continue;
            const std::int64_t fits = view.instances->fits_failover.value_or(view.instances->fits_deploy);
            most = std::min(most.value_or(fits), fits);
        }
        return most;
    }
    /// What the plan asks autoscaling to start at most, where it does.
    std::optional<std::int64_t> asked_at_most(Index service) const {
        for (const Action& action : request_.report->phases)
            for (const Step& step : action.steps)
                if (step.kind == Step::Kind::fewer_instances && step.service == service) return step.count;
        return std::nullopt;
    }

    std::string autoscaler(Index index, const Workload& workload) const {
        const Service& service = request_.fleet().services[index];
        const Interval<std::int64_t> instances = *service.instances;
        if (instances.is_point()) return {};
        const auto fits = most_instances(index);
        std::int64_t most = asked_at_most(index).value_or(instances.high);
        if (fits && *fits > 0) most = std::min(most, *fits);
        std::string text = "---\n" + head("autoscaling/v2", "HorizontalPodAutoscaler", workload) + "spec:\n";
        if (instances.low > 0) text += fmt::format("  minReplicas: {}\n", std::min(instances.low, most));
        text += note(Language::yaml, "  ",
                     fits ? fmt::format("the plan assumes up to {} instances; its sizes leave room for {}", most, *fits)
                          : fmt::format("the plan assumes up to {} instances", most));
        return text + fmt::format("  maxReplicas: {}\n", most);
    }

    const Request& request_;
    std::vector<Setting> settings_;
    Emission emission_;
};

Emission emitted(const Request& request) { return PatchMaker(request).make(); }

}  // namespace

const Kind rows::k8s{"k8s", "patches for Kubernetes: sizes as variables, surge, bounds of autoscalers",
                     "a service with a pool", emitted};

}  // namespace poolfit::emit

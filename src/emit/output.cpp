// What the command prints: the files as one text, or as JSON.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "settings.hpp"

namespace poolfit::emit {

std::string text(const Emission& emission) {
    if (emission.files.size() == 1) return emission.files.front().text;
    std::string out;
    for (const File& file : emission.files) {
        if (!out.empty()) out += '\n';
        out += comment(file.language, fmt::format("==== {} ====", file.path)) + file.text;
        if (!out.ends_with('\n')) out += '\n';
    }
    return out;
}

std::string json(const Request& request, const Kind& kind, const Emission& emission) {
    using Json = nlohmann::ordered_json;
    const Fleet& fleet = request.fleet();
    Json document;
    document["schema"] = "poolfit-emission/1";
    document["tool"] = {{"name", "poolfit"}, {"version", report::version()}};
    document["inventory"] = fleet.path;
    document["kind"] = kind.name;
    const Strategy* strategy = strategy_of(request);
    document["strategy"] = strategy == nullptr ? Json() : Json(strategy->name);
    document["files"] = Json::array();
    for (const File& file : emission.files) document["files"].push_back({{"path", file.path}, {"text", file.text}});
    document["missing"] = Json::array();
    for (const Gap& gap : emission.gaps)
        document["missing"].push_back({{"what", gap.what}, {"fix", gap.fix.empty() ? Json() : Json(gap.fix)}});
    document["pools"] = Json::array();
    for (const PoolSetting& each : emission.pools) {
        const Pool& pool = fleet.pools[each.pool];
        Json merged = Json::array();
        for (const Index other : each.merged) merged.push_back(*fleet.pools[other].name);
        document["pools"].push_back({{"service", *fleet.services[pool.service].name},
                                     {"pool", *pool.name},
                                     {"driver", pool.driver ? Json(**pool.driver) : Json()},
                                     {"option", each.option.empty() ? Json() : Json(each.option)},
                                     {"max", each.max ? Json(each.max->value) : Json()},
                                     {"merged", std::move(merged)}});
    }
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace poolfit::emit

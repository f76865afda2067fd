// max_connections that the files give as a formula.
#include <fmt/format.h>

#include <poolfit/catalog/formula_limit.hpp>
#include <poolfit/unit/print.hpp>

#include "resolver.hpp"

namespace poolfit::imports {

std::string formula_text(const Server& server, const Platform& platform, const InstanceClass* cls) {
    const auto& [formula, from] = *server.limit_formula;
    std::string text = fmt::format("{} is a formula", from.how);
    if (!formula.empty()) text += ", " + formula;
    if (const auto limit = cls == nullptr ? std::nullopt : catalog::formula_limit(formula, platform, *cls))
        text += fmt::format(": {} by the label of {} ({}), {} by the memory that the engine sees",
                            unit::print(limit->by_label), cls->name, unit::print(cls->memory),
                            unit::print(limit->expected));
    return text;
}

}  // namespace poolfit::imports

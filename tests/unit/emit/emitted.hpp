// A plan and the request for its files.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <poolfit/emit/emit.hpp>

#include "../../support/fleet.hpp"

namespace poolfit::emit {

struct Emitted {
    explicit Emitted(test::Planned planned, std::string_view strategy = {})
        : fleet(std::move(planned)), report(report::compose(fleet.fleet, test::catalog(), {})) {
        request.report = &report;
        request.databases.assign(fleet.fleet.databases.size(), 1);
        request.services.assign(fleet.fleet.services.size(), 1);
        request.command = "poolfit emit";
        if (!strategy.empty()) request.strategy = &*std::ranges::find(report.strategies, strategy, &Strategy::name);
    }
    test::Planned fleet;
    Report report;
    Request request;
};

/// All files of a kind as one text.
inline std::string all_of(const Emitted& emitted, std::string_view kind) {
    return text(find_kind(kind)->emit(emitted.request));
}

}  // namespace poolfit::emit

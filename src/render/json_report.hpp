// The parts of the JSON report, one function per part.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <poolfit/report/gate.hpp>
#include <poolfit/report/report.hpp>

#include "json_writer.hpp"

namespace poolfit::render {

/// Which files a document is of, and which environment: members of the object that is open.
void write_inputs(JsonWriter& json, const Fleet& fleet);

/// One element of `databases`.
/// What follows the load, or null.
void write_money_range(JsonWriter& json, std::string_view key,
                       const std::optional<Figure<Interval<MicroUsdPerMonth>>>& cost);
void write_storage(JsonWriter& json, const Report& report, Index database);
/// The database on the recommended class.
void write_projected(JsonWriter& json, const Report& report, Index database, const Projection& on);
/// What becomes of a server on a class when another is lost.
void write_losses(JsonWriter& json, const Fleet& fleet, const std::vector<Survival>& losses);
void write_capacity(JsonWriter& json, const std::optional<CapacityUse>& use);
void write_outages(JsonWriter& json, const Report& report, Index database);
void write_database(JsonWriter& json, const Report& report, Index index);
/// One element of `services`; its pools on databases that are shown.
void write_pooler(JsonWriter& json, const Report& report, Index pooler);
void write_service(JsonWriter& json, const Report& report, const Service& service);
/// One element of `not_offered`: classes that databases of one kind cannot have, by reason.
void write_not_offered(JsonWriter& json, const Fleet& fleet, const NotOffered& kind);
using report::is_shown;

/// What a pool's workload needs and gets, and the load of a database's workloads; null for nothing.
void write_workload(JsonWriter& json, std::string_view key, const PoolLoad* load);
void write_load(JsonWriter& json, std::string_view key, const Fleet& fleet, const std::optional<DatabaseLoad>& load);

/// 0 where none is charged, null where that is not known.
void write_support(JsonWriter& json, const Report& report, Index database, const Projection& on);
void write_price(JsonWriter& json, const Report& report, Index database, const Projection& now);
void write_life_cycle(JsonWriter& json, const Report& report, Index database);
/// idle, stop and serverless of a recommendation.
void write_beside(JsonWriter& json, const Fleet& fleet, const Recommendation& advice);
void write_upgrade(JsonWriter& json, const DatabasePlan& plan);
void write_support_event(JsonWriter& json, const Report& report, const SupportEvent& next);
void write_strategy(JsonWriter& json, const Report& report, const Strategy& strategy);
void write_vcpu_table(JsonWriter& json, const Report& report);
void write_phase(JsonWriter& json, const Report& report, const Action& action);
void write_runway(JsonWriter& json, const Report& report, const Runway& runway);
/// One finding, with its place and its suppression; `with_notes`: and with its arithmetic.
void write_finding(JsonWriter& json, const Fleet& fleet, const Plan& plan, const Finding& finding,
                   std::string_view fingerprint, bool with_notes);
/// What `check` counted, and whether it fails.
void write_gate(JsonWriter& json, const Gate& gate);

struct Derivations;
/// One derivation, on one line.
void write_derivation(JsonWriter& json, const Derivations& all, FigureId id);
/// Every figure that the document shows, with all that it is derived from; ascending.
std::vector<FigureId> shown_figures(const Report& report);

}  // namespace poolfit::render

#include "steps.hpp"

namespace poolfit::load {
namespace {

constexpr Step in_database[] = {{"observed", Step::Kind::table, {}, "[database.observed]"},
                                {"storage", Step::Kind::table, {}, "[database.storage]"}};
constexpr Step workload[] = {{"workload", Step::Kind::table, {}, "[service.pool.workload]"}};
constexpr Step in_service[] = {{"vars", Step::Kind::open_table, {}, ""},
                               {"pool", Step::Kind::records, workload, "[[service.pool]]"}};
constexpr Step in_policy[] = {{"severity", Step::Kind::open_table, {}, ""}};
constexpr Step in_pooler[] = {{"database", Step::Kind::records, {}, "[[pooler.database]]"}};
constexpr Step in_commitment[] = {{"rate", Step::Kind::records, {}, "[[commitment.rate]]", "class"}};
constexpr Step root[] = {
    {"policy", Step::Kind::table, in_policy, "[policy]"},
    {"growth", Step::Kind::table, {}, "[growth]"},
    {"host", Step::Kind::records, {}, "[[host]]"},
    {"database", Step::Kind::records, in_database, "[[database]]"},
    {"service", Step::Kind::records, in_service, "[[service]]"},
    {"pooler", Step::Kind::records, in_pooler, "[[pooler]]"},
    {"price", Step::Kind::records, {}, "[[price]]", "class"},
    {"commitment", Step::Kind::records, in_commitment, "[[commitment]]"},
    {"ignore", Step::Kind::records, {}, "[[ignore]]", "rule"},
};

}  // namespace

std::span<const Step> steps() { return root; }

std::string_view record_name(const Value& item, std::string_view name_key) {
    const auto* table = item.as<Table>();
    const auto* value = table == nullptr ? nullptr : find(*table, name_key);
    const auto* text = value == nullptr ? nullptr : value->as<std::string>();
    return text == nullptr ? std::string_view{} : std::string_view(*text);
}

}  // namespace poolfit::load

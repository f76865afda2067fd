// The sentences of a plan: what its values with a kind and numbers read as. Each is one line that stands alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/report/report.hpp>

#include "platform_words.hpp"

namespace poolfit::render {

/// How much a sentence says: `brief` leaves out what the table of limits beside it has.
enum class Length : std::uint8_t { whole, brief };

/// "2023-03-10 to 2026-09-24 and from the inventory"; empty where nothing has a price.
std::string price_dates_text(const PriceDates& dates);
std::string_view note_text(ReportNote note);
std::vector<std::string> note_texts(const std::vector<ReportNote>& notes);

/// "memory", "steady connections": a dimension inside a sentence.
std::string in_words(const Database& database, Dimension dimension);
/// "steady connections 104 (limit 827, 80 % of 1,034 usable)": the database on the class, against one limit. Brief:
/// without what the limit is a share of, and without what the value is projected by.
std::string check_text(const Fleet& fleet, Index database, const InstanceClass& cls, const Check& check,
                       Length length = Length::whole);
/// The same of a check that is over its limit: it says so.
std::string over_text(const Fleet& fleet, Index database, const InstanceClass& cls, const Check& check,
                      Length length = Length::whole);
/// The key of the input that the check lacks ("observed.cpu_peak", "the catalog's CoreMark of db.t3.large"); empty
/// where it lacks none.
std::string lacks_text(const InstanceClass& cls, const Check& check);
/// "only in Multi-AZ DB clusters": why a class is not offered; empty where it is.
std::string offer_text(const Database& database, Offer::State state);
/// The dimension that such a class fails in: engine, region or price.
Dimension offer_dimension(Offer::State state);

/// "another size of m5": what kind of move to a class of the family.
std::string move_text(CpuMove move, std::string_view family);
/// "measured CPU is 0.85–1.4 × the CoreMark estimate": how far the projection can be trusted.
std::string band_text(CpuMove move, const Interval<double>& factor);
/// What a band's figure is; `demand`: it passes 100 %.
std::string moved_text(CpuMove move, std::string_view family, bool demand);
/// The first two, of a class that CPU was projected on; empty for today's class, and where no CPU is given.
std::string cpu_text(const Projection& projection);
/// What a class with two threads a core has left at this CPU.
std::string shared_threads_text(const InstanceClass& cls, Fraction busy, Fraction capacity, Length length);

/// "on demand", "price from the inventory": what a price is.
std::string_view price_term(const Price& price);

/// Why the class may not be taken, or what has to be known about it.
std::string reason_text(const Fleet& fleet, const Plan& plan, Index database, const InstanceClass& cls,
                        const Reason& reason, Length length = Length::whole);
/// Why a class was not taken: its blocking reasons, and what it would save or cost with credits. Brief: the first of
/// the reasons, and how many more there are.
std::string rejection_text(const Fleet& fleet, const Plan& plan, Index database, const Candidate& candidate,
                           Length length = Length::whole);
std::string risk_text(const Fleet& fleet, const Plan& plan, Index database, const RiskReason& reason,
                      Length length = Length::whole);
/// The most important of the brief ones, in their order, and how many more there are.
struct Risks {
    std::vector<std::string> texts;
    std::size_t left_out = 0;
};
Risks some_risks(const Fleet& fleet, const Plan& plan, Index database, std::size_t most);
std::vector<std::string> risk_texts(const Fleet& fleet, const Plan& plan, Index database,
                                    Length length = Length::whole);
/// Why this class.
std::string class_text(const Fleet& fleet, const Plan& plan, Index database);
/// Why this verdict.
std::string summary_text(const Fleet& fleet, const Plan& plan, Index database);
/// "database.primary.observed.cpu_peak": an input without which the verdict is unknown.
/// "class", "vcpus and memory": what says which server it is.
std::string server_keys(const Database& database, std::string_view between);
/// "its class is not in the inventory", "the class of its primary is not in the inventory".
std::string server_missing_text(const Fleet& fleet, Index database, const MissingInput& input);
/// "RDS Proxy": the pooler that a provider runs and bills.
inline std::string_view managed_pooler() { return platform::pooler_kind(Pooler::Kind::proxy).name; }
/// "orders: add class = …": the line that completes a database without them; and where it is from.
std::string server_title(const Database& database);
std::string server_lines(const Database& database);
std::string missing_text(const Fleet& fleet, PriceTerm term, Index database, const MissingInput& input);
std::vector<std::string> missing_texts(const Fleet& fleet, const Plan& plan, Index database);

/// What the right size of a pool is based on: "max(⌈2.5 × 2⌉, 3 + 1)".
std::string advice_text(const Fleet& fleet, const Plan& plan, Index pool);
/// What a process serves at a time, where that is known: "5 threads", "one request at a time".
std::string at_a_time_text(const Fleet& fleet, const Pool& pool);
/// The same, or what the size under a strategy is based on: "merged_max 10, raised to the observed peak of 12".
std::string size_text(const Fleet& fleet, const Plan& plan, Index pool, const SizeReason& reason);
/// What the size in the plan is based on: its own, or that of the strategy that it takes.
std::string recommended_text(const Fleet& fleet, const Plan& plan, Index pool);
/// Why the workload is not sized: empty where it is.
std::string unsized_text(const PoolLoad& load);
/// "api.primary": a pool, in text and in the JSON's lists.
std::string pool_label(const Fleet& fleet, Index pool);
std::string pool_key(const Fleet& fleet, Index pool);
std::vector<std::string> pool_keys(const Fleet& fleet, const std::vector<Index>& pools);

}  // namespace poolfit::render

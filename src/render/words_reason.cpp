// Why a class is not offered, or was not taken.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "layout.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

Offer::State state_of(const Offers& offers, const InstanceClass& cls) {
    return std::ranges::find(offers.all, &cls, &Offer::cls)->state;
}

std::string doubt_text(const Database& database, Offer::Doubt doubt) {
    const std::string_view engine = engine_name(database);
    switch (doubt) {
        case Offer::Doubt::none:
        case Offer::Doubt::no_version:
            break;
        case Offer::Doubt::newer:
            return fmt::format(
                "{} {} is newer than the catalog's class lists: check with the provider that this class runs it",
                engine, database.version_text);
        case Offer::Doubt::shared:
            return "its CPU is shared: how much of it there is is not guaranteed";
        case Offer::Doubt::one_list:
            return fmt::format("only one of the provider's two lists says this class runs {}: check before the move",
                               engine);
        case Offer::Doubt::sold:
            return fmt::format(
                "the catalog knows a price of this class for {}, not which versions run on it: check before the move, "
                "or "
                "poolfit catalog import orderable",
                engine);
    }
    return "version is not set: this class does not run every version";
}

std::string replica_text(const Reason& reason) {
    const Interval<Connections> mine{Connections(static_cast<std::int64_t>(reason.check.value->low)),
                                     Connections(static_cast<std::int64_t>(reason.check.value->high))};
    if (reason.primary == nullptr)
        return fmt::format(
            "max_connections {}, today {}: its primary is not in the inventory and may have more than "
            "that, and then the standby would not start",
            unit::print(mine), unit::print(reason.need));
    return fmt::format("max_connections {} {} below the {} of its primary on {}: the standby would not start",
                       unit::print(mine), mine.high < reason.need.low ? "is" : "may be", unit::print(reason.need),
                       reason.primary->name);
}

/// "handles the loss of replica worse than the current class: combined peak CPU 110–172 %".
std::string failover_text(const Fleet& fleet, Index database, const Reason& reason) {
    const std::string& lost = *fleet.databases[reason.from].name;
    const Check& check = reason.check;
    if (!check.value) {
        const bool theirs = !fleet.databases[reason.from].observed.cpu_peak;
        return fmt::format("unknown whether it survives the loss of {}: database.{}.observed.cpu_peak is not set", lost,
                           theirs ? lost : *fleet.databases[database].name);
    }
    const std::string value = assess::print(assess::measured(check.measure, *check.value));
    const std::string load = check.dimension == Dimension::failover_cpu
                                 ? fmt::format("combined peak CPU {}{}", check.at_least ? "at least " : "", value)
                                 : fmt::format("memory {} used (limit {})", value,
                                               unit::print(Bytes(static_cast<std::int64_t>(*check.limit))));
    return fmt::format("{}handles the loss of {} worse than the current class: {}",
                       reason.blocking ? "" : "weakens failover: ", lost, load);
}

}  // namespace

std::string offer_text(const Database& database, Offer::State state) {
    const auto engine = [&] {
        const std::string_view name = engine_name(database);
        return database.version ? fmt::format("{} {}", name, database.version_text) : std::string(name);
    };
    switch (state) {
        case Offer::State::offered:
            break;
        case Offer::State::cluster_only:
            return fmt::format("only in {}", database.platform->words.clusters);
        case Offer::State::not_supported:
            return fmt::format("does not run {}", engine());
        case Offer::State::not_orderable:
            return fmt::format("{} does not offer it with {} in {}", database.platform->names.keeper, engine(),
                               *database.region);
        case Offer::State::no_standby:
            return fmt::format("{} offers it with {} in {} as {} only", database.platform->names.keeper, engine(),
                               *database.region, platform::deployment(*database.platform, false).name);
        case Offer::State::not_documented:
            return fmt::format("not documented to run {}", engine());
        case Offer::State::no_price:
            return fmt::format("the catalog has no price in {}", *database.region);
        case Offer::State::no_reserved_price:
            return fmt::format("the catalog has no reserved price in {}", *database.region);
        case Offer::State::no_limit:
            return "its max_connections is not documented";
        case Offer::State::legacy:
            return "no new server takes this name";
        case Offer::State::own_server:
            return database.platform->elastic ? "serverless" : server_name(database);
    }
    return {};
}

Dimension offer_dimension(Offer::State state) {
    switch (state) {
        case Offer::State::no_price:
            return Dimension::region;
        case Offer::State::no_reserved_price:
            return Dimension::price;
        case Offer::State::offered:
        case Offer::State::cluster_only:
        case Offer::State::not_supported:
        case Offer::State::not_orderable:
        case Offer::State::no_standby:
        case Offer::State::not_documented:
        case Offer::State::no_limit:
        case Offer::State::legacy:
        case Offer::State::own_server:
            break;
    }
    return Dimension::engine;
}

std::string_view price_term(const Price& price) {
    return price.term.empty() && price.row.place ? "price from the inventory" : price.term;
}

std::string reason_text(const Fleet& fleet, const Plan& plan, Index database, const InstanceClass& cls,
                        const Reason& reason, Length length) {
    switch (reason.kind) {
        case Reason::Kind::check:
        case Reason::Kind::cpu_demand:
            break;
        case Reason::Kind::not_offered:
            return offer_text(fleet.databases[database], state_of(plan.market->offers(database), cls));
        case Reason::Kind::version:
            return doubt_text(fleet.databases[database], reason.doubt);
        case Reason::Kind::replica:
            return replica_text(reason);
        case Reason::Kind::standby:
            return fmt::format(
                "{}: its max_connections {} {} below {}",
                reason.from == database
                    ? std::string("its primary's limit would rise, and it would not start")
                    : fmt::format("{} would have to change too", *fleet.databases[reason.from].name),
                unit::print(reason.need),
                reason.need.high.value < static_cast<std::int64_t>(reason.check.value->low) ? "is" : "may be",
                assess::print(assess::measured(reason.check.measure, *reason.check.value)));
        case Reason::Kind::chain:
            return fmt::format(
                "max_connections of {} would fall from {} to {} unless it is set there: the default is that of the "
                "largest "
                "instance in the replica chain",
                *fleet.databases[reason.from].name, unit::print(reason.need),
                assess::print(assess::measured(reason.check.measure, *reason.check.value)));
        case Reason::Kind::failover:
            return failover_text(fleet, database, reason);
        case Reason::Kind::allow_arm:
            return "needs allow_arm = true";
        case Reason::Kind::allow_burstable:
            return "needs allow_burstable = true";
        case Reason::Kind::not_allowed:
            return "not in the policy's allow list";
        case Reason::Kind::shared:
            return "its CPU is shared: only where the policy's allow list names it";
        case Reason::Kind::pooler:
            return fmt::format("lacks {}", fleet.databases[database].platform->built_in_pooler->name);
        case Reason::Kind::no_standby:
            return fmt::format("takes no standby: {} do", fleet.databases[database].platform->with_standby);
        case Reason::Kind::edition:
            return fmt::format("the move changes {}",
                               fleet.databases[database].platform->move_changes(*fleet.databases[database].type, cls));
        case Reason::Kind::denied:
            return fmt::format("denied by the policy: \"{}\"", *fleet.policy.deny[reason.glob]);
    }
    return check_text(fleet, database, cls, reason.check, length);
}

std::string rejection_text(const Fleet& fleet, const Plan& plan, Index database, const Candidate& candidate,
                           Length length) {
    std::vector<std::string> texts;
    for (const Reason& reason : candidate.reasons)
        if (reason.blocking) texts.push_back(reason_text(fleet, plan, database, *candidate.cls, reason, length));
    if (length == Length::brief && texts.size() > 1) {
        texts.front() += fmt::format(", and {} more", texts.size() - 1);
        texts.resize(1);
    }
    const std::string text = joined(texts);
    if (candidate.fits && candidate.ranked_by)
        return joined(
            {text, fmt::format(
                       "fits, but costs {}/mo{}", unit::print(*candidate.ranked_by),
                       candidate.paid && *candidate.ranked_by > *candidate.paid ? " including surplus credits" : "")});
    const auto saves = report::saves_more(plan.databases[database], candidate);
    if (!saves) return text;
    const auto& planned = plan.databases[database].recommendation.saves;
    const bool more = planned && planned->value.value > 0;
    return joined({fmt::format("saves {}/mo{}", unit::print(*saves), more ? " more" : ""), text}, ", ");
}

}  // namespace poolfit::render

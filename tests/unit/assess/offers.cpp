// Classes as they are offered, and what they cost. us-east-1, on demand for 730 hours: db.m5.large $129.94,
// db.m5.xlarge $259.88, db.t3.large $105.85; reserved for a year $83.22 for db.m5.large. db.m3.large is not reserved.
#include <doctest/doctest.h>

#include "inventory.hpp"

using namespace poolfit;
using test::cls;
using test::inventory;
using test::plan_text;
using test::Planned;
using State = Offer::State;

namespace {

const Offer& offer(const Planned& planned, std::string_view name) { return planned.plan.market->offer(0, cls(name)); }

std::string without_version() {
    std::string text = inventory("db.m5.large", "");
    const std::string given = "version = \"16.8\"\n";
    return text.replace(text.find(given), given.size(), "");
}

std::string price(std::string_view name, std::string_view keys) {
    return fmt::format("[[price]]\nclass = \"{}\"\n{}\n", name, keys);
}

std::int64_t cost(const Planned& planned, std::string_view name = "db.m5.large") {
    REQUIRE(offer(planned, name).price.has_value());
    return offer(planned, name).price->amount.value;
}

}  // namespace

TEST_CASE("offers: why a class is not offered") {
    const Planned planned = plan_text(inventory("db.m5.large", ""));
    CHECK(offer(planned, "db.m5.large").state == State::offered);
    CHECK(offer(planned, "db.c6gd.12xlarge").state == State::cluster_only);
    CHECK(offer(planned, "db.m8i.large").state == State::not_documented);
    int no_price = 0, not_supported = 0;
    for (const Offer& one : planned.plan.market->offers(0).all) {
        no_price += one.state == State::no_price;
        not_supported += one.state == State::not_supported;
        if (one.state == State::no_price) CHECK_FALSE(one.price.has_value());
        if (one.state == State::offered) CHECK(one.price.has_value());
    }
    CHECK(no_price > 0);
    CHECK(not_supported > 0);
    CHECK(offer(planned, "db.m5.large").doubt == Offer::Doubt::none);
}

TEST_CASE("offers: a version newer than the lists, and a class that one list of two has, are offered with a word") {
    std::string text = inventory("db.m5.large", "");
    text.replace(text.find("16.8"), 4, "18.2");
    const Planned newer = plan_text(text);
    CHECK(offer(newer, "db.m5.large").state == State::offered);
    CHECK(offer(newer, "db.m5.large").doubt == Offer::Doubt::newer);
    CHECK(offer(newer, "db.t4g.small").state == State::offered);
    CHECK(offer(newer, "db.t2.small").state == State::not_documented);  // AWS calls it deprecated
    const Planned likely = plan_text(inventory("db.m5.large", "", price("db.m6i.large", "usd_per_month = 100")));
    CHECK(offer(likely, "db.m6i.large").state == State::offered);
    CHECK(offer(likely, "db.m6i.large").doubt == Offer::Doubt::one_list);
}

TEST_CASE("offers: without a version, what not every version runs on is offered with a word") {
    // MySQL 8.0.32 and higher run on db.m7i.large, 8.4 does not; the catalog has no price of it.
    const std::string text = inventory("db.m5.large", "", price("db.m7i.large", "usd_per_month = 100"));
    const std::string given = "engine = \"postgresql\"\nversion = \"16.8\"\n";
    const auto mysql = [&](std::string_view version) {
        return plan_text(std::string(text).replace(text.find(given), given.size(),
                                                   fmt::format("engine = \"mysql\"\n{}\n", version)));
    };
    const auto on = [](const Planned& planned, std::string_view name) {
        return planned.plan.market->offer(0, cls(name, "rds-mysql"));
    };
    CHECK(on(mysql(""), "db.m5.large").state == State::offered);
    CHECK(on(mysql(""), "db.m5.large").doubt == Offer::Doubt::none);
    CHECK(on(mysql(""), "db.m7i.large").state == State::offered);
    CHECK(on(mysql(""), "db.m7i.large").doubt == Offer::Doubt::no_version);
    CHECK(on(mysql("version = \"8.0.40\""), "db.m7i.large").doubt == Offer::Doubt::none);
    CHECK(on(mysql("version = \"8.0.31\""), "db.m7i.large").state == State::not_supported);
}

TEST_CASE("offers: what the documentation does not state is not offered") {
    const Planned none = plan_text(without_version());
    CHECK(offer(none, "db.m5.large").state == State::offered);
    CHECK(offer(none, "db.m8i.large").state == State::not_documented);
}

TEST_CASE("offers: reserved, where a class is only sold on demand") {
    const Planned planned = plan_text(inventory("db.m5.large", ""), {}, PriceTerm::one_year);
    CHECK(cost(planned) == 83'220'000);
    CHECK(offer(planned, "db.m7g.large").state == State::no_reserved_price);
    CHECK(planned.node("price.us-east-1.db.m5.large.single-az.ri1").value.high == 83'220'000);
    CHECK(offer(plan_text(inventory("db.m5.large", "")), "db.m7g.large").state == State::offered);
}

TEST_CASE("offers: the cheapest first, then by name; what is not offered after them, by name") {
    const Planned planned = plan_text(inventory("db.m5.large", ""));
    const Offers& offers = planned.plan.market->offers(0);
    REQUIRE(offers.offered > 2);
    REQUIRE(offers.offered < offers.all.size());
    for (std::size_t i = 1; i < offers.all.size(); ++i) {
        const Offer &a = offers.all[i - 1], &b = offers.all[i];
        CHECK((b.state == State::offered) == (i < offers.offered));
        if (i < offers.offered)
            CHECK((a.price->amount < b.price->amount ||
                   (a.price->amount == b.price->amount && a.cls->name < b.cls->name)));
        else if (i > offers.offered)
            CHECK(a.cls->name < b.cls->name);
    }
    CHECK(offers.reserved == 9);
    CHECK(offers.slots.size() == 3);
}

TEST_CASE("offers: databases of one kind share them") {
    const Planned planned = plan_text(inventory(
        "db.m5.large", "",
        "[[database]]\nname = \"two\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n"
        "[[database]]\nname = \"az\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n"
        "multi_az = true\n"
        "[[database]]\nname = \"old\"\nengine = \"postgresql\"\nversion = \"15.8\"\nclass = \"db.m5.large\"\n"
        "[[database]]\nname = \"far\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n"
        "region = \"eu-central-1\"\n"));
    const Market& market = *planned.plan.market;
    CHECK(&market.offers(0) == &market.offers(1));
    CHECK(&market.offers(0) != &market.offers(2));
    CHECK(&market.offers(0) != &market.offers(3));
    CHECK(&market.offers(0) != &market.offers(4));
    CHECK(market.known().size() == 4);
    CHECK(market.offers(4).database == 4);
    CHECK(market.offer(3, cls("db.m5.large")).state == State::offered);
    CHECK(market.offers(3).reserved == 5);
    CHECK(market.offer(4, cls("db.m5.large")).price->amount.value == 154'760'000);  // $0.212 an hour
    CHECK(planned.figures->conflicts().empty());
}

TEST_CASE("offers: two servers of one's own are not each other's") {
    constexpr std::string_view server =
        "[[database]]\nname = \"{}\"\nengine = \"postgresql\"\nvcpus = {}\nmemory = \"16 GiB\"\nmax_connections = {}\n";
    const Planned planned =
        plan_text("schema = \"poolfit-inventory/1\"\n" + fmt::format(fmt::runtime(server), "a", 4, 200) +
                  fmt::format(fmt::runtime(server), "b", 4, 300));
    const Market& market = *planned.plan.market;
    CHECK(&market.offers(0) != &market.offers(1));
    CHECK(planned.plan.databases[0].budget.limits.max_planned.value.value == 200);
    CHECK(planned.plan.databases[1].budget.limits.max_planned.value.value == 300);
    CHECK(planned.plan.databases[1].budget.limits.max_observed->value.value == 300);
}

TEST_CASE("cost: Multi-AZ is twice the single-AZ price where the catalog has no row of its own") {
    const Planned planned = plan_text(inventory("db.m5.large", "multi_az = true"));
    CHECK(cost(planned) == 259'880'000);
    CHECK(offer(planned, "db.m5.large").price->doubled);
    const Projection& now = planned.plan.databases[0].now;
    CHECK(now.cost->value.value == 259'880'000);
    const Node& node = planned.node("price.us-east-1.db.m5.large.multi-az.list");
    CHECK(node.op == Op::product);
    CHECK(node.remark.note == Note::no_multi_az_row);
    CHECK(planned.node("price.us-east-1.db.m5.large.multi-az.list.single").value.high == 129'940'000);
    const Planned single = plan_text(inventory("db.m5.large", ""));
    CHECK_FALSE(offer(single, "db.m5.large").price->doubled);
    CHECK(single.node("price.us-east-1.db.m5.large.single-az.list").value.high == 129'940'000);
}

TEST_CASE("cost: a price of the inventory's own comes first, of this class, term and deployment") {
    const auto single = [](const std::string& prices, PriceTerm term = PriceTerm::list) {
        return plan_text(inventory("db.m5.large", "", prices), {}, term);
    };
    CHECK(cost(single(price("db.m5.large", "usd_per_month = 100"))) == 100'000'000);
    CHECK(cost(single(price("db.m5.large", "usd_per_hour = 0.1"))) == 73'000'000);
    CHECK(cost(single(price("db.m5.xlarge", "usd_per_month = 100"))) == 129'940'000);
    CHECK(cost(single(price("db.m5.large", "usd_per_month = 100\nterm = \"ri1\""))) == 129'940'000);
    CHECK(cost(single(price("db.m5.large", "usd_per_month = 70\nterm = \"ri1\""), PriceTerm::one_year)) == 70'000'000);
    CHECK(cost(single(price("db.m5.large", "usd_per_month = 100\nmulti_az = true"))) == 129'940'000);
    CHECK(cost(single(price("db.m5.large", "engine = \"mysql\"\nusd_per_month = 100"))) == 129'940'000);
    CHECK(cost(single(price("db.m5.large", "engine = \"postgresql\"\nusd_per_month = 100"))) == 100'000'000);
    const Planned own = single(price("db.m5.large", "usd_per_month = 100"));
    CHECK(own.node("price.us-east-1.db.m5.large.single-az.list").kind == Node::Kind::input);
    CHECK_FALSE(offer(own, "db.m5.large").price->doubled);
}

TEST_CASE("cost: of Multi-AZ the price of its own, else the single one twice") {
    const auto two = [](const std::string& prices) {
        return plan_text(inventory("db.m5.large", "multi_az = true", prices));
    };
    const std::string one = price("db.m5.large", "usd_per_month = 100"),
                      both = price("db.m5.large", "usd_per_month = 180\nmulti_az = true");
    CHECK(cost(two(one)) == 200'000'000);
    CHECK(cost(two(both)) == 180'000'000);
    CHECK(cost(two(one + both)) == 180'000'000);
    CHECK(cost(two(both + one)) == 180'000'000);
    CHECK(two(one).node("price.us-east-1.db.m5.large.multi-az.list").remark.note == Note::own_single);
    CHECK(two(both).node("price.us-east-1.db.m5.large.multi-az.list").kind == Node::Kind::input);
    CHECK(two(one).plan.databases[0].now.cost->value.value == 200'000'000);
    CHECK(two(one).figures->conflicts().empty());
}

TEST_CASE("cost: each database has its own, of one price for all that share it") {
    const Planned planned =
        plan_text(inventory("db.m5.large", "multi_az = true",
                            "[[database]]\nname = \"b\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
                            "[[database]]\nname = \"c\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"));
    const auto id = [&](Index i) { return planned.plan.databases[i].now.list->id; };
    CHECK(id(1) == id(2));
    CHECK_FALSE(id(0) == id(1));
    CHECK((*planned.figures)[id(2)].key.subject.index == 1);
    for (const std::string name : {"db", "b", "c"})
        CHECK(planned.node("database." + name + ".cost").value.high == (name == "db" ? 259'880'000 : 129'940'000));
}

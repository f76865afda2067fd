// What only a change of a service's code ends: `plan` says it.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

/// Two databases; "api.p" of the first gets `keys`.
std::string inventory(std::string_view keys, std::string_view policy = "", std::string_view more = "") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n{}\n[[database]]\nname = \"one\"\n"
        "engine = \"postgresql\"\nclass = \"db.m5.large\"\n[[database]]\nname = \"two\"\nengine = \"postgresql\"\n"
        "class = \"db.m5.large\"\n[[pooler]]\nname = \"hop\"\nkind = \"pgbouncer\"\nmode = \"transaction\"\ndatabase = "
        "\"one\"\n"
        "default_pool_size = 20\nmax_client_conn = 500\n[[service]]\nname = \"api\"\n[[service.pool]]\nname = \"p\"\n"
        "max = 12\nin_use = \"1-3\"\n{}\n{}",
        policy, keys, more);
}

/// "PF024 api.p, …": of these databases, of all where there are none.
std::string in_code(const std::string& text, const std::vector<Index>& databases = {}) {
    const test::Planned planned = test::plan_text(text);
    std::string out;
    for (const Finding& finding :
         lint::in_code({planned.fleet, test::catalog(), planned.plan, Date{2026, 11, 28}, nullptr}, databases))
        out += fmt::format("{} {}, ", finding.rule->id, finding.target);
    return out;
}

constexpr std::string_view as_text = "database = \"one\"\ndriver = \"postgres.js\"\nset_in = \"env\"";

}  // namespace

TEST_CASE("in code: sizes that do not arrive, and sessions that a pooler breaks") {
    CHECK(in_code(inventory(as_text)) == "PF024 api.p, ");
    CHECK(in_code(inventory("database = \"one\"\ndriver = \"pg\"\nset_in = \"url\"")) == "PF025 api.p, ");
    CHECK(in_code(inventory("database = \"hop\"\nfeatures = [\"listen\"]")) == "PF013 api.p, ");
    CHECK(in_code(inventory("database = \"hop\"\nfeatures = [\"session\"]")) == "PF013 api.p, ");
    CHECK(in_code(inventory("database = \"one\"\nfeatures = [\"listen\"]")).empty());
    CHECK(in_code(inventory("database = \"hop\"\nfeatures = [\"prepared\"]")).empty());  // a warning
    // An error that sizes end is no change of code.
    CHECK(in_code(inventory("database = \"one\"", "",
                            "[[service]]\nname = \"b\"\ninstances = 900\n[[service.pool]]\n"
                            "name = \"q\"\ndatabase = \"two\"\nmax = 50\n"))
              .empty());
}

TEST_CASE("in code: the policy and suppressions count") {
    CHECK(in_code(inventory(as_text, "[policy.severity]\nPF024 = \"warning\"")).empty());
    CHECK(in_code(inventory(as_text, "[policy.severity]\nPF024 = \"off\"")).empty());
    CHECK(in_code(inventory(as_text, "[policy.severity]\nPF025 = \"off\"")) == "PF024 api.p, ");
    CHECK(in_code(inventory("database = \"hop\"\nfeatures = [\"prepared\"]", "[policy.severity]\nPF013 = \"error\"")) ==
          "PF013 api.p, ");
    const std::string_view known = "[[ignore]]\nrule = \"PF024\"\nreason = \"known\"\n";
    CHECK(in_code(inventory(as_text, "", known)).empty());
    const std::string_view was_known = "[[ignore]]\nrule = \"PF024\"\nreason = \"known\"\nuntil = 2026-11-27\n";
    CHECK(in_code(inventory(as_text, "", was_known)) == "PF024 api.p, ");
}

TEST_CASE("in code: of the databases that are asked for") {
    const std::string text = inventory(as_text);
    CHECK(in_code(text, {0}) == "PF024 api.p, ");
    CHECK(in_code(text, {1}).empty());
    CHECK(in_code(text, {0, 1}) == "PF024 api.p, ");
}

TEST_CASE("in code: what is written in place of a number that was never read opens no more than runs today") {
    const auto fix = [](int instances, int max) {
        const test::Planned planned = test::plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
            "\"postgresql\"\nclass = \"db.t3.medium\"\n[[service]]\nname = \"api\"\ninstances = {}\n[[service.pool]]\n"
            "name = \"p\"\ndatabase = \"db\"\ndriver = \"pg\"\nmax = {}\nset_in = \"url\"\n",
            instances, max));
        for (const Finding& finding : test::lint(planned))
            if (finding.rule->id == "PF025") return finding.fix;
        return std::string();
    };
    CHECK(fix(25, 30) == "new Pool({ connectionString, max: 10 }) in code, and here max = 10 and set_in = \"code\"");
    CHECK(fix(1, 30) == "new Pool({ connectionString, max: 10 }) in code, and here max = 10 and set_in = \"code\"");
    CHECK(fix(25, 3) == "new Pool({ connectionString, max: 3 }) in code, and set_in = \"code\"");
}

TEST_CASE("in code: an empty list of features says that a driver's session settings are off") {
    const auto finds = [](std::string_view features, std::string_view driver = "activerecord") {
        const test::Planned planned =
            test::plan_text(inventory(fmt::format("database = \"hop\"\ndriver = \"{}\"\n{}", driver, features)));
        return std::ranges::count(test::lint(planned), "PF013", [](const Finding& f) { return f.rule->id; });
    };
    CHECK(finds("") == 1);
    CHECK(finds("features = []") == 0);
    CHECK(finds("features = [\"listen\"]") == 1);
    CHECK(finds("features = []", "graphile-worker") == 1);  // that it listens is no setting
}

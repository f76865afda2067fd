// Comments of an inventory that an import changes.
#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// The inventory with what the files say.
std::string merged(const std::string& before, const Texts& files) {
    Sources sources;
    Diagnostics diagnostics;
    auto document = load::parse(sources.add("a.toml", before), diagnostics);
    REQUIRE(document);
    imports::Inventory inventory;
    inventory.push_back(std::move(*document));
    imports::ImportOptions options;
    options.inventory = &inventory;
    const FromFiles got = import_texts(files, options);
    INFO(got.errors());
    REQUIRE(got.result);
    return load::print(imports::merge(inventory, *got.result, false).documents.front());
}

std::string instance(std::string_view name, std::string_view more) {
    return fmt::format(R"({{"DBInstances": [{{"DBInstanceIdentifier": "{0}", "Engine": "postgres", {1}
"DBInstanceClass": "db.m6g.xlarge", "DBInstanceStatus": "available",
"DBInstanceArn": "arn:aws:rds:eu-west-1:123456789012:db:{0}"}}]}})",
                       name, more);
}

constexpr std::string_view inventory = R"(# ask Dana
schema   = "poolfit-inventory/1"
provider = "aws"  # the only one
region   = "eu-west-1"

# Owned by team O.
[[database]]
# renamed in 2025
name     = "orders-db"     # from rds.json: DBInstanceIdentifier = orders
engine   = "postgresql"    # from rds.json: Engine = postgresql
# not before March
version  = "15.4"          # from rds.json: EngineVersion = 15.4, agreed with Bob
# enough for the autumn
class    = "db.m6g.large"  # from rds.json: DBInstanceClass = db.m6g.large; see #12
# the audit wants it
multi_az = true            # from rds.json: MultiAZ = true (until 2027)
# below the database
)";

}  // namespace

TEST_CASE("comments: what is written behind a binding goes above the line whose value is replaced") {
    const std::string text = merged(std::string(inventory), {{"rds:rds.json", instance("orders",
                                                                                       R"("EngineVersion": "16.4",
"MultiAZ": false,)")}});
    CHECK(text.starts_with("# ask Dana\nschema   = \"poolfit-inventory/1\"\nprovider = \"aws\"  # the only one\n"));
    expect(text, "# Owned by team O.\n[[database]]\n# renamed in 2025\nname     = \"orders-db\" ");
    expect(text,
           "# not before March\n# agreed with Bob\nversion  = \"16.4\"          # from rds.json: EngineVersion = "
           "16.4\n");
    expect(text, "# enough for the autumn\n# see #12\nclass    = \"db.m6g.xlarge\" ");
    expect(text, "# the audit wants it\n# (until 2027)\nmulti_az = false ");
    CHECK(text.ends_with("MultiAZ = false\n# below the database\n"));
}

TEST_CASE("comments: those of a value that goes stay at the record") {
    // Without MultiAZ, whose default is false.
    const std::string text =
        merged(std::string(inventory), {{"rds:rds.json", instance("orders", R"("EngineVersion": "15.4",)")}});
    expect_not(text, "multi_az");
    expect(text, "# enough for the autumn\n# see #12\n# the audit wants it\n# (until 2027)\nclass    = ");
    // Before the line below it, where there is one; a suppression goes with its value.
    std::string first(inventory);
    const std::size_t at = first.find("# enough");
    first.insert(at, "# poolfit: ignore[PF102]\n# two zones\nmulti_az = true  # from rds.json: MultiAZ = true\n");
    first.erase(first.find("# the audit"), first.find("# below") - first.find("# the audit"));
    const std::string next = merged(first, {{"rds:rds.json", instance("orders", R"("EngineVersion": "15.4",)")}});
    expect_not(next, "multi_az");
    expect_not(next, "ignore[PF102]");
    expect(next, "# two zones\n# enough for the autumn\n# see #12\nclass    = ");
}

TEST_CASE("comments: a record that is replaced keeps its own, the new one comes below them") {
    const std::string alone = merged(std::string(inventory), {{"rds:rds.json", instance("sales", "")}});
    CHECK(alone.starts_with(std::string(inventory.substr(0, inventory.find("# below")))));
    CHECK(alone.find("# below the database\n\n[[database]]\n") < alone.find("\"sales\""));
    // Before what is about the next record.
    const std::string service =
        "\n# The API.\n[[service]]\nname = \"api\"\ninstances = 2\n\n# its pool\n[[service.pool]]\nname = \"main\"\n"
        "database = \"orders-db\"\nmax = 8\n# the end\n";
    const std::string more = merged(std::string(inventory) + service, {{"rds:rds.json", instance("sales", "")}});
    expect(more, "(until 2027)\n\n# below the database\n\n[[database]]\n");
    CHECK(more.find("\"sales\"") < more.find("\n\n# The API.\n[[service]]\nname = \"api\"\n"));
    CHECK(more.ends_with("max = 8\n# the end\n"));
    // Again: nothing moves.
    CHECK(merged(more, {{"rds:rds.json", instance("sales", "")}}) == more);
}

TEST_CASE("comments: what the user adds to a binding is no other value") {
    const auto manifest = [](int workers) {
        return fmt::format(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec:\n  replicas: 2\n  template:\n"
            "    spec:\n      containers:\n      - name: api\n        image: a\n        args: [gunicorn, -w, \"{}\"]\n"
            "        env: [{{name: DATABASE_URL, value: \"postgres://u:p@orders.abc.eu-west-1.rds.amazonaws.com/x\"}},"
            " {{name: DB_POOL_SIZE, value: \"8\"}}]\n",
            workers);
    };
    const std::string before = std::string(inventory) +
                               "\n[[service]]\nname = \"api\"  # from k8s.yaml: Deployment = api\ninstances = 2\n"
                               "processes = 2  # from k8s.yaml: gunicorn -w 2 (see the load test)\n";
    const Texts files{{"rds:rds.json", instance("orders", R"("EngineVersion": "15.4", "MultiAZ": true,)")},
                      {"kubernetes:k8s.yaml", manifest(3)}};
    expect(merged(before, files), "# (see the load test)\nprocesses = 3  # from k8s.yaml: gunicorn -w 3\n");
    // Another value there is the user's.
    std::string own = before;
    own.replace(own.find("processes = 2"), 13, "processes = 4");
    expect(merged(own, files), "processes = 4  # from k8s.yaml: gunicorn -w 2 (see the load test)\n");
}

TEST_CASE("comments: below a list in brackets they stay") {
    const std::string before =
        "schema = \"poolfit-inventory/1\"\nregion = \"eu-west-1\"\ndatabase = [\n  { name = \"orders\", engine = "
        "\"postgresql\", class = \"db.m6g.large\" },  # the only one\n  # no more\n]\n# after\n";
    const std::string text = merged(before, {{"rds:rds.json", instance("sales", "")}});
    expect(text, "},  # the only one\n");
    expect(text, "  # no more\n]\n");
    expect(text, "# after\n");
    expect(text, "\"sales\"");
}

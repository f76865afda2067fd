// Documents that are edited or built: what is written, and where diagnostics point.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <poolfit/load/document.hpp>

#include "support.hpp"

namespace {

using namespace poolfit;
using load::Document;
using load::Form;
using load::Syntax;
using load::Table;
using load::Value;

Value value(std::string_view text) { return {.data = std::string(text)}; }
Value value(std::int64_t number) { return {.data = number}; }

struct Edit {
    Sources sources;
    Diagnostics diagnostics;
    Document document;

    explicit Edit(std::string text, std::string name = "poolfit.toml") {
        auto read = load::parse(sources.add(std::move(name), std::move(text)), diagnostics);
        REQUIRE(read);
        document = std::move(*read);
    }
    Table& record(std::string_view key, std::size_t index) {
        return *load::find(document.root, key)->as<load::Array>()->items.at(index).as<Table>();
    }
};

constexpr std::string_view fleet = R"(# Ours.

schema   = "poolfit-inventory/1"   # the format
region   = "eu-central-1"

# The one that is written to.
[[database]]
name     = "primary"
engine   = "postgresql"
class    = "db.m5.xlarge"          # since March
# poolfit: ignore[PF101] reason="measured"
multi_az = false
[database.observed]
cpu_peak = "5%"

# Reads.

# The second one.
[[database]]
name       = "replica"
replica_of = "primary"

# poolfit: ignore[PF001] reason="known"
[[service]]
name      = "api"
instances = { min = 2, max = 10 }  # by load
[[service.pool]]
name     = "main"
database = "primary"
features = [
    "prepared",  # everywhere
    # in the worker
    "listen",
]
max      = 10

# The end.
)";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != text.npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("load: a changed value stays on its line, with what is behind it") {
    Edit edit{std::string(fleet)};
    load::set(edit.record("database", 0), "class", value("db.t3.large"));
    load::set(edit.record("service", 0), "instances", value(4));
    CHECK(load::print(edit.document) ==
          replaced(replaced(std::string(fleet), "\"db.m5.xlarge\"", "\"db.t3.large\""), "{ min = 2, max = 10 }", "4"));
    Edit range{std::string(fleet)};
    load::set(*load::find(range.record("service", 0), "instances")->as<Table>(), "max", value(12));
    CHECK(load::print(range.document) == replaced(std::string(fleet), "max = 10 }", "max = 12 }"));
}

TEST_CASE("load: a new key follows the last one, in its column") {
    Edit edit{std::string(fleet)};
    auto& primary = edit.record("database", 0);
    load::comment(load::set(primary, "max_connections", value(1700)), "SHOW max_connections", "on Monday");
    load::set(primary, "region", value("us-east-1"));
    CHECK(load::print(edit.document) ==
          replaced(std::string(fleet), "multi_az = false\n",
                   "multi_az = false\n# SHOW max_connections\n"
                   "max_connections = 1700             # on Monday\nregion   = \"us-east-1\"\n"));
}

TEST_CASE("load: a new record follows the others of its kind, as a person would write it") {
    Edit edit{std::string(fleet)};
    Table record;
    load::comment(load::set(record, "name", value("web")), "", "from web.yaml");
    load::set(record, "runtime", value("threads"));
    Table range;
    load::set(range, "min", value(2));
    load::set(range, "max", value(4));
    load::comment(load::set(record, "instances", {.data = range}), "", "the autoscaler's");
    Table vars;
    load::set(vars, "BATCH_SIZE", value(6));
    load::set(record, "vars", {.data = vars});
    Table pool;
    load::set(pool, "name", value("main"));
    load::set(pool, "database", value("primary"));
    load::set(pool, "max", value("BATCH_SIZE + 5"));
    load::append(record, "pool", pool);
    load::append(edit.document.root, "service", record);
    load::append(edit.document.root, "host", {});
    load::set(edit.record("host", 0), "name", value("app"));
    CHECK(load::print(edit.document) == replaced(std::string(fleet), "\n# The end.\n", R"(
[[service]]
name      = "web"                 # from web.yaml
runtime   = "threads"
instances = { min = 2, max = 4 }  # the autoscaler's
[service.vars]
BATCH_SIZE = 6
[[service.pool]]
name     = "main"
database = "primary"
max      = "BATCH_SIZE + 5"

[[host]]
name = "app"

# The end.
)"));
}

TEST_CASE("load: what is removed takes the comments right above it") {
    Edit edit{std::string(fleet)};
    REQUIRE(load::remove(edit.document, edit.document.root, "database", 1));
    CHECK(load::print(edit.document) ==
          replaced(std::string(fleet),
                   "# The second one.\n[[database]]\nname       = \"replica\"\nreplica_of = \"primary\"\n\n", ""));
    Edit first{std::string(fleet)};
    REQUIRE(load::remove(first.document, first.document.root, "schema"));
    CHECK(load::print(first.document) ==
          replaced(std::string(fleet), "schema   = \"poolfit-inventory/1\"   # the format\n", ""));
    Edit last{std::string(fleet)};
    REQUIRE(load::remove(last.document, last.document.root, "service"));
    CHECK(load::print(last.document).ends_with("replica_of = \"primary\"\n\n# The end.\n"));
    CHECK_FALSE(load::remove(last.document, last.document.root, "service"));
    CHECK_FALSE(load::remove(last.document, last.document.root, "database", 2));
}

TEST_CASE("load: a suppression set apart from its key goes with it, other words stay") {
    Edit edit(
        "schema = \"poolfit-inventory/1\"\n\n# Words.\n# poolfit: ignore[PF101]\n\n# Right above.\n[policy]\n"
        "\n[growth]\nload = \"1% / month\"\n");
    REQUIRE(load::remove(edit.document, edit.document.root, "policy"));
    CHECK(load::print(edit.document) ==
          "schema = \"poolfit-inventory/1\"\n\n# Words.\n\n[growth]\nload = \"1% / month\"\n");
}

TEST_CASE("load: comments in a list stay with what they are at") {
    Edit edit{std::string(fleet)};
    auto& features =
        *load::find(*load::find(edit.record("service", 0), "pool")->as<load::Array>()->items[0].as<Table>(), "features")
             ->as<load::Array>();
    features.items.push_back(value("session"));
    CHECK(load::print(edit.document) ==
          replaced(std::string(fleet), "    \"listen\",\n", "    \"listen\",\n    \"session\",\n"));
    features.items.erase(features.items.begin());
    CHECK(load::print(edit.document) == replaced(std::string(fleet),
                                                 "    \"prepared\",  # everywhere\n    # in the worker\n"
                                                 "    \"listen\",\n",
                                                 "    # in the worker\n    \"listen\",\n    \"session\",\n"));
}

TEST_CASE("load: suppressions cover the same lines after an edit elsewhere") {
    Edit edit{std::string(fleet)};
    load::set(edit.record("database", 0), "version", value("16.8"));
    load::set(edit.record("database", 0), "engine", value("postgresql"));
    Table host;
    load::set(host, "name", value("app"));
    load::set(host, "class", value("t3.medium"));
    load::append(edit.document.root, "host", host);
    const auto checked = load::check(edit.document, test::built_in(), edit.sources, edit.diagnostics);
    for (const auto& made : edit.diagnostics.all()) MESSAGE(diag::print(made, {}));
    REQUIRE(checked);
    REQUIRE(checked->ignores.size() == 2);
    const auto* source = checked->ignores[0].place.source;
    CHECK(source->text() == load::print(edit.document));
    CHECK(source->line(checked->ignores[0].line.value()) == "multi_az = false");
    CHECK(source->line(checked->ignores[1].line.value()) == "[[service]]");
}

TEST_CASE("load: an unchanged document is checked where it stands") {
    Edit edit{std::string(fleet)};
    const auto checked = load::check(edit.document, test::built_in(), edit.sources, edit.diagnostics);
    for (const auto& made : edit.diagnostics.all()) MESSAGE(diag::print(made, {}));
    REQUIRE(checked);
    CHECK(checked->databases[0].name.place.source == edit.document.source);
    CHECK(checked->path == "poolfit.toml");
}

TEST_CASE("load: diagnostics of a built document point into what it is printed as") {
    Document built;
    built.name = "imported";
    load::set(built.root, "schema", value("poolfit-inventory/1"));
    load::set(built.root, "region", value("eu-central-1"));
    Table database;
    load::set(database, "name", value("primary"));
    load::set(database, "engine", value("postgresql"));
    load::set(database, "class", value("db.m5.larg"));
    load::append(built.root, "database", database);
    CHECK(load::print(built) ==
          "schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\n\n[[database]]\n"
          "name   = \"primary\"\nengine = \"postgresql\"\nclass  = \"db.m5.larg\"\n");
    Sources sources;
    Diagnostics diagnostics;
    CHECK_FALSE(load::check(built, test::built_in(), sources, diagnostics));
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diag::print(diagnostics.all()[0].place) == "imported:7:10");
    built.syntax = Syntax::json;
    CHECK(load::print(built) == R"({
  "schema": "poolfit-inventory/1",
  "region": "eu-central-1",
  "database": [
    {
      "name": "primary",
      "engine": "postgresql",
      "class": "db.m5.larg"
    }
  ]
}
)");
    Diagnostics json;
    CHECK_FALSE(load::check(built, test::built_in(), sources, json));
    REQUIRE(json.all().size() == 1);
    CHECK(diag::print(json.all()[0].place) == "imported:8:16");
}

TEST_CASE("load: JSON is edited in its own layout") {
    Edit edit(
        "{ \"schema\": \"poolfit-inventory/1\",\n    \"database\": [\n        {\"name\": \"a\", \"class\": "
        "\"db.m5.large\"},\n"
        "        {\"name\": \"b\"}\n    ]\n}\n",
        "a.json");
    load::set(edit.record("database", 0), "class", value("db.t3.large"));
    load::set(edit.record("database", 1), "version", value("16.8"));
    load::set(edit.document.root, "region", value("eu-central-1"));
    CHECK(load::print(edit.document) ==
          "{ \"schema\": \"poolfit-inventory/1\", \"region\": \"eu-central-1\",\n    \"database\": [\n"
          "        {\"name\": \"a\", \"class\": \"db.t3.large\"},\n"
          "        {\"name\": \"b\", \"version\": \"16.8\"}\n    ]\n}\n");
}

TEST_CASE("load: what no text can hold is written as the nearest that it can") {
    Document built;
    load::set(built.root, "a", value("\xff\xc3"));
    load::set(built.root, "b", {});
    CHECK(load::print(built) == "a = \"\xEF\xBF\xBD\xEF\xBF\xBD\"\n");
    Table dotted;
    dotted.form = Form::dotted;
    load::set(dotted, "c", value(1));
    load::set(built.root, "d.e", {.data = dotted});
    Document plain;
    load::set(plain.root, "when", {.data = load::DateText{"2026-12-31"}});
    load::set(plain.root, "path", value(R"(C:\"x")"));
    CHECK(load::print(plain) == "when = 2026-12-31\npath = 'C:\\\"x\"'\n");
    CHECK(load::print(built) == "a       = \"\xEF\xBF\xBD\xEF\xBF\xBD\"\n\"d.e\".c = 1\n");
}

TEST_CASE("load: records that are copied or change places are written in the order of the tree") {
    const std::string text = "[[t]] # one\nk = 1\n[t.in]\nx  =  1\n\n[[t]] # two\nk = 2\n\n[u]\n";
    Edit edit{text};
    auto& records = load::find(edit.document.root, "t")->as<load::Array>()->items;
    std::swap(records[0], records[1]);
    CHECK(load::print(edit.document) == "[[t]] # two\nk = 2\n[[t]] # one\nk = 1\n[t.in]\nx  =  1\n\n[u]\n");
    Edit copy{text};
    auto& list = load::find(copy.document.root, "t")->as<load::Array>()->items;
    list.push_back(list[0]);
    load::set(*list[2].as<Table>(), "k", value(3));
    CHECK(load::print(copy.document) ==
          "[[t]] # one\nk = 1\n[t.in]\nx  =  1\n\n[[t]] # two\nk = 2\n[[t]] # one\nk = 3\n[t.in]\nx  =  1\n\n[u]\n");
}

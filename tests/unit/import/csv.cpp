#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/sanitized.hpp"
#include "sheet.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr const char* usual = "name,engine,class,region\n";

/// The part below the comment at the top.
std::string body(const Imported& imported) {
    const std::string text = imported.text();
    const std::size_t schema = text.find("schema");
    return schema == std::string::npos ? text : text.substr(schema);
}

}  // namespace

TEST_CASE("a sheet is an inventory, a record for each row in its order") {
    Imported imported = import_text(
        "DB identifier,Engine,Version,Class,AZ,Multi-AZ,CPU avg (%),CPU max (%),FreeableMemory (bytes)\n"
        "orders,postgres,16.8,db.m5.xlarge,eu-central-1a,Yes,12.5,31,8380272278\n"
        "shop,MySQL,8.0.41,m5.large,eu-central-1b,No,,,\n");
    CHECK(imported.said().empty());
    CHECK(imported.text() ==
          "# 2 databases from sheet.csv, by poolfit import csv:\n"
          "#   name             column \"DB identifier\"\n"
          "#   engine           column \"Engine\"\n"
          "#   version          column \"Version\"\n"
          "#   class            column \"Class\"\n"
          "#   region           column \"AZ\"\n"
          "#   multi_az         column \"Multi-AZ\"\n"
          "#   cpu_mean         column \"CPU avg (%)\"\n"
          "#   cpu_peak         column \"CPU max (%)\"\n"
          "#   freeable_memory  column \"FreeableMemory (bytes)\"\n"
          "schema = \"poolfit-inventory/1\"\n"
          "region = \"eu-central-1\"\n"
          "\n"
          "[[database]]\n"
          "name     = \"orders\"\n"
          "engine   = \"postgresql\"\n"
          "version  = \"16.8\"\n"
          "class    = \"db.m5.xlarge\"\n"
          "multi_az = true\n"
          "\n"
          "[database.observed]\n"
          "cpu_mean        = \"12.5%\"\n"
          "cpu_peak        = \"31%\"\n"
          "freeable_memory = \"7.8 GiB\"\n"
          "\n"
          "[[database]]\n"
          "name    = \"shop\"\n"
          "engine  = \"mysql\"\n"
          "version = \"8.0.41\"\n"
          "class   = \"db.m5.large\"\n");
    REQUIRE(imported.fleet());
}

TEST_CASE("columns are guessed, --map decides, and what is not read is said once") {
    const std::string sheet =
        "name,engine,class,region,busy,Free,Owner,Cost centre\n"
        "a,postgresql,db.m5.large,eu-central-1,0.31,3.5,Ann,1\n";
    Imported plain = import_text(sheet);
    CHECK(plain.said() ==
          "ignored: busy, Free, Owner, Cost centre\n"
          "no column for cpu_peak and freeable_memory: smaller classes cannot be judged = --map 'THEIRS=cpu_peak'\n");
    Imported mapped = import_text(sheet, {{"busy=cpu_peak:share", "FREE=freeable_memory:gib", "Owner=-"}, {}, {}, {}});
    CHECK(mapped.said() == "ignored: Owner, Cost centre\n");
    CHECK(body(mapped).find("cpu_peak        = \"31%\"\nfreeable_memory = \"3.5 GiB\"\n") != std::string::npos);
    CHECK(mapped.text().find("cpu_peak         column \"busy\" in share\n") != std::string::npos);
    CHECK(import_text(sheet, {{"#5=cpu_peak:%"}, {}, {}, {}}).text().find("cpu_peak = \"0.31%\"") != std::string::npos);

    const auto said = [&](const char* map) { return import_text(sheet, {{map}, {}, {}, {}}).said(); };
    CHECK(said("bsy=cpu_peak") == "--map bsy=cpu_peak: no column is called bsy = did you mean busy?\n");
    CHECK(said("busy=cpu_paek") == "--map busy=cpu_paek: unknown key cpu_paek = did you mean cpu_peak?\n");
    CHECK(said("busy") == "--map busy: not THEIRS=OURS = write --map 'Their heading=class'\n");
    CHECK(said("busy=cpu_peak:GB") == "--map busy=cpu_peak:GB: GB is not a unit of cpu_peak = units: %, share\n");
    CHECK(said("busy=region:GB") == "--map busy=region:GB: GB is not a unit of region = write --map 'busy=region'\n");
    CHECK(said("#9=region") == "--map #9=region: no column is called #9\n");
    CHECK(import_text(sheet, {{"busy=cpu_peak:%", "Free=cpu_peak:%"}, {}, {}, {}}).said() ==
          "--map Free=cpu_peak:%: cpu_peak is already busy = map one column to it\n");
}

TEST_CASE("--default is for rows without a value, --only and --exclude choose rows") {
    const std::string sheet =
        "name,class,region,cpu max (%)\n"
        "a,db.m5.large,,10\n"
        "b,db.m5.large,us-east-1,\n"
        "Total,,,\n";
    Imported imported = import_text(
        sheet, {{}, {"engine=postgresql", "region=eu-west-1", "cpu_peak=20%", "window=14 d"}, {}, {"Tot*"}});
    CHECK(imported.said() ==
          "left out: 1 of 3 rows\n"
          "no column for freeable_memory: smaller classes cannot be judged = --map 'THEIRS=freeable_memory'\n");
    const auto fleet = imported.fleet();
    REQUIRE(fleet);
    CHECK(*fleet->databases[0].region == "eu-west-1");
    CHECK(*fleet->databases[1].region == "us-east-1");
    CHECK(fleet->databases[0].observed.cpu_peak->value.high == Fraction(0.1));
    CHECK(fleet->databases[1].observed.cpu_peak->value.high == Fraction(0.2));
    CHECK(imported.text().find("#   region    column \"region\", else eu-west-1\n") != std::string::npos);
    const auto said = [&](imports::CsvOptions options) { return import_text(sheet, options).said(); };
    CHECK(said({{}, {"engine"}, {}, {}}).starts_with("--default engine: not KEY=VALUE"));
    CHECK(said({{}, {"name=x"}, {}, {}}).starts_with("--default name=x: name differs from row to row"));
    CHECK(said({{}, {"engine=postgresql", "region=eu-west-1"}, {}, {"x"}}).find("--exclude: no row is called x") !=
          std::string::npos);
    CHECK(said({{}, {"engine=postgresql"}, {"q*"}, {}}).starts_with("--only: no row is called q*"));
    CHECK(said({{}, {"engine=postgresql"}, {}, {"*"}}) == "no rows are left = remove --only or --exclude\n");
    // A default that is wrong is wrong once for each row, in its own text.
    CHECK(said({{}, {"engine=oracle", "region=eu-west-1"}, {"a"}, {}})
              .starts_with("1:8 engine: 'oracle' is not supported"));
}

TEST_CASE("the columns that a fleet needs") {
    CHECK(import_text("name,engine,clas,region\na,postgresql,db.m5.large,eu-west-1\n").said() ==
          "1:1 no column has the instance class = --map 'clas=class'\n");
    CHECK(import_text("foo,bar\n1,2\n").said() ==
          "1:1 no column names the instances = --map 'THEIRS=name'\n"
          "1:1 no column has the instance class = --map 'THEIRS=class'\n"
          "1:1 no column has the engine = --map 'THEIRS=engine', or for all rows --default engine=postgresql\n");
    CHECK(import_text("name,engine,class\na,postgresql,db.m5.large\n").said() ==
          "1:1 no column has the region = --map 'THEIRS=region', or for all rows --default region=us-east-1\n");
    CHECK(import_text("Timestamp,DBInstanceIdentifier,MetricName,Average\n1,a,CPUUtilization,3\n")
              .said()
              .starts_with("1:1 a row for each metric and time, not for each instance = make a sheet"));
}

TEST_CASE("a CPU that says neither statistic nor unit is asked for, once for a column") {
    const auto said = [](const char* heading, const char* cells) {
        return import_text(fmt::format("name,engine,class,region,{}\n{}", heading, cells)).said();
    };
    const char* cells =
        "a,postgresql,db.m5.large,eu-west-1,0.31,12\n"
        "b,postgresql,db.m5.large,eu-west-1,0.4,12\n";
    CHECK(said("CPU,x", cells) ==
          "1:26 CPU: the mean, or the maximum? = --map 'CPU=cpu_mean', or --map 'CPU=cpu_peak'\n");
    CHECK(said("CPU max,x", cells) ==
          "2:36 cpu_peak: 0.31 without a percent sign = --map 'CPU max=cpu_peak:%' if 0.31 means 0.31 %, or "
          "--map 'CPU max=cpu_peak:share' if it means a part of 1\n");
    CHECK(said("x,peak CPU", cells) == "2:41 cpu_peak: 12 without a percent sign = --map 'peak CPU=cpu_peak:%'\n");
    // Beside a maximum it is the mean.
    CHECK(said("CPU (%),CPU max (%)", cells).starts_with("no column for freeable_memory"));
    CHECK(said("Free memory,x", cells) ==
          "2:36 freeable_memory: 0.31 without a unit = --map 'Free memory=freeable_memory:GiB' if 0.31 means 0.31 GiB, "
          "or --map 'Free memory=freeable_memory:bytes' if it means bytes\n");
}

TEST_CASE("two columns for one key") {
    const char* row = "\na,postgresql,db.m5.large,eu-west-1,b,10\n";
    CHECK(import_text(fmt::format("name,engine,class,region,Name,x{}", row)).said() ==
          "1:26 name: two columns fit, name and Name = leave one out: --map '#5=-'\n");
    // The better one counts, the other is said to be ignored.
    CHECK(import_text(fmt::format("name,engine,class,region,DB identifier,CPU max (%){}", row))
              .said()
              .starts_with("ignored: name\n"));
    CHECK(import_text(fmt::format("name,engine,class,region,Name,x{}", row), {{"Name=-"}, {}, {}, {}})
              .said()
              .starts_with("ignored: Name, x"));
    CHECK(import_text("x,x,engine,class,region\na,b,postgresql,db.m5.large,eu-west-1\n", {{"x=name"}, {}, {}, {}})
              .said()
              .starts_with("--map x=name: 2 columns are called x = name it by its number: #1 or #2\n"));
}

TEST_CASE("what is wrong with the inventory is said at the cell, all of it in one run") {
    Imported imported = import_text(
        "name,engine,class,region,cpu mean (%),cpu max (%),replica of,free memory (GiB)\n"
        "a,postgresql,db.m5.lrge,eu-central-1,10,20,,3\n"
        "b,oracle-ee,db.m5.large,eu-central-1,10,20,,3\n"
        "c,postgresql,db.m5.large,eu-central-1,30,20,,3\n"
        "d,postgresql,db.m5.large,eu-central-1,30,250,,3\n"
        "e,postgresql,db.m5.large,eu-central-1,10,20,bb,3\n"
        "f,postgresql,db.m5.large,eu-central-1,busy,20,,3000\n"
        ",postgresql,db.m5.large,eu-central-1,10,20,,3\n"
        "h,postgresql,,eu-central-1,10,20,,3\n"
        "i,postgresql,db.m5.large,eu-central-1,10,20,,3000\n");
    CHECK_FALSE(imported.document);
    const std::string said = imported.said();
    CAPTURE(said);
    CHECK(
        said.find("2:14 class: 'db.m5.lrge' is not in the catalog (did you mean db.m5.large?) = write db.m5.large\n") !=
        std::string::npos);
    CHECK(said.find("3:3 engine: 'oracle-ee' is not supported") != std::string::npos);
    CHECK(said.find("4:39 cpu_mean: the mean is above the peak") != std::string::npos);
    CHECK(said.find("5:42 cpu_peak") != std::string::npos);
    CHECK(said.find("6:45 replica_of: no row is called bb") != std::string::npos);
    CHECK(said.find("7:39 cpu_mean: expected a percentage, such as 12.4%\n") != std::string::npos);
    CHECK(said.find("8:1 a row without a name") != std::string::npos);
    CHECK(said.find("9:14 h has no class") != std::string::npos);
    CHECK(said.find("10:46 freeable_memory") != std::string::npos);
    // Of a row that cannot be read no more is said.
    CHECK(said.find("7:4") == said.rfind("7:4"));
}

TEST_CASE("names are made good, and references follow") {
    Imported imported = import_text(
        "name,engine,class,region,source\n"
        "orders db,postgresql,db.m5.large,eu-west-1,\n"
        "copy,postgresql,db.m5.large,eu-west-1,arn:aws:rds:eu-west-1:123456789012:db:orders db\n"
        "copy,postgresql,db.m5.large,eu-west-1,orders db\n");
    CHECK(imported.said().starts_with("renamed: orders db → orders-db, copy → copy-2\n"));
    CHECK(imported.text().find("name   = \"orders-db\"  # \"orders db\" in the sheet\n") != std::string::npos);
    const auto fleet = imported.fleet();
    REQUIRE(fleet);
    CHECK(fleet->databases[1].replica_of == 0U);
    CHECK(fleet->databases[2].replica_of == 0U);
    CHECK(import_text("name,engine,class,region,source\n"
                      "a,postgresql,db.m5.large,eu-west-1,\na,postgresql,db.m5.large,eu-west-1,\n"
                      "b,postgresql,db.m5.large,eu-west-1,a\n")
              .said()
              .starts_with("4:36 replica_of: 2 rows are called a"));
}

TEST_CASE("servers of one's own have vCPUs, memory and a limit in place of a class") {
    Imported imported = import_text(
        "name,engine,vCPU,RAM (GiB),max_connections\n"
        "a,postgresql,4,16,300\n");
    CHECK(imported.said().starts_with("no column for cpu_peak"));
    CHECK(body(imported).find("vcpus           = 4\nmemory          = \"16 GiB\"\nmax_connections = 300\n") !=
          std::string::npos);
    REQUIRE(imported.fleet());
    // A class has both: they are not written beside it.
    CHECK(body(import_text("name,engine,class,region,vCPU,RAM (GiB)\na,postgresql,db.m5.large,eu-west-1,2,8\n"))
              .find("vcpus") == std::string::npos);
}

TEST_CASE("sheets of other countries") {
    Imported imported = import_text(
        "\xEF\xBB\xBF"
        "Name;Engine;Class;Region;CPU mean (%);CPU max;Free memory (bytes)\r\n"
        "a;postgresql;db.m5.xlarge;eu-central-1;12,5;31,25 %;8.380.272.278\r\n");
    CHECK(imported.said().empty());
    CHECK(body(imported).find(
              "cpu_mean        = \"12.5%\"\ncpu_peak        = \"31.25%\"\nfreeable_memory = \"7.8 GiB\"\n") !=
          std::string::npos);
    // Points before the decimals of some and commas of others: neither is guessed.
    CHECK(import_text("Name;Engine;Class;Region;CPU mean (%);CPU max (%)\n"
                      "a;postgresql;db.m5.xlarge;eu-central-1;12,5;31.25\n")
              .said() ==
          "2:40 cpu_mean: not a number, where others have a point before their decimals = write it as the others are "
          "written\n");
}

TEST_CASE("hostile text stays text") {
    Imported imported = import_text(
        "name,engine,class,region,\"own\ner\",\"tag]]\n[[database]]\"\n"
        "\"a\"\"\n[[database]]\nname = \"\"x\",postgresql,db.m5.large,eu-west-1,x,y\n");
    REQUIRE(imported.fleet());
    CHECK(imported.fleet()->databases.size() == 1);
    CHECK(imported.said().starts_with("ignored: own er, tag]] [[database]]\n"));
    const std::string huge(2'000'000, 'x');
    CHECK(import_text(std::string(usual) + huge + ",postgresql,db.m5.large,eu-west-1\n").document);
    CHECK(import_text(std::string(usual) + "a,postgresql," + huge + ",eu-west-1\n").said().starts_with("2:14 class: "));
    CHECK(import_text(std::string(usual) + "a,\x1b[31mred,db.m5.large,eu-west-1\n").said().starts_with("2:3 engine: "));
}

TEST_CASE("errors past the limit are counted, those of rows that are wrong anyway are not") {
    const auto errors = [](const char* cls, const char* cpu) {
        std::string text = "name,engine,class,region,cpu max (%)\n";
        for (int i = 0; i < 300; ++i) text += fmt::format("db{},postgresql,{},eu-central-1,{}\n", i, cls, cpu);
        return import_text(std::move(text)).diagnostics.error_count();
    };
    CHECK(errors("db.m5.lrge", "10") == 300);  // of the inventory
    CHECK(errors("db.m5.large", "x") == 300);  // of the sheet
    CHECK(errors("db.m5.lrge", "x") == 300);   // of both: a row is wrong once
}

TEST_CASE("a hundred thousand rows take time in proportion") {
    const auto seconds = [](int rows) {
        std::string text = "name,engine,class,region,cpu max (%),free memory (bytes),owner\n";
        for (int i = 0; i < rows; ++i)
            text += fmt::format("db {},postgresql,db.m5.xlarge,eu-central-1,{}.5,8380272278,x\n", i, i % 90);
        const auto begin = std::chrono::steady_clock::now();
        const Imported imported = import_text(std::move(text));
        REQUIRE(imported.document);
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    const double few = seconds(test::sampled(10'000));
    CHECK(seconds(test::sampled(100'000)) < 30 * few + 1);
}

TEST_CASE("an excerpt of a sheet shows no cell that is not read, and no URL") {
    const auto shown = [](std::string text) {
        const Imported imported = import_text(std::move(text));
        std::string out;
        for (const Diagnostic& each : imported.diagnostics.all()) out += diag::print(each, {});
        return out;
    };
    const std::string some = shown(
        "name,engine,class,region,db_url,password\n"
        "shop,postgres,db.m6g.larg,eu-west-1,postgres://app:PLANTED@h/x,PLANTED2\n");
    CAPTURE(some);
    CHECK(some.find("sheet.csv:2:15") != std::string::npos);
    CHECK(some.find("shop,postgres,db.m6g.larg,eu-west-1,") != std::string::npos);
    CHECK(some.find("PLANTED") == std::string::npos);
    const std::string url = shown(
        "name,engine,class,region,max_connections\npostgres://u:PLANTED@h/x,postgres,db.m6g.large,eu-west-1,x\n"
        "b,postgres,postgres://u:PLANTED@h/x,eu-west-1,100\n");
    CAPTURE(url);
    CHECK(url.find("PLANTED") == std::string::npos);
    const std::string broken = shown("name,engine\nshop,postgres,PLANTED\n");
    CAPTURE(broken);
    CHECK(broken.find("PLANTED") == std::string::npos);
}

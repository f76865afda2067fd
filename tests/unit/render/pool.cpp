// `pool` as text and as JSON.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <poolfit/render/pool.hpp>
#include <poolfit/render/render.hpp>

#include "../../../src/render/pool_words.hpp"
#include "../../support/pool_request.hpp"
#include "fixture.hpp"

using namespace poolfit;
using Json = nlohmann::json;

namespace {

using test::open;

PoolReport report_of(const PoolRequest& request) { return std::get<PoolReport>(report::pool(request)); }

std::string text(const PoolReport& report, int width = 80) { return render::pool_text(report, {false, true, width}); }

/// Requests that differ in everything that the text shows.
std::vector<PoolRequest> requests() {
    std::vector<PoolRequest> all{open(300, 8), open(123'456, 7.654321), open(300, 8, 0.0), open(0.001, 0.001)};
    PoolRequest request = open(300, 10);
    request.size = Connections(2);
    all.push_back(request);
    request.size = Connections(1'000'000);
    all.push_back(request);
    request = open(120, 80);
    request.better = open(100, 30).load;
    request.rate.low = PerSecond(100);
    request.hold.low = Millis(30);
    request.nested = 3;
    request.threads = 1000;
    request.vcpus = 96;
    request.question.goals.mean_wait = Millis(2);
    request.question.goals.utilization = Fraction(0.7);
    request.usual_goals = false;
    all.push_back(request);
    request = open(3600, 8);
    request.peak = 3;
    request.rate = Interval<PerSecond>(PerSecond(1200));
    request.load.acquire_timeout = Millis(100);
    request.question.timeouts = 0.001;
    all.push_back(request);
    request = open(300, 8);
    request.load.batch = 4;
    all.push_back(request);
    request = open(120'000, 8);
    request.service = {2, 14, 4, 3};
    all.push_back(request);
    request = open(0, 2000);
    request.load.users = 28;
    request.load.think = Millis(5000);
    request.load.cpu = Millis(1000);
    request.load.vcpus = 4;
    all.push_back(request);
    request = open(100, 8);
    request.load.hold = sizing::HistogramHold{{{Millis(0), Millis(5), 900}, {Millis(5), Millis(500), 90}}};
    request.question.precision = 0.02;  // a short run
    all.push_back(request);
    request.service = {2, 12'000, 40, 0};
    all.push_back(request);
    request.service.reset();
    request.load.hold = sizing::PercentileHold{Millis(8), Millis(30), Millis(90)};
    request.question.goals.wait->p = 1e-9;
    request.size = Connections(4);
    all.push_back(request);
    return all;
}

}  // namespace

TEST_CASE("pool as text: the verdict, the answer's row, how it was found") {
    const std::string page = text(report_of(open(300, 8)));
    CHECK(page.starts_with("size 7 per process · P(wait > 5 ms) 0.071 % ≤ 0.1 % · erlang-c, exact\n\n"));
    CHECK(page.find("   ◀ 7 34 %   1.26 %  0.071 %") != std::string::npos);
    CHECK(page.find("     4 60 %   28.7 %   10.6 % 8.74 ms 16.8 ms  300/s no   ■■■□□□□□□□ knee\n") !=
          std::string::npos);
    CHECK(page.find("good up to      316/s, or holds of 8.3 ms (size 7)\n") != std::string::npos);
    CHECK(page.find("2 × database vCPUs + 1 = 5, 9, 17 for 2, 4, 8\n") != std::string::npos);
    PoolRequest request = open(300, 10);
    request.size = Connections(2);
    const std::string over = text(report_of(request));
    CHECK(over.starts_with("size 2 per process is overloaded: 150 % utilization, waits grow without bound\n"));
    CHECK(over.find("smallest        4 is stable, 9 meets P(wait > 5 ms) ≤ 0.1 %\n") != std::string::npos);
    CHECK(over.find("exact") == std::string::npos);
}

TEST_CASE("pool as text: only a simulation has an error, a seed and approximations") {
    PoolRequest request = open(300, 8, 2.0);
    request.question.precision = 0.02;
    request.question.seed = 7;
    const std::string page = text(report_of(request));
    for (const std::string_view part : {"simulation, at 95 %", "seed 7; ", "approximations  mean wait "})
        CHECK_MESSAGE(page.find(part) != std::string::npos, part);
    const std::string exact = text(report_of(open(300, 8)));
    for (const std::string_view part : {"±", "seed", "approximations"})
        CHECK_MESSAGE(exact.find(part) == std::string::npos, part);
}

TEST_CASE("pool as text: the connections of all pools of a service come first") {
    PoolRequest request = open(1200, 8);
    request.service = {4, 4, 2, 1};
    const PoolReport report = report_of(request);
    const auto size = report.answer.size.value;
    const std::string page = text(report, 120);
    CHECK(page.starts_with(fmt::format("4 × 2 × {0} = {1} connections: size {0} · ", size, 8 * size)));
    CHECK(page.find("1,200/s over 8 pools = 150/s") != std::string::npos);
    CHECK(page.find(fmt::format("server connections instead of {} (transaction mode)\n", 8 * size)) !=
          std::string::npos);
    CHECK(page.find("more connections in more pools") != std::string::npos);
    // Where they don't, it isn't said.
    request = open(1e-3, 1);
    request.load.users = 1;
    request.load.think = Millis(1);
    request.service = {1, 1, 1, 0};
    PoolReport alike = report_of(request);
    for (PoolReport::Pools& row : alike.service->by_instances) row.total = Connections(1);
    CHECK(text(alike).find("more connections in more pools") == std::string::npos);
    request = open(1200, 8);
    request.service = {2, 14, 1, 0};
    const std::string scaled = text(report_of(request));
    CHECK(scaled.find(" connections at most: size ") != std::string::npos);
    CHECK(scaled.find("with the fewest") != std::string::npos);
    CHECK(page.find("with the fewest") == std::string::npos);
}

TEST_CASE("pool as text stays inside the width") {
    for (const PoolRequest& request : requests()) {
        const PoolReport report = report_of(request);
        for (int width = 40; width <= 120; ++width)
            for (const bool unicode : {true, false}) {
                CAPTURE(width);
                const std::string page = render::pool_text(report, {width % 2 == 0, unicode, width});
                REQUIRE(test::longest_line(page) <= width);
                REQUIRE(page.ends_with('\n'));
                REQUIRE(!page.ends_with("\n\n"));
                REQUIRE(page.find(" \n") == std::string::npos);
                REQUIRE(page.find("nan") == std::string::npos);
                REQUIRE(page.find("inf") == std::string::npos);
                REQUIRE(page.find("\u00A0") == std::string::npos);
                if (!unicode) REQUIRE(std::ranges::all_of(page, [](unsigned char c) { return c < 0x80; }));
            }
    }
}

TEST_CASE("pool as text: colour is on the verdict and the bars alone") {
    const PoolReport report = report_of(open(300, 8));
    const std::string page = render::pool_text(report, {true, true, 80});
    CHECK(page.starts_with("\x1b[1msize 7 per process\x1b[0m · "));
    std::string plain;
    for (std::size_t at = 0; at < page.size(); ++at) {
        if (page[at] != '\x1b') {
            plain += page[at];
            continue;
        }
        at = page.find('m', at);
    }
    CHECK(plain == text(report));
    PoolRequest request = open(300, 8);
    request.size = Connections(2);
    CHECK(render::pool_text(report_of(request), {true, true, 80})
              .starts_with("\x1b[1msize 2 per process is overloaded\x1b[0m"));
}

TEST_CASE("pool as JSON: the keys of the schema, the figures of the report") {
    const Json schema = Json::parse(render::schema("pool"));
    for (const PoolRequest& request : requests()) {
        const PoolReport report = report_of(request);
        const Json json = Json::parse(render::pool_json(report));
        CHECK(json.at("schema") == "poolfit-pool/1");
        std::vector<std::string> keys, published;
        for (const auto& [key, value] : json.items()) keys.push_back(key);
        for (const auto& [key, value] : schema.at("properties").items()) published.push_back(key);
        CHECK(keys == published);
        CHECK(json.at("size") == report.answer.size.value);
        CHECK(json.at("sized_for").is_null() == request.size.has_value());
        CHECK(json.at("method") == std::string(sizing::name(report.answer.method)));
        CHECK(json.at("offered_erlangs").get<double>() == doctest::Approx(report.offered.value).epsilon(1e-11));
        CHECK(json.at("service").is_null() == !request.service.has_value());
        if (request.service) {
            const Json& service = json.at("service");
            CHECK(service.at("pools") == request.service->most * request.service->processes);
            CHECK(service.at("connections") == service.at("pools").get<std::int64_t>() * report.answer.size.value);
            CHECK(service.at("by_instances").size() == report.service->by_instances.size());
            CHECK(service.at("pooler").is_null() == (request.service->pooler == 0));
            CHECK(json.at("asked").at("instances").at("high") == request.service->most);
        }
        CHECK(json.at("around").size() == report.around.size());
        bool answer = false;
        for (const Json& row : json.at("around")) answer = answer || row.at("size") == json.at("size");
        CHECK(answer);
        for (const char* wait : {"p_wait", "wait_mean_ms", "wait_p50_ms", "wait_p95_ms", "wait_p99_ms"})
            CHECK(json.at(wait).is_null() == report.answer.overloaded);
        CHECK(json.at("error_bound").is_null() == (report.answer.method != sizing::Method::simulation));
    }
}

TEST_CASE("shares and comparisons read well") {
    CHECK(render::share_text(0.00058) == "0.058 %");
    CHECK(render::share_text(0.25) == "25 %");
    CHECK(render::share_text(0) == "0 %");
    CHECK(render::share_text(1e-5, 1e-4) == "< 0.01 %");
    CHECK(render::time_text(Millis(1e-9)) == "0 ms");
    CHECK(render::time_text(Millis(1500)) == "1.5 s");
    // As many digits as it takes.
    PoolReport report;
    report.asked = open(300, 8);
    report.answer.p_over = 0.0010004;
    CHECK(render::judged(report) == std::vector<std::string>{render::whole("P(wait > 5 ms) 0.10004 % > 0.1 %")});
    report.answer.p_over = 0.001;
    CHECK(render::judged(report) == std::vector<std::string>{render::whole("P(wait > 5 ms) 0.1 % ≤ 0.1 %")});
}

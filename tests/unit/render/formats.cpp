#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/render/format.hpp>

#include "fixture.hpp"

namespace poolfit::test {
namespace {

TEST_CASE("each format of a command is one row, and its default is the first") {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const render::Format& format : render::formats()) {
        CAPTURE(format.command);
        CAPTURE(format.name);
        CHECK(seen.insert({format.command, format.name}).second);
        CHECK(render::find_format(format.command, format.name) == &format);
    }
    CHECK(render::format_names("plan") ==
          std::vector<std::string_view>{"text", "json", "markdown", "csv", "html", "svg"});
    CHECK(render::format_names("schema") == std::vector<std::string_view>{"json"});
    CHECK(render::format_names("plan it").empty());
    CHECK(render::find_format("plan", "github") == nullptr);
    CHECK(render::find_format("pool", "csv") == nullptr);
}

TEST_CASE("a row renders what its command says") {
    const Reported made = report_text(agora);
    const auto rendered = [&](std::string_view name) {
        return render::find_format("plan", name)->render(render::Planned{&made.report}, {});
    };
    CHECK(rendered("text") == render::text(made.report, {}));
    CHECK(rendered("json") == render::json(made.report));
    CHECK(rendered("markdown") == render::markdown(made.report));
    CHECK(rendered("csv") == render::csv(made.report));
    std::string streamed;
    render::find_format("plan", "json")->stream(render::Planned{&made.report}, [&](std::string_view piece) {
        streamed += piece;
    });
    CHECK(streamed == render::json(made.report));

    const auto version = [&](std::string_view name) {
        return render::find_format("version", name)->render(render::Versioned{&catalog(), {}}, {});
    };
    CHECK(version("text").starts_with("poolfit "));
    CHECK(version("json").starts_with("{"));
    CHECK(render::find_format("init", "text")->render(std::string_view("as it is\n"), {}) == "as it is\n");
}

}  // namespace
}  // namespace poolfit::test

#include <poolfit/diag/secret.hpp>

#include <string>

#include <doctest/doctest.h>

#include <poolfit/diag/source.hpp>

using namespace poolfit;

TEST_CASE("a line is shown without its secrets, and as long as it was") {
    const auto shown = [](std::string_view line) { return diag::masked(line); };
    CHECK(shown("DATABASE_URL=postgres://u:S3cret@h/x") == "DATABASE_URL=postgres://u:******@h/x");
    CHECK(shown("url: postgres://u:a/b@h/x?a=b") == "url: postgres://u:***@h/x?a=b");
    CHECK(shown("git = \"https://abcd@h/x\"") == "git = \"https://****@h/x\"");
    CHECK(shown("see https://h/a@b") == "see https://***@b");  // it may be a name
    CHECK(shown("PGPASSWORD=my pass") == "PGPASSWORD=*******");
    CHECK(shown("  \"api_token\": \"abc\", \"max\": 5") == "  \"api_token\": \"***\", \"max\": 5");
    CHECK(shown("secret = 'ab'  # no") == "secret = '**'  # no");
    CHECK(shown("jdbc:x://h/d?password=abc&ssl=true") == "jdbc:x://h/d?password=***&ssl=true");
    for (const std::string_view harmless : {"max = 10", "password", "password =", "class = \"db.m5.large\"",
                                            "url = \"postgres://h:5432/x\"", "a token of two", ""})
        CHECK(shown(harmless) == harmless);
}

TEST_CASE("a diagnostic has no secret of the line that it points at") {
    const SourceText source("e.env", "A=1\nPASSWORD=S3cret\nURL=postgres://u:Pw0rd@h/x\n");
    Diagnostic wrong;
    wrong.place = {&source, {13, 19}};
    wrong.message = "S3cret is not a TOML value";
    wrong.fix = "PASSWORD = \"S3cret\"";
    const Diagnostic shown = diag::masked(wrong);
    CHECK(shown.message == "*** is not a TOML value");
    CHECK(shown.fix == "PASSWORD = \"***\"");
    wrong.fix = "PASSWORD = \"S3cr…\"";
    CHECK(diag::masked(wrong).fix == "PASSWORD = \"***…\"");
    Diagnostic elsewhere;
    elsewhere.message = "postgres://u:Pw0rd@h/x is not a name";
    CHECK(diag::masked(elsewhere).message == "postgres://u:*****@h/x is not a name");
    CHECK(diag::print(wrong, {}).find("S3cret") == std::string::npos);
}

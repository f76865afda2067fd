// Programs that Terraform runs elsewhere than in ECS.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using poolfit::test::FromFiles;
using poolfit::test::import_texts;

TEST_CASE("programs of other kinds than ECS: services of those that are read, notes on the others") {
    constexpr std::string_view url = "postgres://u:PLANTED@orders.c9x.eu-west-1.rds.amazonaws.com/x?pool=4";
    const auto state = [](std::string_view resources) {
        return fmt::format(
            "{{\"format_version\": \"1.0\", \"terraform_version\": \"1.9.0\", \"values\": "
            "{{\"root_module\": {{\"resources\": [{}]}}}}}}",
            resources);
    };
    const auto resource = [](std::string_view type, std::string_view values) {
        return fmt::format(
            "{{\"address\": \"{0}.x\", \"mode\": \"managed\", \"type\": \"{0}\", \"name\": \"x\", "
            "\"values\": {1}}}",
            type, values);
    };
    const std::string env = fmt::format("\"env\": [{{\"name\": \"DATABASE_URL\", \"value\": \"{}\"}}]", url);
    const FromFiles got = import_texts(
        {{"terraform",
          state(
              resource("aws_lambda_function",
                       fmt::format("{{\"function_name\": \"resize\", \"reserved_concurrent_executions\": 50, "
                                   "\"environment\": [{{\"variables\": {{\"DATABASE_URL\": \"{}\"}}}}]}}",
                                   url)) +
              ',' +
              resource("google_cloud_run_v2_service",
                       fmt::format("{{\"name\": \"web\", \"location\": \"europe-west1\", \"template\": [{{\"scaling\": "
                                   "[{{\"min_instance_count\": 2, \"max_instance_count\": 8}}], \"containers\": "
                                   "[{{\"image\": \"acme/web\", {}}}]}}]}}",
                                   env)) +
              ',' +
              resource("azurerm_container_app",
                       fmt::format("{{\"name\": \"desk\", \"template\": [{{\"container\": [{{\"image\": \"acme/desk\", "
                                   "{}}}]}}]}}",
                                   env)) +
              ',' +
              resource("kubernetes_deployment_v1",
                       fmt::format("{{\"metadata\": [{{\"name\": \"api\"}}], \"spec\": [{{\"template\": [{{\"spec\": "
                                   "[{{\"container\": [{{{}}}]}}]}}]}}]}}",
                                   env)) +
              ',' + resource("azurerm_linux_web_app", "{\"name\": \"site\", \"app_settings\": {\"PORT\": \"80\"}}"))}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("service", "resize", "runtime") == "serverless");
    CHECK(got.value("service", "resize", "instances") == "min 1, max 50");
    CHECK(got.pool("resize", "main", "database") == "orders");
    CHECK(got.value("service", "web", "instances") == "min 2, max 8");
    CHECK(got.value("service", "web", "deploy") == "blue-green");
    CHECK(got.pool("web", "main", "max") == "4");
    CHECK(got.value("service", "desk", "instances") == "min 1, max 10");
    CHECK(got.notes().find("not taken  api: kubernetes_deployment_v1.x connects to a database, and is not read") !=
          std::string::npos);
    // What connects to nothing is not named.
    CHECK(got.notes().find("site") == std::string::npos);
    CHECK(got.all().find("PLANTED") == std::string::npos);
    const FromFiles open = import_texts(
        {{"terraform", state(resource("aws_lambda_function",
                                      fmt::format("{{\"function_name\": \"resize\", \"environment\": [{{\"variables\": "
                                                  "{{\"DATABASE_URL\": \"{}\"}}}}]}}",
                                                  url)))}});
    REQUIRE(open.result);
    CHECK(open.notes().find("--set service.resize.instances=N") != std::string::npos);
}

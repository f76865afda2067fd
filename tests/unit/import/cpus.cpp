// CPU of what connects to databases: listed, and asked for where a number of processes needs it.
#include <string>
#include <tuple>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::string_view url = "postgres://u:p@orders.abc.eu-west-1.rds.amazonaws.com/x";

std::string deployment(std::string_view resources, std::string_view command) {
    return fmt::format(R"(apiVersion: apps/v1
kind: Deployment
metadata: {{name: api}}
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: api
        image: acme/api
        command: [{}]
        resources: {{{}}}
        env: [{{name: DATABASE_URL, value: "{}"}}, {{name: DB_POOL_SIZE, value: "2"}}]
)",
                       command, resources, url);
}

std::string task(std::string_view cpu, std::string_view compatible) {
    return fmt::format(
        R"({{"format_version": "1.0", "terraform_version": "1.9.5", "values": {{"root_module": {{"resources": [
{{"address": "aws_ecs_task_definition.t", "mode": "managed", "type": "aws_ecs_task_definition", "name": "t", "values":
{{"family": "api", "cpu": "{}", "requires_compatibilities": ["{}"], "container_definitions":
"[{{\"name\": \"api\", \"image\": \"acme/api\", \"command\": [\"pm2-runtime\", \"start\", \"x.js\", \"-i\", \"max\"], \"environment\": [{{\"name\": \"DATABASE_URL\", \"value\": \"{}\"}}, {{\"name\": \"DB_POOL_SIZE\", \"value\": \"8\"}}]}}]"}}}},
{{"address": "aws_ecs_service.s", "mode": "managed", "type": "aws_ecs_service", "name": "s", "values":
{{"name": "api", "desired_count": 3, "task_definition": "arn:aws:ecs:eu-west-1:1:task-definition/api:7"}}}}]}}}}}})",
        cpu, compatible, url);
}

}  // namespace

TEST_CASE("cpus: a limit or a request of Kubernetes is a share of a node's time, and said with the processes") {
    const FromFiles limit = import_texts(
        {{"kubernetes", deployment("limits: {cpu: 1500m}, requests: {cpu: 500m}", "pm2, start, -i, max")}});
    REQUIRE(limit.result);
    CHECK(
        limit.says("not taken  api: pm2 -i is \"max\", as many processes as vCPUs; its limit of 1.5 CPUs is a share "
                   "of the time of its node, whose vCPUs it sees"));
    CHECK(limit.says("--set service.api.processes=N"));
    CHECK(
        limit.says("not taken  workloads: CPU limits and requests, which are shares of a node's time, not vCPUs of "
                   "a host: api"));
    const FromFiles request =
        import_texts({{"kubernetes", deployment("requests: {cpu: 0.5}", "celery, -A, app, worker")}});
    REQUIRE(request.result);
    CHECK(request.says("celery starts a process for each vCPU; its request of 0.5 CPU is a share"));
    const FromFiles none = import_texts({{"kubernetes", deployment("", "celery, -A, app, worker")}});
    REQUIRE(none.result);
    CHECK_FALSE(none.says("CPU limits"));
    CHECK(none.value("service", "api", "processes") == "-");
}

TEST_CASE("cpus: of Compose too") {
    const FromFiles got = import_texts({{"compose",
                                         "services:\n  api:\n    image: acme/api\n    cpus: 2\n    environment:\n"
                                         "      DATABASE_URL: postgres://u:p@db/x\n      DB_POOL_SIZE: 4\n"
                                         "  db:\n    image: postgres:16\n"}});
    REQUIRE(got.result);
    CHECK(got.says("not taken  services: CPU limits and requests, which are shares of a node's time"));
}

TEST_CASE("cpus: 1024 units of ECS are a vCPU, which a task on Fargate sees") {
    const FromFiles four = import_texts({{"terraform", task("4096", "FARGATE")}});
    INFO(four.errors());
    REQUIRE(four.result);
    CHECK(four.says("not taken  api: its task has 4 vCPUs: in an inventory only a host has vCPUs"));
    CHECK(four.says("[[host]] with name = \"api\" and vcpus = 4, and host = \"api\" in the service"));
    CHECK(four.says("pm2-runtime -i is \"max\", as many processes as vCPUs; its task has 4 vCPUs"));
    CHECK(four.says("--set service.api.processes=4"));
    for (const std::string_view one : {"1024", "1 vCPU"}) {
        const FromFiles got = import_texts({{"terraform", task(one, "FARGATE")}});
        REQUIRE(got.result);
        CHECK(got.says("its task has 1 vCPU: in an inventory only a host has vCPUs"));
    }
    for (const auto& each :
         {std::tuple("512", "FARGATE", "its task has 0.5 vCPU"), std::tuple("2048", "EC2", "its task has 2 vCPUs")}) {
        const FromFiles got = import_texts({{"terraform", task(std::get<0>(each), std::get<1>(each))}});
        REQUIRE(got.result);
        CHECK(got.says(fmt::format("{}: a share of a machine's time, not vCPUs of a host", std::get<2>(each))));
        CHECK(got.says("--set service.api.processes=N"));
    }
}

// No secret of a file is in anything that an import shows, whatever is done to the file.
#include <string>

#include <doctest/doctest.h>

#include "../../support/sanitized.hpp"
#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr const char* files[][2] = {{"rds", "instances.json"},
                                    {"rds", "parameters.json"},
                                    {"rds", "clusters.json"},
                                    {"rds", "proxies.json"},
                                    {"terraform", "plan_nested.json"},
                                    {"terraform", "state_wrapped.txt"},
                                    {"cloudsql", "cloudsql.json"},
                                    {"azure", "azure.json"},
                                    {"azure", "azure_parameters.json"},
                                    {"kubernetes", "k8s_rendered.yaml"},
                                    {"kubernetes", "k8s_operators.yaml"},
                                    {"kubernetes", "helm_values.yaml"},
                                    {"env", "compose_prod.env"},
                                    {"env", "app.env"},
                                    {"compose", "compose_stack.yml"},
                                    {"compose", "pgbouncer_databases.ini"},
                                    {"pgbouncer", "pgbouncer_main.ini"},
                                    {"pgbouncer", "pgbouncer_databases.ini"},
                                    {"pgbouncer", "show_databases.csv"},
                                    {"app", "application.yml"},
                                    {"app", "application.properties"},
                                    {"app", "database.yml"},
                                    {"app", "schema.prisma"},
                                    {"cloudwatch", "secret_cloudwatch.json"},
                                    {"cloudwatch", "secret_cloudwatch.csv"},
                                    {"pi", "secret_pi.json"},
                                    {"prometheus", "secret_prometheus.json"},
                                    {"prometheus", "secret_prometheus_error.json"}};

/// Parts of planted secrets, also of those that are encoded in the files.
constexpr const char* planted[] = {"PLANTED", "UExBTlRFR", "R3v", "Z 8w", "9sKd", "Nt9y"};

void no_secret(const FromFiles& got, const std::string& what) {
    const std::string all = got.all();
    for (const char* secret : planted) {
        CAPTURE(what);
        CAPTURE(secret);
        CHECK(all.find(secret) == std::string::npos);
    }
}

}  // namespace

TEST_CASE("no planted secret is in any output") {
    Texts all;
    for (const auto& [kind, name] : files) {
        const std::string text = import_file(name);
        no_secret(import_texts({{kind, text}}), name);
        if (std::string(name) == "secret_prometheus_error.json") continue;
        if (std::string(name) != "helm_values.yaml" && std::string(name) != "pgbouncer_databases.ini")
            all.emplace_back(kind, text);
    }
    const FromFiles together = import_texts(all, {{"rds-2=berth-pg16"}, {}, {}});
    INFO(together.errors());
    CHECK(together.result);
    no_secret(together, "all together");
}

TEST_CASE("no planted secret is in any output of a file that was cut, or is taken for another kind") {
    const std::size_t step = sanitized ? 970 : 97;
    for (const auto& [kind, name] : files) {
        const std::string text = import_file(name);
        for (std::size_t end = 0; end < text.size(); end += step)
            no_secret(import_texts({{kind, text.substr(0, end)}}), std::string(name) + " to " + std::to_string(end));
        for (std::size_t from = step; from < text.size(); from += step)
            no_secret(import_texts({{kind, text.substr(from)}}), std::string(name) + " from " + std::to_string(from));
        for (const char* other : {"rds", "terraform", "cloudsql", "azure", "kubernetes", "env", "compose", "pgbouncer",
                                  "app", "cloudwatch", "pi", "prometheus"})
            no_secret(import_texts({{other, text}}), name);
    }
}

TEST_CASE("a secret where a number is expected is in no message") {
    for (const char* key : {"replicas: ",
                            "maxSurge: ",
                            "maxReplicas: ",
                            "value: \"",
                            "DB_POOL: \"",
                            "default_pool_size = ",
                            "parallelism: ",
                            "pool_max_conns=",
                            "MultiAZ\": ",
                            "ParameterValue\": \"",
                            "DB_POOL_SIZE=",
                            "maximumPoolSize: ",
                            "maximum-pool-size=",
                            "pool: ",
                            "host=",
                            "pool_size=",
                            "max_client_conn = ",
                            "desired_count\": ",
                            "max_capacity\": ",
                            "value\":\"",
                            "value\": \"",
                            "dataDiskSizeGb\": \"",
                            "storageSizeGb\": ",
                            "allocated_storage\": ",
                            "Values\": [",
                            "Value\": ",
                            "Timestamp\": ",
                            "Timestamps\": [",
                            "values\": [",
                            "CPUUtilization,"}) {
        for (const auto& [kind, name] : files) {
            std::string text = import_file(name);
            for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1))
                text.insert(at + std::string_view(key).size(), "PLANTED-number-Uy6t");
            no_secret(import_texts({{kind, text}}), std::string(name) + " " + key);
        }
    }
}

TEST_CASE("the same files give the same bytes, twice the file says nothing new") {
    const std::string manifests = import_file("k8s_rendered.yaml"), servers = import_file("instances.json");
    const FromFiles once = import_texts({{"rds", servers}, {"kubernetes", manifests}});
    const FromFiles again = import_texts({{"rds", servers}, {"kubernetes", manifests}});
    CHECK(once.text() == again.text());
    CHECK(once.notes() == again.notes());
    const FromFiles twice = import_texts({{"rds", servers}, {"rds", servers}, {"kubernetes", manifests}});
    REQUIRE(twice.result);
    CHECK(twice.result->databases == once.result->databases);
}

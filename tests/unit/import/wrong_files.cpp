// Files that look right and are wrong, for each kind: one error, with a line of advice, and nothing of the file in it.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

struct Wrong {
    std::string_view what, text;
    std::string_view said;  ///< part of the error, whatever the kind
};

using namespace std::string_view_literals;
constexpr std::array<Wrong, 27> files{
    {{"an empty file", " \n\n", "the file is empty"},
     {"gzip", "\x1f\x8b\x08\0\0\0PLANTED"sv, "compressed"},
     {"a plan in Terraform's own form", "PK\x03\x04\0\0tfplanPLANTED"sv, "only Terraform reads"},
     {"a workbook", "PK\x03\x04\0\0[Content_Types].xmlPLANTED"sv, "an archive or a workbook"},
     {"UTF-16 without a mark", "{\0\"\0P\0L\0A\0N\0T\0E\0D\0\"\0"sv, "UTF-16"},
     {"bytes", "DBInstances\0PLANTED and more text, of which no half is zeros"sv, "NUL"},
     {"a page of a proxy", "<!DOCTYPE html>\n<html><body>502 PLANTED</body></html>\n", "a web page"},
     {"a page without a type", "\n<HTML>PLANTED</HTML>\n", "a web page"},
     {"denied by AWS",
      "\nAn error occurred (AccessDenied) when calling the DescribeDBInstances operation: User: PLANTED is not\n",
      "an error message of the AWS CLI"},
     {"no credentials", "Unable to locate credentials. Run \"aws configure\" PLANTED.\n", "of the AWS CLI"},
     {"denied by kubectl", "Error from server (Forbidden): deployments.apps is forbidden: User \"PLANTED\" cannot\n",
      "an error message of kubectl"},
     {"nothing found by kubectl", "No resources found in PLANTED namespace.\n", "an error message of kubectl"},
     {"denied by gcloud", "ERROR: (gcloud.sql.instances.list) HTTPError 403: PLANTED\n", "an error message of gcloud"},
     {"denied by az", "ERROR: Please run 'az login' to setup account. PLANTED\n", "an error message"},
     {"the AWS CLI's table",
      "--------------------------\n|  DescribeDBInstances   |\n+------------------------+\n|  PLANTED |\n",
      "a table for people"},
     {"the AWS CLI's text", "DBINSTANCES\t200\tTrue\tdb.m6g.large\tPLANTED\n", "a table for people"},
     {"kubectl's table", "NAME   READY   UP-TO-DATE   AVAILABLE   AGE\nPLANTED    3/3     3            3\n",
      "a table for people"},
     {"gcloud's table", "NAME  DATABASE_VERSION  LOCATION  TIER\nPLANTED  POSTGRES_15  europe-west4-a  db-x\n",
      "a table for people"},
     {"az's table", "Name    ResourceGroup\n------  -------------\nPLANTED harbour\n", "a table for people"},
     {"HCL", "# ours\n  resource \"aws_db_instance\" \"orders\" {\n  password = \"PLANTED\"\n}\n", "Terraform's HCL"},
     {"values of a chart", "replicaCount: 3\nimage:\n  repository: shop/PLANTED\n  tag: x\n", "values of a Helm chart"},
     {"a template of a chart",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include \"PLANTED\" . }}\nspec:\n  replicas: {{ "
      ".Values.n }}\n",
      "a template, not YAML yet"},
     {"what kubectl describe shows", "Name:         PLANTED\nNamespace:    harbour\nReplicas:     3 desired\n",
      "what kubectl describe shows to people"},
     {"a kustomization",
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [PLANTED.yaml]\n",
      "a kustomization, of which kubectl makes the manifests"},
     {"a page of metrics", "# HELP up PLANTED\n# TYPE up gauge\nup 1\n", "which is one moment"},
     {"Prometheus' configuration", "global:\n  scrape_interval: 15s\nscrape_configs: [{job_name: PLANTED}]\n",
      "Prometheus' own configuration"},
     {"prose", "Hello,\n\nattached is what you asked for: PLANTED.\n", ""}}};

}  // namespace

TEST_CASE("a wrong file is one error with advice: each kind, each file") {
    int pairs = 0;
    for (const imports::Importer& kind : imports::importers())
        for (const Wrong& file : files) {
            CAPTURE(kind.kind);
            CAPTURE(file.what);
            ++pairs;
            const FromFiles got = import_texts({{kind.kind, std::string(file.text)}});
            CHECK_FALSE(got.result);
            REQUIRE(got.diagnostics.all().size() == 1);
            const Diagnostic& error = got.diagnostics.all().front();
            CHECK_FALSE(error.fix.empty());
            CHECK(error.fix.find('\n') == std::string::npos);
            CAPTURE(error.message);
            // Of Kubernetes it is an object that is listed, as others that name manifests.
            const bool listed = kind.kind == "kubernetes" && file.what == "a kustomization";
            CHECK(error.message.find(listed ? "nothing to take from" : file.said) != std::string::npos);
            CHECK(got.all().find("PLANTED") == std::string::npos);
        }
    CHECK(pairs == 13 * 27);
}

TEST_CASE("a file of another kind is one error with the right command: each kind, each file") {
    constexpr std::pair<std::string_view, const char*> right[] = {{"rds", "instances.json"},
                                                                  {"terraform", "state_small.json"},
                                                                  {"terraform", "plan_small.json"},
                                                                  {"cloudsql", "cloudsql.json"},
                                                                  {"azure", "azure.json"},
                                                                  {"kubernetes", "k8s_rendered.yaml"},
                                                                  {"compose", "compose_stack.yml"},
                                                                  {"env", "app.env"},
                                                                  {"pgbouncer", "pgbouncer_main.ini"},
                                                                  {"pgbouncer", "show_databases.csv"},
                                                                  {"app", "database.yml"},
                                                                  {"cloudwatch", "cloudwatch_get_metric_data.json"},
                                                                  {"pi", "pi_get_resource_metrics_epoch.json"},
                                                                  {"prometheus", "prometheus_query_range.json"}};
    for (const imports::Importer& kind : imports::importers())
        for (const auto& file : right) {
            // Files of variables stand beside Compose files and configurations of applications.
            const bool beside = file.first == "env" && (kind.kind == "app" || kind.kind == "compose");
            if (file.first == kind.kind || beside) continue;
            CAPTURE(kind.kind);
            CAPTURE(file.second);
            const FromFiles got = import_texts({{kind.kind, import_file(file.second)}});
            CHECK_FALSE(got.result);
            REQUIRE(got.diagnostics.all().size() == 1);
            CHECK(got.diagnostics.all().front().fix.find(fmt::format("poolfit import {}", file.first)) !=
                  std::string::npos);
        }
}

TEST_CASE("what has one of those words in it and is right is read") {
    for (const auto& file :
         {std::pair("csv", "name\tinstances\tdatabase\tmax\nNAME-1\t2\torders\t5\n"),
          std::pair("env",
                    "ERROR_URL=x\nDATABASE_URL=postgres://u@orders.c9x.eu-west-1.rds.amazonaws.com/a\n"
                    "DB_POOL_SIZE=4\n"),
          std::pair("compose",
                    "services:\n  web:\n    image: web\n    environment:\n      HINT: '{{ .Values }}'\n"
                    "      DATABASE_URL: postgres://u@orders.c9x.eu-west-1.rds.amazonaws.com/a\n"
                    "      DB_POOL_SIZE: 4\n")}) {
        CAPTURE(file.first);
        const FromFiles got = import_texts({{file.first, file.second}});
        INFO(got.errors());
        CHECK(got.diagnostics.all().empty());
    }
}

TEST_CASE("an application's file that says no address says where one stands") {
    for (const auto& each :
         {std::pair("app:config/puma.rb", "--set service.NAME.processes=N"),
          std::pair("app:package.json", "poolfit import env .env"), std::pair("azure:azure.json", "az postgres")}) {
        CAPTURE(each.first);
        const std::string_view name = each.first;
        const FromFiles got = import_texts({{name, name.ends_with(".rb")     ? "workers 2\nthreads 5, 5\n"
                                                   : name.starts_with("app") ? "{\"name\": \"shop\"}\n"
                                                                             : "null"}});
        CHECK_FALSE(got.result);
        REQUIRE(got.diagnostics.all().size() == 1);
        CHECK(got.diagnostics.all().front().fix.find(each.second) != std::string::npos);
        CHECK(got.diagnostics.all().front().message.find("not JSON") == std::string::npos);
    }
    CHECK(imports::known_as_other("{\"OrderableDBInstanceOptions\": []}").second.find("catalog import orderable") !=
          std::string::npos);
    CHECK(imports::known_as_other("DATABASE_URL=x\n").first.empty());
}

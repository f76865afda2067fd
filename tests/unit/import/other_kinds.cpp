// Kubernetes objects that run pods and are none of its own workloads.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using poolfit::test::FromFiles;
using poolfit::test::import_texts;

namespace {

constexpr std::string_view container =
    "{name: app, image: \"shop/app:1\", env: [{name: DATABASE_URL, value: "
    "\"postgres://u:PLANTED@orders.c9x.eu-west-1.rds.amazonaws.com/x?pool=6\"}]}";

std::string object(std::string_view api, std::string_view kind, std::string_view name, std::string_view spec) {
    return fmt::format("---\napiVersion: {}\nkind: {}\nmetadata: {{name: {}}}\nspec: {}\n", api, kind, name, spec);
}
std::string knative(std::string_view annotations) {
    return object("serving.knative.dev/v1", "Service", "web",
                  fmt::format("{{template: {{metadata: {{annotations: {{{}}}}}, spec: {{containers: [{}]}}}}}}",
                              annotations, container));
}
std::string scaled_job(std::string_view most) {
    return object("keda.sh/v1alpha1", "ScaledJob", "mails",
                  fmt::format("{{{}jobTargetRef: {{template: {{spec: {{containers: [{}]}}}}}}}}", most, container));
}

}  // namespace

TEST_CASE("a Service of Knative or Cloud Run runs as many instances as its annotations allow") {
    const FromFiles got =
        import_texts({{"kubernetes",
                       knative("autoscaling.knative.dev/min-scale: \"2\", autoscaling.knative.dev/maxScale: \"12\"")}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("service", "web", "instances") == "min 2, max 12");
    CHECK(got.value("service", "web", "deploy") == "blue-green");
    CHECK(got.pool("web", "main", "max") == "6");
    CHECK(got.all().find("PLANTED") == std::string::npos);
    const FromFiles open = import_texts({{"kubernetes", knative("")}});
    REQUIRE(open.result);
    CHECK(open.value("service", "web", "instances") == "-");
    CHECK(open.notes().find("--set service.web.instances=N") != std::string::npos);
}

TEST_CASE("a ScaledJob of KEDA is a job of as many instances as it starts at most") {
    const FromFiles got = import_texts({{"kubernetes", scaled_job("maxReplicaCount: 30, ")}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("service", "mails", "kind") == "job");
    CHECK(got.value("service", "mails", "instances") == "min 1, max 30");
    CHECK(import_texts({{"kubernetes", scaled_job("")}}).value("service", "mails", "instances") == "min 1, max 100");
}

TEST_CASE("what connects to a database and is of a kind that is not read is named") {
    const FromFiles got = import_texts(
        {{"kubernetes", scaled_job("") +
                            object("argoproj.io/v1alpha1", "CronWorkflow", "nightly",
                                   fmt::format("{{workflowSpec: {{templates: [{{container: {}}}]}}}}", container)) +
                            object("argoproj.io/v1alpha1", "Workflow", "once",
                                   "{templates: [{container: {image: shop/once, env: [{name: A, value: b}]}}]}")}});
    const FromFiles owned = import_texts(
        {{"kubernetes", knative("") + fmt::format("---\napiVersion: serving.knative.dev/v1\nkind: Revision\n"
                                                  "metadata: {{name: web-1, ownerReferences: [{{kind: Configuration, "
                                                  "name: web}}]}}\nspec: {{containers: [{}]}}\n",
                                                  container)}});
    CHECK(owned.notes().find("web-1") == std::string::npos);
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.notes().find("not taken  nightly: a CronWorkflow connects to a database, and is not read") !=
          std::string::npos);
    CHECK(got.notes().find("once") == std::string::npos);
}

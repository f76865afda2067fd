// Objects that name charts and folders, which other tools render: each is listed with the command that renders it.
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::string_view deployment = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
      - name: api
        image: acme/api
        env: [{name: DATABASE_URL, value: "postgres://u:p@orders.abc.eu-west-1.rds.amazonaws.com/x?pool=4"}]
---
)";

FromFiles beside(const std::string& object, std::string_view name = "apps/prod/all.yaml") {
    return import_texts({{fmt::format("kubernetes:{}", name), std::string(deployment) + object}});
}

std::string application(std::string_view source) {
    return fmt::format(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: shop}}\n"
        "spec:\n  project: default\n  {}\n",
        source);
}

}  // namespace

TEST_CASE("unrendered: an Application of Argo CD names a chart or a folder") {
    const FromFiles chart =
        beside(application("source: {chart: shop-chart, repoURL: \"https://u:PLANTED@charts.example.com\", "
                           "helm: {values: \"password: PLANTED\", parameters: [{name: db.pool, value: \"40\"}]}}"));
    REQUIRE(chart.result);
    INFO(chart.notes());
    CHECK(
        chart.says("not taken  shop: an Application of Argo CD names the chart shop-chart: what it runs is not in "
                   "the file  (apps/prod/all.yaml:14)"));
    CHECK(
        chart.says("argocd app manifests shop > manifests.yaml, or helm template shop shop-chart --repo URL > "
                   "manifests.yaml"));
    CHECK(chart.all().find("PLANTED") == std::string::npos);
    const FromFiles kustomize = beside(application("source: {path: ./apps/shop, kustomize: {}, repoURL: x}"));
    CHECK(kustomize.says("names the folder apps/shop"));
    CHECK(
        kustomize.says("argocd app manifests shop > manifests.yaml, or kubectl kustomize apps/shop > "
                       "manifests.yaml"));
    const FromFiles helm = beside(application("source: {path: charts/shop, helm: {valueFiles: [prod.yaml]}}"));
    CHECK(helm.says("names the chart in the folder charts/shop"));
    CHECK(helm.says("or helm template shop charts/shop > manifests.yaml"));
    const FromFiles several =
        beside(application("sources: [{repoURL: x, ref: values}, {chart: shop-chart, repoURL: y}]"));
    CHECK(several.says("names the chart shop-chart"));
    // What is no name does not get into a command.
    const FromFiles hostile = beside(application("source: {path: \"$(rm -rf x)\", repoURL: x}"));
    CHECK(hostile.says("kubectl kustomize PATH > manifests.yaml"));
    CHECK(hostile.all().find("rm -rf") == std::string::npos);
}

TEST_CASE("unrendered: the other kinds") {
    const FromFiles set = beside(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\n"
        "spec: {template: {spec: {source: {path: \"{{path}}\"}}}}\n");
    CHECK(
        set.says("not taken  all: an ApplicationSet of Argo CD names a folder or a chart for each of its "
                 "Applications"));
    CHECK(set.says("argocd app manifests NAME > manifests.yaml, for each of them"));
    const FromFiles release = beside(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: pg, namespace: data}\n"
        "spec:\n  chart: {spec: {chart: postgresql}}\n  values: {auth: {password: PLANTED}, maxConnections: 500}\n");
    CHECK(release.says("not taken  pg: a HelmRelease of Flux names the chart postgresql and its values"));
    CHECK(
        release.says("helm get manifest pg -n data > manifests.yaml, or helm template pg postgresql -f VALUES > "
                     "manifests.yaml"));
    CHECK(release.all().find("PLANTED") == std::string::npos);
    const FromFiles flux = beside(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n"
        "spec: {path: ./clusters/prod, sourceRef: {kind: GitRepository, name: x}}\n");
    CHECK(flux.says("not taken  apps: a Kustomization of Flux names the folder clusters/prod"));
    CHECK(flux.says("flux build kustomization apps --path clusters/prod > manifests.yaml"));
    const FromFiles kustomization =
        beside("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\n");
    CHECK(kustomization.says("not taken  kustomization: a Kustomization names manifests and changes to them"));
    CHECK(kustomization.says("kubectl kustomize apps/prod > manifests.yaml"));
    const FromFiles openshift =
        beside("apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: t}\nobjects: []\n");
    CHECK(openshift.says("oc process --local -f apps/prod/all.yaml -o yaml > manifests.yaml"));
    const FromFiles chart = beside(
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: pg, namespace: kube-system}\n"
        "spec: {chart: postgresql, targetNamespace: data}\n");
    CHECK(chart.says("a HelmChart of K3s names the chart postgresql and its values"));
    CHECK(chart.says("helm get manifest pg -n data > manifests.yaml"));
}

TEST_CASE("unrendered: many of a kind are one note") {
    std::string all;
    for (int i = 0; i < 40; ++i)
        all += fmt::format(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: app{}}}\n"
            "spec: {{source: {{path: x}}}}\n---\n",
            i);
    const FromFiles got = beside(all);
    REQUIRE(got.result);
    CHECK(
        got.says("not taken  workloads: 40 Applications of Argo CD name what they run, which is not in the file: "
                 "app0, app1, app2, app3, app4 and 35 more"));
    CHECK(got.says("argocd app manifests NAME > manifests.yaml, for each of them"));
}

TEST_CASE("unrendered: a file with nothing else is refused with the same reason") {
    const FromFiles got = import_texts({{"kubernetes", application("source: {path: x}")}});
    CHECK_FALSE(got.result);
    INFO(got.errors());
    CHECK(got.errors().find("argocd app manifests shop") != std::string::npos);
}

TEST_CASE("unrendered: a kustomization beside manifests is listed, and alone it is the reason") {
    const std::string full = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [x.yaml]\n";
    // kustomize fills in apiVersion and kind of a file of its name.
    for (const std::string& text : {full, std::string("resources: [x.yaml]\nnamePrefix: prod-\n")}) {
        CAPTURE(text);
        const FromFiles got = import_texts(
            {{"kubernetes:apps/x.yaml", std::string(deployment)}, {"kubernetes:apps/kustomization.yaml", text}});
        INFO(got.errors());
        REQUIRE(got.result);
        CHECK(got.value("service", "api", "name") == "api");
        CHECK(
            got.says("not taken  kustomization: a Kustomization names manifests and changes to them: what it runs is "
                     "not in the file  (apps/kustomization.yaml:1)"));
        CHECK(got.says("kubectl kustomize apps > manifests.yaml"));
        const FromFiles alone = import_texts({{"kubernetes:apps/kustomization.yaml", text}});
        CHECK_FALSE(alone.result);
        expect(alone.errors(), "kustomize apps > manifests.yaml");
    }
}

TEST_CASE("unrendered: files without an object have advice of their own") {
    const auto advice = [](std::string_view name, std::string_view text) {
        const FromFiles got = import_texts({{fmt::format("kubernetes:{}", name), std::string(text)}});
        CHECK_FALSE(got.result);
        return got.errors();
    };
    expect(advice("shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n"),
           "helm template shop > manifests.yaml");
    expect(advice("helmfile.yaml", "releases:\n- name: x\n  chart: y\n"), "helmfile template > manifests.yaml");
    expect(advice("values.yaml", "replicas: 3\n"), "these look like values of a Helm chart");
}

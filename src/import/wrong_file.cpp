// Files that are none of the kinds, though they stand where one was expected.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>

#include "readers.hpp"
#include "tree/node.hpp"
#include "tree/sealed.hpp"

namespace poolfit::imports {
namespace {

bool has(std::string_view text, std::string_view word) { return text.find(word) != text.npos; }

/// The next line, without blanks around it; `text` goes on below it.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t first = line.find_first_not_of(" \t\r"), last = line.find_last_not_of(" \t\r");
    return first == line.npos ? std::string_view() : line.substr(first, last - first + 1);
}

/// The first line that is not empty, and the one below it.
struct Opening {
    explicit Opening(std::string_view text) {
        while (first.empty() && !text.empty()) first = take_line(text);
        second = take_line(text);
    }
    std::string_view first, second;
};

bool consists_of(std::string_view line, std::string_view characters) {
    return line.size() > 3 && line.find_first_not_of(characters) == line.npos;
}

/// What programs write before they give up, often into the file that was to hold the answer.
struct Said {
    std::string_view beginning, program;
};
constexpr std::array<Said, 17> errors{{{"An error occurred (", "the AWS CLI"},
                                       {"Unable to locate credentials", "the AWS CLI"},
                                       {"Could not connect to the endpoint URL", "the AWS CLI"},
                                       {"The config profile (", "the AWS CLI"},
                                       {"Error when retrieving ", "the AWS CLI"},
                                       {"usage: aws ", "the AWS CLI"},
                                       {"aws: error: ", "the AWS CLI"},
                                       {"Error from server", "kubectl"},
                                       {"The connection to the server ", "kubectl"},
                                       {"Unable to connect to the server", "kubectl"},
                                       {"No resources found", "kubectl"},
                                       {"error: the server ", "kubectl"},
                                       {"error: You must be logged in", "kubectl"},
                                       {"ERROR: (gcloud.", "gcloud"},
                                       {"ERROR: ", "the command"},
                                       {"psql: error: ", "psql"},
                                       {"curl: (", "curl"}}};

constexpr std::string_view query = "curl -s 'http://prometheus:9090/api/v1/query_range?query=...' > prometheus.json";

/// Does a line begin so, without blanks before it?
bool has_line(std::string_view text, std::string_view begin) {
    return text.starts_with(begin) || has(text, '\n' + std::string(begin));
}

/// What kubectl describe shows: "Name:", and below it what else there is of an object.
bool is_described(std::string_view text) {
    const Opening opening(text);
    if (!opening.first.starts_with("Name:")) return false;
    return std::ranges::any_of(std::array{"Namespace:", "CreationTimestamp:", "Labels:", "Roles:", "Priority:"},
                               [&](std::string_view key) { return opening.second.starts_with(key); });
}

bool is_kustomization(std::string_view text) {
    return has_line(text.substr(0, 4096), "apiVersion: kustomize.config.k8s.io/");
}

/// The input of other programs than this: what makes of it what poolfit reads.
std::optional<WrongForm> input_of_others(std::string_view text) {
    if (is_described(text))
        return WrongForm{"what kubectl describe shows to people", std::string(find_importer("kubernetes")->usage)};
    if (is_kustomization(text))
        return WrongForm{"a kustomization, of which kubectl makes the manifests",
                         "kubectl kustomize DIRECTORY > manifests.yaml, then poolfit import kubernetes manifests.yaml"};
    if (text.starts_with("# HELP ") || text.starts_with("# TYPE "))
        return WrongForm{"the page of metrics that Prometheus scrapes, which is one moment", std::string(query)};
    if (has_line(text.substr(0, 65536), "scrape_configs:"))
        return WrongForm{"Prometheus' own configuration, and no answer of it", std::string(query)};
    return {};
}

std::string_view program_of_error(std::string_view text) {
    const std::string_view line = Opening(text).first;
    const auto said = std::ranges::find_if(errors, [&](const Said& each) { return line.starts_with(each.beginning); });
    return said == errors.end() ? std::string_view() : said->program;
}

/// A table for people, by the AWS CLI, kubectl, gcloud or az, and the AWS CLI's text with tabs.
bool is_table_for_people(std::string_view text) {
    const Opening opening(text);
    const auto& [first, second] = opening;
    if (consists_of(first, "-+") && second.starts_with("|")) return true;
    if (!has(first, ",") && has(first, "  ") && consists_of(second, "- ") && has(second, "  ")) return true;
    if (first.find_first_of(",;=|\t:") == first.npos && has(first, "  "))
        for (const std::string_view heading : {"NAME ", "NAMESPACE "})
            if (first.starts_with(heading)) return true;
    for (const std::string_view row :
         {"DBINSTANCES", "DBCLUSTERS", "DBPROXIES", "PARAMETERS", "TARGETGROUPS", "TARGETS", "METRICDATARESULTS",
          "DATAPOINTS", "METRICLIST", "ORDERABLEDBINSTANCEOPTIONS"})
        if (first.starts_with(row) && first.substr(row.size()).starts_with('\t')) return true;
    return false;
}

bool is_web_page(std::string_view text) {
    const std::string begins = lower(Opening(text).first.substr(0, 14));
    return begins.starts_with("<!doctype html") || begins.starts_with("<html") || begins.starts_with("<head");
}

/// UTF-16 without the mark that says so.
bool is_unmarked_utf16(std::string_view text) {
    if (text.size() < 8) return false;
    std::size_t zeros[2] = {};
    for (std::size_t i = 0; i < std::min<std::size_t>(text.size(), 64); ++i) zeros[i % 2] += text[i] == '\0' ? 1 : 0;
    const auto [few, many] = std::minmax(zeros[0], zeros[1]);
    return few == 0 && many * 4 >= std::min<std::size_t>(text.size(), 64);
}

/// HCL's blocks begin lines.
bool is_hcl(std::string_view text) {
    text = text.substr(0, 65536);
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        for (const std::string_view word : {"resource \"", "provider \"", "variable \"", "module \"", "terraform {",
                                            "locals {", "data \"", "output \""})
            if (line.starts_with(word) && (has(line, "{") || text.empty())) return true;
    }
    return false;
}

bool is_template(std::string_view text) {
    for (const std::string_view sign : {"{{ .Values", "{{- ", "{{ include ", "{{.Values", "{{ .Release"})
        if (has(text, sign)) return true;
    return false;
}

bool is_values_of_chart(std::string_view text) {
    if (has(text, "apiVersion:") || looks_like_json(text)) return false;
    text = text.substr(0, 65536);
    for (bool begins = true; !text.empty(); begins = false) {
        const bool at_margin = text.front() != ' ';
        const std::string_view line = take_line(text);
        if (at_margin && line.starts_with("replicaCount:")) return true;
        if (!begins && line.starts_with("repository:") && !at_margin) return true;
    }
    return false;
}

constexpr std::string_view render = "helm template CHART -f VALUES > manifests.yaml";

}  // namespace

std::optional<WrongForm> wrong_form(std::string_view text) {
    if (text.find_first_not_of(" \t\r\n") == text.npos) return WrongForm{"the file is empty", {}};
    if (text.starts_with("\x1f\x8b")) return WrongForm{"the file is compressed", "unpack it first: gunzip FILE"};
    if (text.starts_with("PK\x03\x04"))
        return has(text.substr(0, 4096), "tfplan")
                   ? WrongForm{"a plan in Terraform's own form, which only Terraform reads",
                               "terraform show -json PLAN > plan.json"}
                   : WrongForm{"the file is an archive or a workbook", "unpack it first, or save the sheet as CSV"};
    if (is_unmarked_utf16(text))
        return WrongForm{"UTF-16 without the mark that says so", "save it as UTF-8: iconv -f UTF-16LE -t UTF-8"};
    if (has(text, std::string_view("\0", 1))) return WrongForm{"a NUL byte: this is not a text file", {}};
    if (is_web_page(text))
        return WrongForm{"a web page and no answer, perhaps of a proxy or a log-in",
                         "open the file to see what it says, then run the command again"};
    if (const std::string_view program = program_of_error(text); !program.empty())
        return WrongForm{fmt::format("an error message of {}, and no answer", program),
                         "open the file to see what it says, then run the command again"};
    if (auto input = input_of_others(text)) return input;
    if (is_table_for_people(text))
        return WrongForm{"a table for people", "run the command again with --output json, or with -o yaml for kubectl"};
    for (const auto& [list, kind] :
         {std::pair("\"OrderableDBInstanceOptions\"", "orderable"), std::pair("\"PriceList\"", "aws-prices")})
        if (looks_like_json(text) && has(text, list))
            return WrongForm{"this belongs into the catalog, not into an inventory",
                             fmt::format("poolfit catalog import {} FILE", kind)};
    if (is_hcl(text))
        return WrongForm{"this is Terraform's HCL, which says what is wanted and not what is there",
                         "terraform show -json > state.json, then poolfit import terraform state.json"};
    return {};
}

std::pair<std::string, std::string> known_as_other(std::string_view text) {
    auto form = wrong_form(text);
    if (!form) return {};
    return {std::move(form->message), std::move(form->fix)};
}

bool refuse_wrong_file(const InFile& file, std::string_view kind, Diagnostics& diagnostics) {
    const auto refuse = [&](std::string message, std::string fix) {
        diagnostics.error(file.place(0), std::move(message), std::move(fix));
        return true;
    };
    const std::string_view text = file.text();
    const Importer& own = *find_importer(kind);
    // Beside manifests, and in their files, it is one object of several: it is listed.
    const bool listed = kind == "kubernetes" && is_kustomization(text);
    if (auto form = wrong_form(text); form && !listed)
        return refuse(std::move(form->message), form->fix.empty() ? std::string(own.usage) : std::move(form->fix));
    if (own.recognise(text)) return false;
    // Values may have templates within their strings: the reader of YAML tells them apart.
    if (kind != "kubernetes" && is_template(text))
        return refuse("a template, not YAML yet", fmt::format("render the chart first: {}", render));
    for (const Importer& other : importers())
        if (&other != &own && other.recognise(text))
            return refuse(fmt::format("this looks like a file for {}, not for {}", other.kind, kind),
                          fmt::format("poolfit import {} {}", other.kind, model::file_in_shell(file.name())));
    if (is_values_of_chart(text))
        return refuse(kind == "kubernetes"
                          ? "no document has apiVersion and kind: these look like values of a Helm chart"
                          : "these look like values of a Helm chart",
                      fmt::format("{}, then poolfit import kubernetes manifests.yaml", render));
    return false;
}

}  // namespace poolfit::imports

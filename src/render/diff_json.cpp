// `diff --json`.
#include <map>
#include <string_view>

#include <poolfit/render/diff.hpp>

#include "diff_words.hpp"
#include "json_writer.hpp"

namespace poolfit::render {
namespace {

using diff::Cost;
using diff::Count;
using diff::Presence;
using Layout = JsonWriter::Layout;

void write(JsonWriter& json, std::string_view key, const Count& count) {
    count.presence == Presence::known ? json.whole(key, count.value) : json.null(key);
}
void write(JsonWriter& json, std::string_view key, const std::optional<std::int64_t>& value) {
    value ? json.whole(key, *value) : json.null(key);
}
void write(JsonWriter& json, std::string_view key, const diff::Money& money) {
    json.open_object(key, Layout::line);
    json.usd("low", money.low);
    json.usd("high", money.high);
    json.close();
}
void write(JsonWriter& json, std::string_view key, const std::optional<diff::Money>& money) {
    money ? write(json, key, *money) : json.null(key);
}
void write(JsonWriter& json, std::string_view key, const Cost& cost) {
    cost.presence == Presence::known ? write(json, key, cost.value) : json.null(key);
}

void write_side(JsonWriter& json, std::string_view key, const diff::Snapshot& side) {
    json.open_object(key);
    json.text("label", side.label);
    json.text("name", side.inventory);
    json.text_or_null("path", side.path);
    json.truth("missing", side.missing);
    json.text_or_null("price_term", side.term);
    json.text_or_null("catalog_as_of", side.catalog);
    json.text_or_null("catalog_digest", side.catalog_files.value_or(""));
    json.text_or_null("today", side.today);
    if (side.left_out) {
        json.open_object("left_out", Layout::line);
        json.texts("databases", side.left_out->databases);
        json.texts("rules", side.left_out->rules);
        json.close();
    } else {
        json.null("left_out");
    }
    json.close();
}

void write_state(JsonWriter& json, std::string_view key, const diff::Database* state) {
    if (state == nullptr) return json.null(key);
    json.open_object(key);
    json.text_or_null("class", state->cls);
    json.text_or_null("class_after", state->cls_after);
    json.text("verdict", state->verdict);
    write(json, "usable", state->usable);
    write(json, "steady", state->steady);
    write(json, "deploy", state->deploy);
    write(json, "steady_after", state->steady_after);
    write(json, "deploy_after", state->deploy_after);
    write(json, "usd_per_month", diff::total_now(*state));
    write(json, "usd_per_month_after", diff::total_after(*state));
    json.close();
}

void write_database(JsonWriter& json, const diff::DatabaseChange& each) {
    json.open_object();
    json.text("name", (each.head != nullptr ? each.head : each.base)->name);
    json.text("change", diff::name(each.kind));
    json.truth("worse", each.worse);
    write_state(json, "base", each.base);
    write_state(json, "head", each.head);
    json.open_object("difference");
    write(json, "usable", each.usable);
    write(json, "steady", each.steady);
    write(json, "deploy", each.deploy);
    write(json, "steady_after", each.steady_after);
    write(json, "deploy_after", each.deploy_after);
    write(json, "usd_per_month", each.cost);
    write(json, "usd_per_month_after", each.cost_after);
    json.close();
    json.close();
}

void write_state(JsonWriter& json, std::string_view key, const diff::Pool* state) {
    if (state == nullptr) return json.null(key);
    json.open_object(key);
    json.text_or_null("via", state->via);
    write(json, "max", state->size);
    write(json, "recommended", state->size_after);
    json.whole("instances_min", state->least);
    json.whole("instances_max", state->most);
    json.whole("processes", state->processes);
    write(json, "steady", state->steady);
    write(json, "deploy", state->deploy);
    json.close();
}

void write_pool(JsonWriter& json, const diff::PoolChange& each) {
    const diff::Pool& there = each.head != nullptr ? *each.head : *each.base;
    json.open_object();
    json.text("database", there.database);
    json.text("service", there.service);
    json.text("name", there.name);
    json.text("change", diff::name(each.kind));
    json.truth("worse", each.worse);
    write_state(json, "base", each.base);
    write_state(json, "head", each.head);
    json.open_object("difference");
    write(json, "steady", each.steady);
    write(json, "deploy", each.deploy);
    json.close();
    json.close();
}

void write_finding(JsonWriter& json, const diff::Finding& finding) {
    json.text("rule", finding.rule);
    json.text("name", finding.name);
    json.text("severity", diag::name(finding.severity));
    json.text("target", finding.target);
    json.text("message", finding.message);
    json.text_or_null("fix", finding.fix);
    json.text_or_null("file", finding.file);
    finding.line > 0 ? json.whole("line", finding.line) : json.null("line");
    json.text("fingerprint", finding.fingerprint);
}

void write_gone(JsonWriter& json, const diff::Comparison& comparison) {
    json.open_array("gone");
    for (const diff::Finding* each : comparison.gone) {
        json.open_object();
        write_finding(json, *each);
        json.close();
    }
    json.close();
}

void write_before(JsonWriter& json, const diff::Finding* before) {
    before != nullptr ? json.text("severity_before", diag::name(before->severity)) : json.null("severity_before");
    before != nullptr ? json.text("message_before", before->message) : json.null("message_before");
}

void write_fresh(JsonWriter& json, const diff::Comparison& comparison) {
    std::map<const diff::Finding*, const diff::Finding*> before;
    for (const diff::Kept& each : comparison.raised) before.emplace(each.after, each.before);
    json.open_array("new");
    for (const diff::Finding* each : comparison.fresh) {
        json.open_object();
        write_finding(json, *each);
        const auto found = before.find(each);
        write_before(json, found == before.end() ? nullptr : found->second);
        json.close();
    }
    json.close();
}

void write_grown(JsonWriter& json, const diff::Comparison& comparison) {
    json.open_array("worse");
    for (const diff::Kept& each : comparison.grown) {
        json.open_object();
        write_finding(json, *each.after);
        write_before(json, each.before);
        json.close();
    }
    json.close();
}

void write_silenced(JsonWriter& json, const diff::Comparison& comparison) {
    json.open_array("silenced");
    for (const diff::Silenced& each : comparison.silenced) {
        json.open_object();
        write_finding(json, *each.finding);
        write_before(json, each.before);
        json.text("how", diff::name(each.how));
        json.close();
    }
    json.close();
}

void write_total(JsonWriter& json, std::string_view key, const diff::CountTotal& total) {
    json.open_object(key, Layout::line);
    json.whole("base", total.base);
    json.whole("head", total.head);
    json.whole("difference", total.difference);
    json.texts("unknown", total.unknown);
    json.texts("partly_known", total.partly);
    json.close();
}
void write_total(JsonWriter& json, std::string_view key, const diff::CostTotal& total) {
    json.open_object(key);
    write(json, "base", total.base);
    write(json, "head", total.head);
    write(json, "difference", total.difference);
    json.texts("unknown", total.unknown);
    json.texts("partly_known", total.partly);
    json.close();
}

}  // namespace

std::string diff_json(const Differing& compared) {
    const diff::Comparison& comparison = *compared.comparison;
    const diff::Judgement& judgement = *compared.judgement;
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-diff/1");
    write_side(json, "base", *comparison.base);
    write_side(json, "head", *comparison.head);
    json.open_array("databases");
    for (const diff::DatabaseChange& each : comparison.databases) write_database(json, each);
    json.close();
    json.whole("databases_unchanged", static_cast<std::int64_t>(comparison.same_databases));
    json.open_array("pools");
    for (const diff::PoolChange& each : comparison.pools) write_pool(json, each);
    json.close();
    json.whole("pools_unchanged", static_cast<std::int64_t>(comparison.same_pools));
    json.open_object("findings");
    json.truth("compared", comparison.compares_findings);
    write_fresh(json, comparison);
    write_grown(json, comparison);
    write_silenced(json, comparison);
    write_gone(json, comparison);
    json.whole("unchanged", static_cast<std::int64_t>(comparison.same_findings));
    json.close();
    json.open_object("totals");
    write_total(json, "steady", comparison.steady);
    write_total(json, "deploy", comparison.deploy);
    write_total(json, "steady_after", comparison.steady_after);
    write_total(json, "deploy_after", comparison.deploy_after);
    write_total(json, "usd_per_month", comparison.cost);
    write_total(json, "usd_per_month_after", comparison.cost_after);
    json.texts("without_storage", comparison.without_storage);
    json.close();
    json.open_object("gate");
    json.text("fail_on", judgement.fail_on ? diag::name(*judgement.fail_on) : "none");
    json.whole("failing", static_cast<std::int64_t>(judgement.failing));
    json.open_array("exceeded");
    const std::vector<std::string> texts = diff_exceeded(comparison, judgement);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        json.open_object();
        json.text("max_increase", judgement.exceeded[i].allowance->text);
        json.texts("unknown", judgement.exceeded[i].unknown);
        json.text("text", texts[i]);
        json.close();
    }
    json.close();
    json.whole("exit_code", judgement.failed() ? 1 : 0);
    json.close();
    json.texts("notes", diff_notes(comparison));
    json.close();
    return json.take();
}

}  // namespace poolfit::render

// storage of a database in the JSON report.
#include "json_report.hpp"
#include "storage_words.hpp"

namespace poolfit::render {
namespace {

using Money = Interval<MicroUsdPerMonth>;

void write_range(JsonWriter& json, std::string_view key, const std::optional<Figure<Interval<double>>>& figure) {
    figure ? json.range(key, figure->value) : json.null(key);
}

void write_figure(JsonWriter& json, std::string_view key, const std::optional<Figure<double>>& figure) {
    figure ? json.number(key, figure->value) : json.null(key);
}

void write_advice(JsonWriter& json, const std::optional<StorageAdvice>& advice) {
    if (!advice) return json.null("advice");
    constexpr std::string_view kinds[] = {"retired", "same_iops_for_less", "fewer_iops", "more_iops", "configuration"};
    json.open_object("advice");
    json.text("kind", kinds[static_cast<std::size_t>(advice->kind)]);
    json.text("type", advice->to->name);
    advice->gib ? json.number("size_gib", *advice->gib) : json.null("size_gib");
    advice->provisioned ? json.number("provisioned_iops", *advice->provisioned) : json.null("provisioned_iops");
    write_figure(json, "iops", advice->iops);
    advice->provisioned_mibps ? json.number("provisioned_throughput_mib_per_s", *advice->provisioned_mibps)
                              : json.null("provisioned_throughput_mib_per_s");
    advice->mibps ? json.number("throughput_mib_per_s", *advice->mibps) : json.null("throughput_mib_per_s");
    write_money_range(json, "usd_per_month", advice->cost);
    write_money_range(json, "saves_usd_per_month", advice->saves);
    json.close();
}

}  // namespace

void write_storage(JsonWriter& json, const Report& report, Index index) {
    const auto& use = report.plan.databases[index].storage;
    if (!use) return json.null("storage");
    json.open_object("storage");
    json.text_or_null("type", use->volume.kind != nullptr ? use->volume.kind->name
                              : use->given->type          ? std::string_view(**use->given->type)
                                                          : std::string_view());
    write_figure(json, "size_gib", use->volume.gib);
    use->given->max_size ? json.number("max_size_gib", gib(use->given->max_size->value)) : json.null("max_size_gib");
    write_figure(json, "provisioned_iops", use->volume.iops);
    write_figure(json, "iops", use->iops);
    use->burst > 0 ? json.number("burst_iops", use->burst) : json.null("burst_iops");
    write_figure(json, "throughput_mib_per_s", use->mibps);
    write_figure(json, "usable_iops", use->usable_now);
    write_figure(json, "usable_iops_after", use->usable_after);
    write_money_range(json, "usd_per_month", use->cost.cost);
    write_money_range(json, "usd_per_month_after", use->cost_after);
    json.truth("at_least", use->cost.at_least);
    const auto& price = use->cost.price;
    price ? json.usd("usd_per_gib_month", price->per_gib) : json.null("usd_per_gib_month");
    json.text_or_null("source", price ? price->row.source : std::string_view());
    json.text_or_null("as_of", price ? price->row.as_of : std::string_view());
    write_range(json, "io_requests_per_month", use->requests);
    write_range(json, "io_requests_per_month_after", use->requests_after);
    json.truth("io_requests_observed", use->requests_observed);
    write_money_range(json, "break_even_usd_per_month", use->break_even);
    write_range(json, "break_even_io_requests_per_month", use->break_even_requests);
    write_advice(json, use->advice);
    json.open_array("rejected");
    for (const StorageRejected& other : use->rejected) {
        json.open_object(JsonWriter::Layout::line);
        json.text("type", other.to->name);
        other.provisioned ? json.number("provisioned_iops", *other.provisioned) : json.null("provisioned_iops");
        json.text("reason", plan::name(other.why));
        write_money_range(json, "saves_usd_per_month",
                          other.saves ? std::optional(Figure<Money>{*other.saves, {}}) : std::nullopt);
        report.brief ? json.null("text") : json.text("text", rejected_text(report, index, other));
        json.close();
    }
    json.close();
    json.close();
}

}  // namespace poolfit::render

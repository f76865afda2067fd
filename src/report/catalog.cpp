#include <poolfit/report/catalog.hpp>

namespace poolfit::report {

ShownClass shown_class(const Catalog& catalog, const Platform& platform, const InstanceClass& cls,
                       std::string_view region) {
    ShownClass shown;
    shown.platform = &platform;
    shown.cls = &cls;
    shown.region = region;
    shown.memory = catalog::engine_memory(platform, cls);
    shown.limit = catalog.max_connections_formula(platform);
    shown.max_nominal = Connections(catalog::max_connections_nominal(catalog, platform, cls));
    shown.max_expected = catalog::max_connections_expected(catalog, platform, cls);
    shown.credit_price = catalog.credit_price(platform, cls, region);
    shown.listed = cls.limit;
    for (const bool multi_az : {false, true}) {
        if (multi_az && platform.deployments.size() == 1) continue;
        for (const PriceTermRow& row : platform::terms())
            shown.prices.push_back({multi_az, row.term, catalog.price(platform, cls, region, multi_az, row.term)});
        if (platform.commitment != nullptr) {
            auto& rate = shown.plan_rates.emplace_back(ShownClass::PlanRate{multi_az, std::nullopt});
            for (const Catalog::PlanPrice& row : catalog.plan_prices())
                if (row.platform == &platform && row.cls == cls.name && row.region == region &&
                    row.multi_az == multi_az)
                    rate.price = row.price;
        }
    }
    shown.versions = cls.support_text;
    shown.versions_row = cls.support_row;
    if (const Orderable* answer = catalog::answer(cls, region)) {
        shown.versions = answer->text;
        shown.versions_row = answer->row;
    }
    return shown;
}

}  // namespace poolfit::report

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
    }
    return shown;
}

}  // namespace poolfit::report

// Small fleets put together in code, and their reports.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/report/report.hpp>

namespace poolfit::test {

/// Builds a fleet record by record; every value that a user would write gets a line of its own.
class FleetBuilder {
public:
    FleetBuilder();

    Database& database(std::string name, std::string_view cls, std::string region = "eu-central-1");
    Service& service(std::string name, std::int64_t instances = 1, std::int64_t processes = 1);
    /// A pool of the last service on a database.
    Pool& pool(std::string name, Index database, std::string_view max);
    Pooler& pooler(std::string name, Index database);

    void observe(Database& database, double mean_low, double mean_high, double peak_low, double peak_high,
                 double freeable_gib);
    void use(Pool& pool, double typical, double peak);
    void price(std::string cls, std::int64_t usd_per_month);

    Fleet& fleet() { return fleet_; }
    Report report(std::vector<Index> only = {}) const { return report::compose(fleet_, catalog_, PriceTerm::list, only); }
    const Catalog& catalog() const { return catalog_; }

private:
    Place next_line();

    Catalog catalog_;
    std::unique_ptr<SourceText> source_;
    std::uint32_t line_ = 0;
    Fleet fleet_;
};

/// The plan document's own fleet: a primary, its replica, two services.
void build_agora(FleetBuilder& builder);

}  // namespace poolfit::test

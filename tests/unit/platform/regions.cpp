// Names of regions: each provider has a form of its own.
#include <doctest/doctest.h>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

bool is_region(std::string_view platform, std::string_view name) { return platform::by_id(platform)->is_region(name); }

}  // namespace

TEST_CASE("regions: those that the catalog has prices of have the form of one provider") {
    for (const std::string_view region : test::catalog().regions()) {
        CAPTURE(region);
        int forms = 0;
        for (const char* id : {"rds-postgresql", "cloud-sql-postgresql", "azure-postgresql"})
            forms += is_region(id, region) ? 1 : 0;
        CHECK(forms == 1);
    }
}

TEST_CASE("regions: the form of each provider") {
    CHECK(is_region("rds-postgresql", "mx-central-1"));
    CHECK(!is_region("rds-postgresql", "europe-west1"));
    for (const char* name : {"us-central1", "europe-west12", "northamerica-northeast2", "me-central2", "africa-south1"})
        CHECK(is_region("cloud-sql-postgresql", name));
    for (const char* name : {"us-east-1", "europe-west", "europe-west0", "europe-wset1", "europe", "", "us-central123"})
        CHECK(!is_region("cloud-sql-postgresql", name));
    for (const char* name : {"westeurope", "eastus", "eastus2", "southcentralus", "southafricanorth", "japaneast",
                             "germanywestcentral", "uaenorth", "australiasoutheast", "polandcentral", "chinanorth3"})
        CHECK(is_region("azure-postgresql", name));
    for (const char* name : {"west-europe", "westeurop", "us", "europe", "eastus0", "", "us-east-1", "east", "2"})
        CHECK(!is_region("azure-postgresql", name));
}

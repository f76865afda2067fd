// The compiled-in rows as the nouns of the model, made when first asked for.
#pragma once

#include <vector>

#include <poolfit/model/catalog.hpp>
#include <poolfit/model/driver.hpp>

namespace poolfit::catalog {

const std::vector<InstanceClass>& built_in_classes();
const std::vector<HostType>& built_in_hosts();
const std::vector<DriverDefault>& built_in_drivers();

}  // namespace poolfit::catalog

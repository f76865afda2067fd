// Names of figures, and the leaves that several figures share.
#pragma once

#include <string>

#include <poolfit/assess/figure.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::assess {

std::string database_name(const Database& database);          ///< "database.primary"
std::string service_name(const Service& service);             ///< "service.api"
std::string pool_name(const Fleet& fleet, const Pool& pool);  ///< "service.api.pool.main"
std::string pooler_name(const Pooler& pooler);                ///< "pooler.bouncer"
std::string class_name(const InstanceClass& cls);             ///< "class.db.m5.xlarge"

FigureId host_vcpus(const Host& host, Ledger& ledger);
FigureId class_vcpus(const InstanceClass& cls, Ledger& ledger);
FigureId class_memory(const InstanceClass& cls, Ledger& ledger);
FigureId engine_memory(const Platform& platform, const InstanceClass& cls, Ledger& ledger);
FigureId service_instances(const Service& service, Ledger& ledger);
/// What a sum over no pools stands on.
FigureId nothing_connects(Ledger& ledger);
FigureId service_processes(const Service& service, Ledger& ledger);

}  // namespace poolfit::assess

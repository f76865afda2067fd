// What resources become, provider by provider.
#pragma once

#include <string>
#include <string_view>

#include "resources.hpp"

namespace poolfit::imports::terraform {

/// Instances, Aurora clusters and their parameter groups.
void read_aws(const Files& files, Estate& estate);
/// RDS Proxies.
void read_proxies(const Files& files, Estate& estate);
/// ECS services with their task definitions and autoscaling.
void read_ecs(const Files& files, Estate& estate);
/// Functions of Lambda, services of Cloud Run and Container Apps; and what else connects, by its name.
void read_workloads(const Files& files, Estate& estate);
/// Cloud SQL and Azure's flexible servers; and what is a database of no platform that poolfit knows.
void read_clouds(const Files& files, Estate& estate);

/// The region of a resource of AWS: what it says itself, else its provider.
MaybeFact<std::string> region_of(const Resource& resource);
/// The host of "orders.c9x.eu-west-1.rds.amazonaws.com:5432".
std::string without_port(const Node& node);

/// The server's name: its own, or one made of the address where that is not known yet.
std::string name_of(const Resource& resource, std::string_view attribute);
/// What a plan does with the resource, where people should know it; a server that is deleted is not taken.
void tell_actions(const Resource& resource, Server& server, Estate& estate);
/// "class is db.t3.large today, and db.t4g.medium in the plan".
void tell_change(const Resource& resource, Server& server, std::string_view attribute, std::string_view key,
                 Estate& estate);
/// A value that is known after the apply only.
void list_unknown(const Resource& resource, Server& server, std::string_view attribute, std::string_view key,
                  Estate& estate);

}  // namespace poolfit::imports::terraform

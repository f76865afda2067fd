// What an inventory's name becomes where a language takes none in quotes, and inside patterns and templates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace poolfit::emit {

/// Of a resource in Terraform: letters, digits and '_', and no digit first.
std::string terraform_name(std::string_view text);
/// Part of a name in code, as "OrdersR1": letters and digits, and no digit first.
std::string type_name(std::string_view text);
/// The same for a resource in CloudFormation; no word that YAML reads as a boolean or null: "DbTrue".
std::string logical_id(std::string_view text);
/// Of an environment variable: "READ_1".
std::string variable_name(std::string_view text);

/// Of an object in Kubernetes: small letters, digits, '-' and '.'; of a container without the dot.
std::string object_name(std::string_view text);
std::string container_name(std::string_view text);

/// A regular expression of RE2 that matches the text alone. A dollar is a class, since dashboards replace variables.
std::string pattern_of(std::string_view text);
/// A template of Go that gives the text: labels and annotations of Prometheus are templates.
std::string template_of(std::string_view text);

/// Makes each name different from the earlier ones: "orders", "orders_2".
class Distinct {
public:
    explicit Distinct(std::string_view between) : between_(between) {}
    std::string operator()(std::string name);

private:
    std::string between_;
    std::vector<std::string> taken_;
};

}  // namespace poolfit::emit

// Values of keys that an inventory has a place for. One that is in a file and cannot be taken is listed with its place:
// what it says is never shown, since it may be anything.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <poolfit/import/estate.hpp>

#include "../tree/node.hpp"

namespace poolfit::imports {

class Wanted {
public:
    using At = std::function<Place(const Node&)>;
    Wanted(std::string subject, At at, Estate& estate)
        : subject_(std::move(subject)), at_(std::move(at)), estate_(estate) {}

    /// A whole number from `least` to `most`. Nothing where there is no value, where it is null or where it is empty.
    std::optional<std::int64_t> number(const Node& node, std::string_view key, std::int64_t least, std::int64_t most,
                                       const std::string& completes = {}) const;
    /// More than 0; 0 says that there is none.
    std::optional<std::int64_t> amount(const Node& node, std::string_view key, const std::string& completes = {}) const;
    /// A number such as 0.5.
    std::optional<double> decimal(const Node& node, std::string_view key, const std::string& completes = {}) const;
    std::optional<bool> boolean(const Node& node, std::string_view key, const std::string& completes = {}) const;
    /// Lists a value: "multi_az is not true or false".
    void refuse(const Node& node, std::string_view key, std::string_view why, const std::string& completes) const;

private:
    static bool is_given(const Node& node);

    std::string subject_;
    At at_;
    Estate& estate_;
};

/// What completes a key of a record: "--set database.orders.multi_az=true".
std::string set_flag(std::string_view kind, std::string_view name, std::string_view key, std::string_view value);
/// The same of [database.storage], which --set does not reach.
std::string storage_line(std::string_view key, std::string_view value);

}  // namespace poolfit::imports

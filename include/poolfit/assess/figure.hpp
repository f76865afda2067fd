// Every figure carries its derivation: a node of the ledger, whose inputs are other nodes, down to leaves
// that are a line of the inventory, a dated catalog row or a named constant.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <poolfit/diag/source.hpp>
#include <poolfit/model/catalog.hpp>
#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit {

using FigureId = std::uint32_t;

/// A value and the ledger's node that explains it.
template <class T>
struct Figure {
    T value{};
    FigureId id = 0;
};

/// What a figure is measured in; decides how it is printed and its `unit` in JSON.
enum class Measure : std::uint8_t {
    connections,
    bytes,
    fraction,
    usd_per_month,
    usd_per_year,
    usd_per_vcpu_hour,
    vcpus,
    count,
    ratio,
    coremark,
    credits,
    credits_per_hour,
    hours,
    mbps,
    iops,
    per_second,
    milliseconds,
    erlangs,
    probability,
};

/// A number with its measure: what the ledger stores. Bytes are bytes, money is dollars.
struct Measured {
    Interval<double> value;
    Measure measure = Measure::count;
};

struct Origin {
    enum class Kind : std::uint8_t { computed, input, catalog, constant } kind = Kind::computed;
    Place place;              ///< of an input, or of a row of the user's own catalog
    std::string_view source;  ///< of a catalog row or constant
    std::string_view source_id;
    std::string_view as_of;
};

struct Derivation {
    std::string name;  ///< "database.primary.connections.usable"
    Measured value;
    std::string formula;           ///< "max_planned - reserved"; empty for a leaf
    std::vector<FigureId> inputs;  ///< in the order of the formula
    Origin origin;
    std::string note;  ///< what a reader has to know of it; may be empty
};

/// All derivations of a run, each name once: adding a name again returns the node that is there.
class Ledger {
public:
    FigureId input(std::string name, Measured value, const Place& place, std::string note = {});
    FigureId catalog(std::string name, Measured value, const Provenance& row, std::string note = {});
    FigureId constant(std::string name, Measured value, std::string_view source, std::string note = {});
    FigureId derive(std::string name, Measured value, std::string formula, std::vector<FigureId> inputs,
                    std::string note = {});
    const Derivation& operator[](FigureId id) const { return nodes_[id]; }
    std::span<const Derivation> all() const { return nodes_; }
    std::optional<FigureId> find(std::string_view name) const;

private:
    FigureId add(Derivation derivation);
    std::vector<Derivation> nodes_;
    std::unordered_map<std::string, FigureId> by_name_;
};

namespace assess {

Measured measured(Connections c);
Measured measured(const Interval<Connections>& c);
Measured measured(Bytes b);
Measured measured(const Interval<Bytes>& b);
Measured measured(Fraction f);
Measured measured(const Interval<Fraction>& f);
Measured measured(MicroUsdPerMonth m);
Measured measured(Measure measure, double value);
Measured measured(Measure measure, const Interval<double>& value);

/// "1,802", "4–5 %", "$306.00/mo", "2 vCPU": the value as text, with its unit.
std::string print(const Measured& value);
/// The unit's name in JSON: "connections", "bytes", "fraction", "usd_per_month" …
std::string_view unit_name(Measure measure);

}  // namespace assess
}  // namespace poolfit

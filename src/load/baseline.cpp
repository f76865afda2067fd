// A baseline: the findings of a day, as `poolfit baseline` writes them.
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/baseline.hpp>
#include <poolfit/load/document.hpp>
#include <poolfit/model/fingerprint.hpp>

namespace poolfit::load {
namespace {

constexpr std::string_view schema = "poolfit-baseline/1";
constexpr std::string_view again = "write it anew: poolfit baseline --output FILE";

class BaselineReader {
public:
    BaselineReader(const SourceText& source, Diagnostics& diagnostics) : source_(source), diagnostics_(diagnostics) {}

    std::optional<Baseline> read() {
        Diagnostics faults;
        const auto document = parse(source_, faults);
        for (const Diagnostic& fault : faults.all()) error(fault.place, fault.message);  // nobody mends it by hand
        if (!document) return std::nullopt;
        const Value* given = find(document->root, "schema");
        const auto* name = given == nullptr ? nullptr : given->as<std::string>();
        if (name == nullptr || *name != schema) {
            error(given == nullptr ? Place{&source_, {0, 1}} : given->place,
                  fmt::format("not a baseline: its schema is not {}", schema));
            return std::nullopt;
        }
        const Value* list = find(document->root, "findings");
        const auto* findings = list == nullptr ? nullptr : list->as<Array>();
        if (findings == nullptr) {
            error(list == nullptr ? given->place : list->place, "no list of findings");
            return std::nullopt;
        }
        for (const Value& each : findings->items) entry(each);
        if (failed_) return std::nullopt;
        return std::move(out_);
    }

private:
    void error(const Place& place, std::string message) {
        diagnostics_.error(place, std::move(message), std::string(again));
        failed_ = true;
    }

    void entry(const Value& value) {
        const auto* table = value.as<Table>();
        if (table == nullptr) return error(value.place, "not a finding");
        KnownFinding known;
        known.place = value.place;
        for (const auto& [key, into] : {std::pair<std::string_view, std::string*>{"fingerprint", &known.fingerprint},
                                        {"rule", &known.rule},
                                        {"target", &known.target}}) {
            const Value* given = find(*table, key);
            const auto* text = given == nullptr ? nullptr : given->as<std::string>();
            if (text == nullptr || text->empty())
                return error(given == nullptr ? value.place : given->place, fmt::format("a finding without {}", key));
            *into = *text;
            if (into == &known.fingerprint) known.place = given->place;
        }
        known.fingerprint = model::fingerprint_of_file(std::move(known.fingerprint));
        if (!seen_.insert(known.fingerprint).second) return error(known.place, "a finding that is there twice");
        out_.push_back(std::move(known));
    }

    const SourceText& source_;
    Diagnostics& diagnostics_;
    std::set<std::string> seen_;
    Baseline out_;
    bool failed_ = false;
};

}  // namespace

std::optional<Baseline> baseline(const SourceText& source, Diagnostics& diagnostics) {
    return BaselineReader(source, diagnostics).read();
}

}  // namespace poolfit::load

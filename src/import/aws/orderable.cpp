#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/prices.hpp>

#include "../stream/json_reader.hpp"
#include "answer.hpp"
#include "engines.hpp"

namespace poolfit::imports {
namespace {

struct Option {
    std::string engine, version, cls;
};

class Answers {
public:
    Answers(const PriceOptions& options, Imported& out) : options_(options), out_(out) {}

    void add(const Option& option) {
        ++out_.products;
        const Platform* const platform = aws::by_word(option.engine);
        if (platform == nullptr) return leave(Left::other_engine);
        if (!option.cls.starts_with(platform->class_prefix) || platform::is_elastic_class(option.cls) ||
            option.cls.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") != option.cls.npos)
            return leave(Left::other_product);
        const auto parsed = platform->versions.parse(option.version);
        const auto* version = std::get_if<EngineVersion>(&parsed);
        if (version == nullptr || !version->exact()) return leave(Left::unreadable_version);
        if (!options_.platforms.empty() &&
            std::find(options_.platforms.begin(), options_.platforms.end(), platform) == options_.platforms.end())
            return leave(Left::filtered);
        texts_[{platform, *version}] = option.version;
        of_[platform::index_of(*platform)][option.cls].insert(*version);
    }
    void zone(const std::string& name) {
        std::string region = aws::region_of_zone(name);
        if (platform::usual().is_region(region)) regions_.insert(std::move(region));
    }
    bool any() const { return !of_.empty(); }

    void rows() {
        out_.as_of = options_.today;
        const std::string source = fmt::format("aws rds describe-orderable-db-instance-options{}{}",
                                               regions_.empty() ? "" : ", ", fmt::join(regions_, ", "));
        for (const auto& [index, classes] : of_) {
            const Platform* const platform = platform::all()[index];
            std::map<std::set<EngineVersion>, std::vector<std::string>> groups;
            for (const auto& [cls, versions] : classes) groups[versions].push_back(cls);
            for (auto& [versions, names] : groups) {
                catalog::OverlayOrderable row;
                row.platform = platform;
                for (auto at = versions.rbegin(); at != versions.rend(); ++at)
                    row.versions.push_back(texts_.at({platform, *at}));
                row.classes = std::move(names);
                row.as_of = out_.as_of;
                row.source = source;
                out_.rows.orderable.push_back(std::move(row));
            }
        }
    }

private:
    void leave(Left why) { ++out_[why]; }

    const PriceOptions& options_;
    Imported& out_;
    std::map<std::pair<const Platform*, EngineVersion>, std::string> texts_;
    std::map<std::size_t, std::map<std::string, std::set<EngineVersion>>> of_;  ///< by platform and class
    std::set<std::string> regions_;
};

}  // namespace

std::optional<Imported> aws_orderable(const Feed& file, const PriceOptions& options, Sources& sources,
                                      Diagnostics& diagnostics) {
    Input bytes(file, sources, diagnostics);
    JsonReader json(bytes);
    aws::Answer answer(json, "OrderableDBInstanceOptions");
    Imported out;
    Answers answers(options, out);
    Option option;
    const bool good = answer.each([&] {
        option = {};
        return answer.object([&] {
            if (json.text() == "Engine") return answer.text(option.engine);
            if (json.text() == "EngineVersion") return answer.text(option.version);
            if (json.text() == "DBInstanceClass") return answer.text(option.cls);
            if (json.text() != "AvailabilityZones") return json.skip();
            return answer.list([&] {
                return answer.object([&] {
                    if (json.text() != "Name") return json.skip();
                    std::string zone;
                    if (!answer.text(zone)) return false;
                    answers.zone(zone);
                    return true;
                });
            });
        }) && (answers.add(option), true);
    });
    if (!good) return std::nullopt;
    out.bytes = bytes.offset();
    answers.rows();
    return out;
}

}  // namespace poolfit::imports

#include "settings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "steps.hpp"

namespace poolfit::load {
namespace {

class Application {
public:
    Application(Context& context, const SourceText& setting, Document& document)
        : context_(context), setting_(setting), text_(setting.text()), document_(document) {}

    void run() {
        const auto equals = text_.find('=');
        if (equals == text_.npos) {
            error(0, text_.size(), "--set needs KEY=VALUE",
                  text_.empty() ? "write region=eu-west-1" : fmt::format("write {}=…", clip(text_)));
            return;
        }
        auto end = equals;
        while (end > 0 && text_[end - 1] == ' ') --end;
        key_ = text_.substr(0, end);
        auto begin = equals + 1;
        while (begin < text_.size() && text_[begin] == ' ') ++begin;
        if (key_.empty()) {
            error(0, equals + 1, "--set needs a key before =", "write region=eu-west-1");
            return;
        }
        if (key_ == "env" || key_.starts_with("env.")) {
            // env.staging.service.api.instances: an environment is chosen, and --set has the last word on a key.
            const auto name = key_.size() > 4 ? key_.substr(4, key_.find('.', 4) - 4) : std::string_view();
            error(0, key_.size(), "--set changes the inventory, not an environment",
                  fmt::format("choose it with --env {}, and leave env.{} out of the key",
                              name.empty() ? "NAME" : clip(name), name.empty() ? "NAME" : clip(name)));
            return;
        }
        value_ = parse_setting_value(setting_, static_cast<std::uint32_t>(begin));
        into(document_.root, steps(), 0, "the inventory");
    }

private:
    Diagnostic& error(std::size_t begin, std::size_t end, std::string message, std::string fix = {}) {
        return context_.out.error({&setting_, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}},
                                  std::move(message), std::move(fix));
    }
    Place key_place(std::size_t begin) const {
        return {&setting_, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(key_.size())}};
    }

    void put(Table& table, std::size_t at) {
        const auto key = key_.substr(at);
        const auto member = std::ranges::find(table.members, key, &Member::key);
        if (member != table.members.end()) {
            member->key_place = key_place(at);
            member->value = std::move(value_);
        } else {
            table.members.push_back({std::string(key), key_place(at), std::move(value_)});
        }
    }

    /// Where `what` ends in the key if it stands at `at` as one part of it.
    std::optional<std::size_t> part(std::size_t at, std::string_view what) const {
        if (what.empty() || !key_.substr(at).starts_with(what)) return std::nullopt;
        const auto end = at + what.size();
        if (end != key_.size() && key_[end] != '.') return std::nullopt;
        return end;
    }

    void into(Table& table, std::span<const Step> steps, std::size_t at, std::string_view header) {
        for (const auto& step : steps) {
            const auto end = part(at, step.key);
            if (!end) continue;
            // A pooler's database is one name, or a list of aliases.
            if (const auto* value = find(table, step.key);
                header == "[[pooler]]" && (value == nullptr || value->as<Array>() == nullptr))
                break;
            if (*end == key_.size()) {
                error(at, *end, fmt::format("{} is more than one value", key_),
                      fmt::format("write {}.KEY=VALUE for one of its keys", clip(key_)))
                    .notes.emplace_back("keys", keys_inside(step));
                return;
            }
            step_into(table, step, at, *end + 1);
            return;
        }
        const auto rest = key_.substr(at);
        const auto dot = rest.find('.');
        if (dot != rest.npos) {
            // { min, max } and the like; anything else has no keys inside.
            auto* value = find(table, rest.substr(0, dot));
            if (auto* inner = value == nullptr ? nullptr : value->as<Table>())
                put(*inner, at + dot + 1);
            else
                report_unknown(rest.substr(0, dot), at, header);
            return;
        }
        put(table, at);
    }

    void step_into(Table& table, const Step& step, std::size_t begin, std::size_t at) {
        auto* value = find(table, step.key);
        if (step.kind == Step::Kind::records) {
            auto* list = value == nullptr ? nullptr : value->as<Array>();
            record(list, step, begin, at);
            return;
        }
        if (value == nullptr) {
            Value fresh;
            fresh.data = Table{};
            fresh.place = {&setting_, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at - 1)}};
            table.members.push_back({std::string(step.key), fresh.place, std::move(fresh)});
            value = &table.members.back().value;
        }
        auto* inner = value->as<Table>();
        if (inner == nullptr) return;  // the file has something else there, and the reader says so
        if (step.kind == Step::Kind::open_table)
            put(*inner, at);
        else
            into(*inner, step.inside, at, step.header);
    }

    /// Names may have dots: the longest that fits is meant.
    void record(Array* list, const Step& step, std::size_t begin, std::size_t at) {
        Table* best = nullptr;
        std::size_t best_end = 0;
        std::vector<std::string_view> names;
        if (list != nullptr) {
            for (auto& item : list->items) {
                const auto name = record_name(item, step.name_key);
                if (name.empty()) continue;
                names.push_back(name);
                const auto end = part(at, name);
                if (end && *end > best_end) {
                    best = item.as<Table>();
                    best_end = *end;
                }
            }
        }
        if (best == nullptr) {
            auto end = std::min(key_.find('.', at), key_.size());
            auto near = context_.suggester.nearest(key_.substr(at, end - at), names);
            if (const auto last = key_.rfind('.'); near.empty() && last != key_.npos && last > end) {
                near = context_.suggester.nearest(key_.substr(at, last - at), names);
                if (!near.empty()) end = last;
            }
            auto& made = error(at, end, fmt::format("no {} named {}", step.key, quote(key_.substr(at, end - at))));
            if (near.empty()) {
                made.fix = names.empty() ? fmt::format("declare it in the inventory, as {}", step.header)
                                         : fmt::format("write {}{}…", clip(key_.substr(0, at)), clip(names.front()));
            } else {
                made.label = fmt::format("did you mean {}?", near);
                made.fix = fmt::format("write {}{}{}", clip(key_.substr(0, at)), near, clip(text_.substr(end)));
            }
            return;
        }
        if (best_end == key_.size()) {
            error(begin, best_end, fmt::format("{} is a record, not a value", clip(key_)),
                  fmt::format("write {}.KEY=VALUE for one of its keys", clip(key_)))
                .notes.emplace_back("keys", keys_inside(step));
            return;
        }
        into(*best, step.inside, best_end + 1, step.header);
    }

    void report_unknown(std::string_view word, std::size_t at, std::string_view header) {
        std::vector<std::string_view> keys;
        for (const auto& table : inventory_keys())
            if (table.header == header) keys = table.keys;
        if (std::ranges::find(keys, word) != keys.end()) {
            error(at, at + word.size(), fmt::format("{} is one value", clip(word)),
                  fmt::format("write {}=…", clip(key_.substr(0, at + word.size()), 80)));
            return;
        }
        const auto near = context_.suggester.nearest(word, keys);
        auto& made = error(at, at + word.size(), fmt::format("unknown key {} in {}", quote(word), header));
        if (!near.empty()) {
            made.label = fmt::format("did you mean {}?", near);
            made.fix =
                fmt::format("write {}{}{}", clip(key_.substr(0, at)), near, clip(text_.substr(at + word.size())));
        } else {
            made.fix = "write one of the keys below";
        }
        made.notes.emplace_back("allowed", join(keys));
    }

    static std::string keys_inside(const Step& step) {
        for (const auto& table : inventory_keys())
            if (table.header == step.header) return join(table.keys);
        return step.key == "severity" ? "ids or names of rules" : "names of formula variables";
    }

    Context& context_;
    const SourceText& setting_;
    std::string_view text_;
    Document& document_;
    std::string_view key_;
    Value value_;
};

}  // namespace

void apply_settings(Context& context, const std::vector<Setting>& settings, Sources& sources, Document& document) {
    for (const auto& setting : settings) {
        const auto& source = sources.add("--set " + clip(setting.text, 200), setting.text);
        if (!check_text(source, context.out)) continue;
        Application(context, source, document).run();
    }
}

}  // namespace poolfit::load

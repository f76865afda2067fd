// [database.storage]: its keys, and what the provider refuses of them.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <poolfit/unit/parse.hpp>
#include <poolfit/unit/print.hpp>

#include "resolve_server.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view header = "[database.storage]";
constexpr double seconds_per_month = 3600.0 * hours_per_month;
constexpr double most_requests = 1e15;
constexpr Bounds<Bytes> volume_sizes{Bytes(0), Bytes(1024 * 1024 * bytes_per_gib), true};
constexpr Bounds<MegabitsPerSecond> throughputs{MegabitsPerSecond(0), MegabitsPerSecond(10'000'000), true};

/// "500M / month": a number or a range before it, with k, M or G for thousands, millions and billions.
std::optional<Interval<double>> monthly(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    std::string_view per = text.substr(slash + 1), count = text.substr(0, slash);
    const auto trim = [](std::string_view& part) {
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    };
    trim(per);
    trim(count);
    if (per != "month" && per != "mo") return std::nullopt;
    double times = 1;
    if (!count.empty()) {
        constexpr std::pair<char, double> units[] = {{'k', 1e3}, {'K', 1e3}, {'M', 1e6}, {'G', 1e9}, {'B', 1e9}};
        for (const auto& [unit, factor] : units)
            if (count.back() == unit) times = factor;
        if (times != 1) count.remove_suffix(1);
        trim(count);
    }
    const auto found = unit::parse_number_range(count);
    const auto* number = std::get_if<Interval<double>>(&found);
    if (number == nullptr) return std::nullopt;
    return Interval<double>{number->low * times, number->high * times};
}

Maybe<Interval<double>> requests(C& c, const E& e) {
    const auto* text = e.value().as<std::string>();
    std::optional<Interval<double>> found = text == nullptr ? std::nullopt : monthly(*text);
    if (!found && text != nullptr && text->find("/s") != std::string::npos) {
        const auto rate = range(c, e, Bounds<PerSecond>{PerSecond(0), PerSecond(1e9)});
        if (!rate) return std::nullopt;
        found = Interval<double>{rate->value.low.value * seconds_per_month, rate->value.high.value * seconds_per_month};
    }
    if (found && found->high <= most_requests) return Located<Interval<double>>{*found, e.value().place};
    if (found)
        c.out.error(e.value().place, "io_requests: more than any volume serves", c.assign(e.key(), e.example));
    else
        expected(c, e, e.value(), "I/O requests by month or second").fix =
            c.assign(e.key(), e.example) + ", or \"190/s\"";
    return std::nullopt;
}

using Row = Field<Storage>;
constexpr std::array fields{
    Row{"type", R"("gp3")", false, [](C& c, const E& e, Storage& s) { s.type = text(c, e); }},
    Row{"size", R"("200 GiB")", false, [](C& c, const E& e, Storage& s) { s.size = quantity(c, e, volume_sizes); }},
    Row{"max_size", R"("500 GiB")", false,
        [](C& c, const E& e, Storage& s) { s.max_size = quantity(c, e, volume_sizes); }},
    Row{"iops", "12000", false,
        [](C& c, const E& e, Storage& s) {
            s.iops = number(c, e, {0, 10'000'000, true});
        }},
    Row{"throughput", R"("500 MiB/s")", false,
        [](C& c, const E& e, Storage& s) { s.throughput = quantity(c, e, throughputs); }},
    Row{"io_requests", R"("500M/month")", false, [](C& c, const E& e, Storage& s) { s.io_requests = requests(c, e); }},
};

double gib_of(Bytes size) { return gib(size); }
double mibps_of(MegabitsPerSecond throughput) {
    return throughput.value * 1e6 / 8 / static_cast<double>(bytes_per_mib);
}
std::string number_text(double value) { return unit::print_number(value); }
std::string gib_text(double value) { return fmt::format("{} GiB", number_text(std::round(value * 100) / 100)); }
/// A hair over a bound is a rounding of units.
bool above(double value, double most) { return value > most * (1 + 1e-9); }

/// What is wrong with one database's storage, at its keys.
class StorageCheck {
public:
    StorageCheck(C& context, const Database& database, Storage& storage)
        : c_(context), platform_(*database.platform), cls_(database.type), s_(storage) {}

    void run(const Database* primary) {
        const Volumes* volumes = platform_.volumes;
        if (volumes == nullptr && platform_.provider != platform::own_provider) {
            const std::string why = fmt::format("{} has one kind of storage, and sells no IOPS", platform_.names.full);
            refuse(s_.type, "type", why, "remove type");
            refuse(s_.iops, "iops", why, "remove iops");
            refuse(s_.throughput, "throughput", why, "remove throughput");
        }
        if (volumes == nullptr) {
            refuse(s_.io_requests, "io_requests",
                   platform_.names.brief != platform_.names.engine
                       ? fmt::format("{} does not charge by request", platform_.names.full)
                       : std::string("a server of your own is not charged by request"),
                   "remove it");
            size_order();
            return;
        }
        if (volumes->shared && primary != nullptr) {
            c_.out.error(s_.place,
                         fmt::format("storage: {} instances of a cluster share one volume", platform_.names.full),
                         fmt::format("move [database.storage] to {}", quote(*primary->name)));
            return;
        }
        if (!find_kind(*volumes)) return;
        kind_ = s_.kind;
        if (kind_->most_gib == 0) {
            for (const auto& [key, place] :
                 {std::pair("iops", place_of(s_.iops)), std::pair("throughput", place_of(s_.throughput)),
                  std::pair("max_size", place_of(s_.max_size))})
                if (place)
                    c_.out.error(place,
                                 fmt::format("{}: {} storage grows and scales by itself", key, platform_.names.full),
                                 fmt::format("remove {}", key));
            return;
        }
        if (!kind_->io_charged)
            refuse(s_.io_requests, "io_requests", fmt::format("{} does not charge by request", kind_->name),
                   "remove it; write observed.read_iops and write_iops");
        sizes();
        if (!s_.size || failed_) return;
        provisioned();
    }

private:
    template <class T>
    static Place place_of(const Maybe<T>& value) {
        return value ? value->place : Place{};
    }

    template <class T>
    void refuse(const Maybe<T>& value, std::string_view key, std::string_view why, std::string_view fix) {
        if (value) c_.out.error(value->place, fmt::format("{}: {}", key, why), std::string(fix));
    }

    Diagnostic& fail(const Place& place, std::string message, std::string fix) {
        failed_ = true;
        return c_.out.error(place, std::move(message), std::move(fix));
    }

    bool find_kind(const Volumes& volumes) {
        std::vector<std::string_view> names;
        const auto takes = [&](const VolumeKind& kind) { return !kind.on || cls_ == nullptr || kind.on(*cls_); };
        for (const VolumeKind* kind : volumes.kinds)
            if (takes(*kind)) names.push_back(kind->name);
        if (!s_.type) {
            s_.kind = platform::usual_volume(volumes, cls_);
            if (s_.kind == nullptr)
                c_.out
                    .error(s_.place, fmt::format("{} has no type", c_.header(header)),
                           c_.assign("type", fmt::format("\"{}\"", names.front())))
                    .notes.emplace_back("allowed", join(names));
            return s_.kind != nullptr;
        }
        std::string written = s_.type->value;
        std::ranges::transform(written, written.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        s_.kind = platform::volume_meant(platform_, written);
        if (s_.kind != nullptr && takes(*s_.kind)) return true;
        const bool sold = s_.kind != nullptr;
        s_.kind = nullptr;
        auto& made = c_.out.error(
            s_.type->place,
            sold ? fmt::format("type: {} does not take {} storage", cls_->name, quote(s_.type->value))
                 : fmt::format("type: {} is not a kind of storage of {}", quote(s_.type->value), platform_.names.full));
        made.notes.emplace_back("allowed", join(names));
        const auto near = c_.suggester.nearest(written, names);
        if (!near.empty()) made.label = fmt::format("did you mean {}?", near);
        made.fix = c_.assign("type", fmt::format("\"{}\"", near.empty() ? names.front() : near));
        return false;
    }

    void size_order() {
        if (!s_.size || !s_.max_size || s_.max_size->value >= s_.size->value) return;
        c_.note(fail(s_.max_size->place,
                     fmt::format("max_size: {} is less than size", gib_text(gib_of(s_.max_size->value))),
                     "write what autoscaling may grow it to"),
                "size", s_.size->place);
    }

    void sizes() {
        if (!s_.size) {
            fail(s_.place, fmt::format("{} has no size", c_.header(header)), c_.assign("size", R"("200 GiB")"));
            return;
        }
        for (const auto& [key, value] : {std::pair("size", &s_.size), std::pair("max_size", &s_.max_size)}) {
            if (!*value) continue;
            const double size = gib_of((*value)->value);
            const bool small = above(static_cast<double>(kind_->least_gib), size);
            if (!small && !above(size, static_cast<double>(kind_->most_gib))) continue;
            fail((*value)->place,
                 fmt::format("{}: {} of {}; {} takes {} to {}", key, kind_->name, gib_text(size),
                             platform_.names.keeper, number_text(static_cast<double>(kind_->least_gib)),
                             gib_text(static_cast<double>(kind_->most_gib))),
                 c_.assign(key, fmt::format("\"{} GiB\"", small ? kind_->least_gib : kind_->most_gib)));
        }
        for (const auto& [key, value] : {std::pair("size", &s_.size), std::pair("max_size", &s_.max_size)})
            if (*value && !failed_) listed_size(key, **value);
        size_order();
        if (s_.max_size && !kind_->grows)
            fail(s_.max_size->place, fmt::format("max_size: {} storage does not grow by itself", kind_->name),
                 "remove max_size, or write another type");
    }

    /// A size that the provider does not have: the next larger is what it would be.
    void listed_size(std::string_view key, const Located<Bytes>& value) {
        const double size = gib_of(value.value);
        const auto is = [&](std::int64_t each) { return !above(size, static_cast<double>(each)); };
        const auto at = std::ranges::find_if(kind_->sizes, is);
        if (at == kind_->sizes.end() || !above(static_cast<double>(*at), size)) return;
        std::vector<std::string> all;
        for (const std::int64_t each : kind_->sizes) all.push_back(fmt::format("{}", each));
        fail(value.place,
             fmt::format("{}: {} has no {} of {}", key, platform_.names.keeper, kind_->name, gib_text(size)),
             c_.assign(key, fmt::format("\"{} GiB\"", *at)))
            .notes.emplace_back("allowed", fmt::format("{} GiB", fmt::join(all, ", ")));
    }

    void provisioned() {
        const double size = gib_of(s_.size->value);
        const VolumeKind::Tier* tier = platform::tier(*kind_, size);
        const VolumeKind::Provisioned* may = kind_->provisioned;
        if (may == nullptr) {
            const std::string why =
                !kind_->iops_follow.empty()
                    ? fmt::format("{} does not sell them: they follow {}", platform_.names.keeper, kind_->iops_follow)
                : !kind_->performance_tier.empty()
                    ? fmt::format(
                          "{} takes no number of IOPS: its size gives them, and {} more, which is not in an "
                          "inventory",
                          kind_->name, kind_->performance_tier)
                : kind_->iops_per_gib > 0 ? fmt::format("{} has {} IOPS per GiB, and none are provisioned", kind_->name,
                                                        number_text(kind_->iops_per_gib))
                                          : fmt::format("none are provisioned with {} storage", kind_->name);
            const VolumeKind* takes = nullptr;
            if (!kind_->performance_tier.empty())
                for (const VolumeKind* each : platform_.volumes->kinds)
                    if (each->provisioned != nullptr) takes = each;
            const std::string other = takes != nullptr ? fmt::format(", or write type = \"{}\"", takes->name)
                                      : kind_->better != nullptr
                                          ? fmt::format(", or write type = \"{}\"", kind_->better->name)
                                          : "";
            refuse(s_.iops, "iops", why, "remove iops" + other);
            refuse(s_.throughput, "throughput",
                   !kind_->iops_follow.empty()
                       ? fmt::format("{} does not sell it: it follows {}", platform_.names.keeper, kind_->iops_follow)
                       : fmt::format("{} has what its size gives", kind_->name),
                   "remove throughput" + other);
            return;
        }
        if (may->most_mibps == 0)
            refuse(s_.throughput, "throughput", fmt::format("{} has what its IOPS give", kind_->name),
                   "remove throughput");
        if (tier != nullptr && !tier->set) {
            const VolumeKind::Tier* next = platform::next_tier(*kind_, size);
            const std::string why =
                fmt::format("{} under {} GiB has {} IOPS and {} MiB/s, and no more can be provisioned", kind_->name,
                            next->from_gib, number_text(tier->iops), number_text(tier->mibps));
            for (const auto& [key, place] :
                 {std::pair("iops", place_of(s_.iops)), std::pair("throughput", place_of(s_.throughput))})
                if (place)
                    fail(place, fmt::format("{}: {}", key, why),
                         fmt::format("remove {}, or write size = \"{} GiB\"", key, next->from_gib));
            return;
        }
        if (!s_.iops && may->needed) {
            fail(s_.place, fmt::format("{} has no iops, which {} needs", c_.header(header), kind_->name),
                 c_.assign("iops", fmt::format("{}", static_cast<std::int64_t>(may->least))));
            return;
        }
        if (s_.iops) iops(size, *may);
        if (s_.throughput && may->most_mibps > 0 && !failed_) throughput(*tier, *may);
    }

    void iops(double size, const VolumeKind::Provisioned& may) {
        const double given = **s_.iops;
        const auto wrong = [&](std::string why, double fix) {
            fail(s_.iops->place, fmt::format("iops: {}: {}", number_text(given), why),
                 c_.assign("iops", fmt::format("{}", static_cast<std::int64_t>(fix))));
        };
        const double by_size = platform::most_provisioned(*kind_, size);
        const double least = platform::least_provisioned(*kind_, size);
        if (above(given, may.most))
            return wrong(fmt::format("{} takes at most {}", kind_->name, number_text(may.most)), by_size);
        if (may.most_per_gib > 0 && above(given, size * may.most_per_gib))
            return wrong(fmt::format("{} takes at most {} per GiB, {} at {}", kind_->name,
                                     number_text(std::floor(may.most_per_gib)), number_text(by_size), gib_text(size)),
                         by_size);
        if (above(least, given))
            return wrong(fmt::format("{} takes at least {}{}", kind_->name, number_text(least),
                                     may.needed ? "" : ", which it has anyway"),
                         least);
        if (above(size * may.least_per_gib, given))
            return wrong(
                fmt::format("{} takes at least {} per GiB, {} at {}", kind_->name, number_text(may.least_per_gib),
                            number_text(std::ceil(size * may.least_per_gib)), gib_text(size)),
                std::ceil(size * may.least_per_gib));
        if (!s_.max_size) return;
        const double most = gib_of(s_.max_size->value);
        if (above(most * may.least_per_gib, given))
            c_.note(fail(s_.iops->place,
                         fmt::format("iops: {}: {} takes at least {} per GiB, also at max_size, {}", number_text(given),
                                     kind_->name, number_text(may.least_per_gib), gib_text(most)),
                         c_.assign("iops",
                                   fmt::format("{}", static_cast<std::int64_t>(std::ceil(most * may.least_per_gib))))),
                    "max_size", s_.max_size->place);
    }

    void throughput(const VolumeKind::Tier& tier, const VolumeKind::Provisioned& may) {
        const double given = mibps_of(s_.throughput->value);
        const double iops = s_.iops ? **s_.iops : tier.iops;
        const bool by_iops = may.mibps_per_iops > 0 && iops > 0;
        const double most = by_iops ? std::min(may.most_mibps, iops * may.mibps_per_iops) : may.most_mibps;
        const auto wrong = [&](std::string why, double fix) {
            fail(s_.throughput->place,
                 fmt::format("throughput: {} MiB/s: {}", number_text(std::round(given * 10) / 10), why),
                 c_.assign("throughput", fmt::format("\"{} MiB/s\"", static_cast<std::int64_t>(fix))));
        };
        if (above(given, may.most_mibps))
            return wrong(fmt::format("{} takes at most {} MiB/s", kind_->name, number_text(may.most_mibps)), most);
        if (above(given, most))
            return wrong(fmt::format("at most {} of the IOPS, {} MiB/s with {}", number_text(may.mibps_per_iops),
                                     number_text(most), number_text(iops)),
                         most);
        if (above(tier.mibps, given))
            wrong(fmt::format("{} has {} MiB/s anyway", kind_->name, number_text(tier.mibps)), tier.mibps);
    }

    C& c_;
    const Platform& platform_;
    const InstanceClass* cls_;  ///< null where it is wrong
    Storage& s_;
    const VolumeKind* kind_ = nullptr;
    bool failed_ = false;
};

}  // namespace

KeyTable storage_keys() { return {header, keys_of(fields), read_alone<fields>}; }

void read_storage(Context& context, const Entry& entry, Database& out) {
    const auto* table = read_single(context, entry, header);
    if (table == nullptr) return;
    Storage& storage = out.storage.emplace();
    storage.place = entry.value().place;
    read_table(context, *table, entry.value().place, header, fields, storage);
    // What is wrong with these two was reported, and without them nothing else can be judged.
    const bool read_wrongly = (find(*table, "type") != nullptr) != storage.type.has_value() ||
                              (find(*table, "size") != nullptr) != storage.size.has_value();
    if (read_wrongly) out.storage = {};
}

void check_storage(Context& context, const Database* primary, Database& out) {
    if (!out.storage || out.platform == nullptr || context.exhausted()) return;
    StorageCheck(context, out, *out.storage).run(primary);
}

}  // namespace poolfit::load

#include <poolfit/assess/offers.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace poolfit {

namespace {

/// The inventory's own price first: of this deployment, else the single-AZ one twice.
const PriceOverride* own_price(const Fleet& fleet, const InstanceClass& cls, bool multi_az, PriceTerm term) {
    const PriceOverride* own = nullptr;
    for (const PriceOverride& price : fleet.prices) {
        if (*price.cls != cls.name || price.term != term || (price.multi_az && !multi_az)) continue;
        if (!own || price.multi_az == multi_az) own = &price;
    }
    return own;
}

class Maker {
public:
    Maker(const Fleet& fleet, const Catalog& catalog, PriceTerm term, const Database& database)
        : fleet_(fleet), catalog_(catalog), term_(term), database_(database) {
        if (database.version) version_ = database.version->value;
        const auto text = catalog.max_connections_formula(database.engine).text;
        auto parsed = formula::parse(text, Formula::Dialect::rds);
        if (auto* formula = std::get_if<Formula>(&parsed)) formula_ = std::move(*formula);
    }

    Offer offer(const InstanceClass& cls) const {
        Offer result;
        result.cls = &cls;
        result.own_price = own_price(fleet_, cls, *database_.multi_az, term_);
        if (result.own_price != nullptr) {
            const PriceOverride& own = *result.own_price;
            const bool doubled = *database_.multi_az && !own.multi_az;
            result.price = Price{doubled ? *own.amount * 2 : *own.amount, doubled, {}, {{}, {}, {}, own.amount.place}};
        } else {
            result.price = catalog_.price(cls, *database_.region, *database_.multi_az, term_);
        }
        result.credit_price = catalog_.credit_price(cls, *database_.region);
        result.engine_memory = catalog::engine_memory(cls).range;
        result.max_nominal = limit(cls, cls.memory);
        result.max_expected = {limit(cls, result.engine_memory.low), limit(cls, result.engine_memory.high)};
        result.state = state(result);
        return result;
    }

private:
    Connections limit(const InstanceClass& cls, Bytes memory) const {
        const auto result = formula::evaluate_rds(
            formula_, {{"DBInstanceClassMemory", static_cast<double>(memory.value)}, {"DBInstanceVCPU", cls.vcpus}});
        const auto* value = std::get_if<std::int64_t>(&result);
        return Connections(value != nullptr ? *value : 0);  // a test evaluates it for every class
    }

    Offer::State state(Offer& offer) const {
        const InstanceClass& cls = *offer.cls;
        if (cls.cluster_only) return Offer::State::cluster_only;
        const auto supported = catalog::supports(cls, version_);
        if (supported == catalog::Supported::no) return Offer::State::not_supported;
        if (supported == catalog::Supported::unknown && (cls.support == InstanceClass::Support::not_stated || version_))
            return Offer::State::not_documented;
        if (!offer.price) {
            const bool listed =
                catalog_.price(cls, *database_.region, *database_.multi_az, PriceTerm::list).has_value();
            return listed ? Offer::State::no_reserved_price : Offer::State::no_price;
        }
        offer.version_unknown = supported == catalog::Supported::unknown;
        return Offer::State::offered;
    }

    const Fleet& fleet_;
    const Catalog& catalog_;
    PriceTerm term_;
    const Database& database_;
    std::optional<EngineVersion> version_;
    Formula formula_;
};

bool before(const Offer& a, const Offer& b) {
    const bool offered = a.state == Offer::State::offered;
    if (offered != (b.state == Offer::State::offered)) return offered;
    if (offered && a.price->amount != b.price->amount) return a.price->amount < b.price->amount;
    return a.cls->name < b.cls->name;
}

}  // namespace

const Offers& Market::offers(Index index) const {
    if (of_database_.empty()) of_database_.resize(fleet_.databases.size(), nullptr);
    if (of_database_[index] != nullptr) return *of_database_[index];
    const Database& database = fleet_.databases[index];
    const std::string key = fmt::format("{}|{}|{}|{}", *database.region, *database.multi_az, database.version_text,
                                        static_cast<int>(database.engine));
    auto [at, fresh] = made_.try_emplace(key);
    if (fresh) {
        at->second = std::make_unique<Offers>();
        Offers& made = *at->second;
        made.database = index;
        const Maker maker(fleet_, catalog_, term_, database);
        const auto classes = catalog_.classes();
        made.all.reserve(classes.size());
        for (const InstanceClass* cls : classes) made.all.push_back(maker.offer(*cls));
        std::sort(made.all.begin(), made.all.end(), before);
        for (std::size_t i = 0; i < made.all.size(); ++i) made.index_.emplace(made.all[i].cls, i);
        made.offered = static_cast<std::size_t>(std::count_if(
            made.all.begin(), made.all.end(), [](const Offer& o) { return o.state == Offer::State::offered; }));
        made.slots = catalog_.reserved_slots(database.engine,
                                             database.version ? std::optional(database.version->value) : std::nullopt);
        for (const ReservedSlots& slots : made.slots) made.reserved += slots.slots;
        order_.push_back(&made);
    }
    of_database_[index] = at->second.get();
    return *of_database_[index];
}

std::vector<const Offers*> Market::known() const { return order_; }

}  // namespace poolfit

#include "price_json.hpp"

#include <utility>

#include <fmt/format.h>

#include "../stream/kinds.hpp"
#include "engines.hpp"

namespace poolfit::imports::aws {
namespace {

constexpr std::int64_t no_price = -1;  // a null
constexpr std::string_view again = "name the answer of the command as it was written, or fetch it again";

class PriceReader {
public:
    PriceReader(JsonReader& json, PriceBook& book, int depth = 0) : json_(json), book_(book), depth_(depth) {}

    bool documents() {
        for (Token token = json_.next(); token != Token::end; token = json_.next())
            if (!document(token)) return false;
        return true;
    }

private:
    bool expect(Token token, Token wanted, std::string_view what) {
        if (token == wanted) return true;
        return token == Token::bad ? false : json_.refuse(fmt::format("expected {}", what), std::string(again));
    }
    /// Members of an object that comes next.
    template <class Each>
    bool object(std::string_view what, const Each& each) {
        return expect(json_.next(), Token::object, what) && json_.members(each);
    }
    /// A text or a number; a null leaves it empty.
    bool text(std::string& into) {
        const Token token = json_.next();
        if (token != Token::text && token != Token::number && token != Token::word)
            return expect(token, Token::text, "a text");
        into = token == Token::word ? std::string_view() : json_.text();
        return true;
    }
    bool key_is(std::string_view name) const { return json_.text() == name; }

    /// An offer file, an answer with a PriceList, one of its items, or a list of items.
    bool document(Token first) {
        if (first == Token::list) return json_.items([&](Token token) { return item(token); });
        if (first == Token::text) return item(first);
        if (!expect(first, Token::object, "a price list: an object")) return false;
        bool known = false, pages = false;
        std::string next_key;
        const AnswerKind* other = nullptr;
        book_.products_come();
        const bool good = json_.members([&] {
            const bool mine = key_is("products") || key_is("terms") || key_is("PriceList") || key_is("product");
            known = known || mine;
            if (!mine && other == nullptr) other = kind_with(json_.text());
            if (key_is("searchResults")) {
                known = true;
                return expect(json_.next(), Token::list, "a list") &&
                       json_.items([&](Token token) { return plan_rate(token); });
            }
            if (key_is("nextToken") || key_is("NextToken")) {
                next_key = json_.text();
                if (!text(held_next_)) return false;
                pages = !held_next_.empty();
                return true;
            }
            if (key_is("PriceList"))
                return expect(json_.next(), Token::list, "a list") &&
                       json_.items([&](Token token) { return item(token); });
            return member();
        });
        if (good && !known && other != nullptr)
            return json_.refuse(fmt::format("this is {}", other->what), import_command(*other, json_.bytes().name()));
        if (good && !known)
            return json_.refuse("no price list: neither products and terms, nor a PriceList or searchResults",
                                std::string(again));
        if (good && depth_ == 0) book_.goes_on(pages ? next_page(next_key, held_next_) : std::string());
        return good;
    }

    /// An element of searchResults: what a product costs an hour under a savings plan.
    bool plan_rate(Token token) {
        if (!expect(token, Token::object, "a rate: an object")) return false;
        PlanOffer offer;
        std::int64_t nano = 0;
        const bool good = json_.members([&] {
            if (key_is("savingsPlanOffering"))
                return object("an offering", [&] {
                    if (key_is("planType")) return text(offer.plan);
                    if (key_is("durationSeconds")) return text(offer.seconds);
                    if (key_is("paymentOption")) return text(offer.payment);
                    if (key_is("currency")) return text(offer.currency);
                    return json_.skip();
                });
            if (key_is("rate")) return usd(nano);
            if (key_is("productType")) return text(offer.product);
            if (key_is("usageType")) return text(offer.usage);
            if (!key_is("properties")) return json_.skip();
            return expect(json_.next(), Token::list, "a list") && json_.items([&](Token each) {
                if (!expect(each, Token::object, "a property: an object")) return false;
                std::string name, value;
                if (!json_.members([&] {
                        if (key_is("name")) return text(name);
                        if (key_is("value")) return text(value);
                        return json_.skip();
                    }))
                    return false;
                if (name == "region") offer.region = value;
                if (name == "instanceType") offer.instance_type = value;
                if (name == "productDescription") offer.engine = value;
                return true;
            });
        });
        if (good) book_.plan_rate(offer, nano);
        return good;
    }

    /// A price in dollars, as nano-USD.
    bool usd(std::int64_t& into) {
        if (!text(held_)) return false;
        into = no_price;
        if (held_.empty()) return true;
        const auto nano = nano_of(held_);
        if (!nano)
            return json_.refuse(fmt::format("'{}' is not a price", held_.substr(0, 40)),
                                "the file is damaged: fetch it again");
        into = *nano;
        return true;
    }

    /// A member of an offer file or of an item.
    bool member() {
        if (key_is("products")) {
            const bool good = object("products by SKU", [&] {
                sku_ = json_.text();
                return product();
            });
            book_.products_read();
            if (depth_ == 0) book_.whole();
            return good;
        }
        if (key_is("product")) {
            sku_.clear();
            return product();
        }
        if (key_is("terms"))
            return object("terms", [&] {
                const bool reserved = key_is("Reserved");
                if (!reserved && !key_is("OnDemand")) return json_.skip();
                return object("offers by SKU", [&] { return offers(reserved); });
            });
        if (key_is("publicationDate") || key_is("version")) {
            const bool full = key_is("publicationDate");
            std::string time;
            if (!text(time)) return false;
            if (const auto day = day_of(time); day && (full || time.size() == 14)) book_.published(*day);
            return true;
        }
        if (key_is("offerCode") || key_is("serviceCode")) {
            if (!text(held_)) return false;
            if (held_ == "AmazonRDS" || held_.empty()) return true;
            return json_.refuse(fmt::format("a price list of {}, not of AmazonRDS", held_.substr(0, 60)),
                                "aws pricing get-products --service-code AmazonRDS");
        }
        return json_.skip();
    }

    /// An element of PriceList: an object, or its JSON as a text.
    bool item(Token token) {
        ++items_;
        if (token == Token::object) return json_.members([&] { return member(); });
        if (!expect(token, Token::text, "a product, or its JSON as a text")) return false;
        if (depth_ > 0) return json_.refuse("a text inside a text", std::string(again));
        const std::string inner(json_.text());
        Input bytes(fmt::format("{} (item {} of PriceList)", json_.bytes().name(), items_), inner,
                    json_.bytes().sources(), json_.bytes().diagnostics());
        JsonReader json(bytes);
        return PriceReader(json, book_, depth_ + 1).documents();
    }

    bool product() {
        attributes_.clear();
        return object("a product",
                      [&] {
                          if (key_is("attributes"))
                              return object("attributes", [&] {
                                  std::string* const into = attributes_.at(json_.text());
                                  return into == nullptr ? json_.skip() : text(*into);
                              });
                          if (key_is("sku")) return text(sku_);
                          if (key_is("productFamily")) return text(attributes_.family);
                          return json_.skip();
                      }) &&
               (book_.product(sku_, attributes_), true);
    }

    /// Under a key that is a SKU, all offers of it; under one that is SKU.OFFER, one.
    bool offers(bool reserved) {
        const std::string_view key = json_.text();
        const std::size_t dot = key.find('.');
        of_ = key.substr(0, dot);
        if (!book_.wants(of_)) return json_.skip();
        if (dot != key.npos) return offer(reserved);
        return object("offers of a SKU", [&] { return offer(reserved); });
    }

    struct Dimension {
        std::int64_t nano = 0;
        PriceUnit unit = PriceUnit::unsaid;
    };

    bool offer(bool reserved) {
        std::uint32_t effective = 0;
        std::string lease, purchase, offering;
        dimensions_.clear();
        const bool good = object("an offer", [&] {
            if (key_is("priceDimensions")) return object("price dimensions", [&] { return dimension(); });
            if (key_is("effectiveDate")) {
                if (!text(held_)) return false;
                const auto day = day_of(held_);
                effective = day ? day_number(*day) : 0;
                return true;
            }
            if (key_is("termAttributes"))
                return object("attributes of the term", [&] {
                    if (key_is("LeaseContractLength")) return text(lease);
                    if (key_is("PurchaseOption")) return text(purchase);
                    if (key_is("OfferingClass")) return text(offering);
                    return json_.skip();
                });
            return json_.skip();
        });
        if (!good) return false;
        const Term term = reserved ? reserved_term(lease, purchase, offering) : Term::list;
        for (const Dimension& each : dimensions_) book_.price(of_, term, effective, each.unit, each.nano);
        return true;
    }

    bool dimension() {
        std::string unit, from;
        bool priced = false, other = false;
        Dimension made;
        const bool good = object("a price dimension", [&] {
            if (key_is("unit")) return text(unit);
            if (key_is("beginRange")) return text(from);
            if (!key_is("pricePerUnit")) return json_.skip();
            return object("prices by currency", [&] {
                if (!key_is("USD")) {
                    other = true;
                    return json_.skip();
                }
                if (!usd(made.nano)) return false;
                priced = made.nano != no_price;
                return true;
            });
        });
        if (!good) return false;
        if (!priced && other) book_.other_currency(of_);
        made.unit = price_unit(unit);
        if (priced && (from.empty() || from == "0")) dimensions_.push_back(made);
        return true;
    }

    JsonReader& json_;
    PriceBook& book_;
    int depth_;
    std::size_t items_ = 0;
    std::string sku_, of_, held_, held_next_;
    Attributes attributes_;
    std::vector<Dimension> dimensions_;
};

}  // namespace

bool read_price_json(JsonReader& json, PriceBook& book) { return PriceReader(json, book).documents(); }

}  // namespace poolfit::imports::aws

#include <poolfit/plan/workload.hpp>

namespace poolfit::plan {
namespace {

/// The bytes of a question: equal ones have equal answers.
class Fingerprint {
public:
    Fingerprint& add(double value) {
        text_.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    Fingerprint& add(const std::optional<Millis>& value) { return add(value ? value->value : -1.0); }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

std::string fingerprint(const sizing::Load& load, const sizing::Question& question, std::int64_t size) {
    Fingerprint f;
    f.add(load.rate.value).add(static_cast<double>(load.users)).add(load.think.value).add(load.batch);
    f.add(load.acquire_timeout).add(load.cpu.value).add(static_cast<double>(load.vcpus));
    f.add(load.others).add(load.others_most);
    f.add(static_cast<double>(load.hold.index()));
    if (const auto* mean = std::get_if<sizing::MeanHold>(&load.hold))
        f.add(mean->mean.value).add(mean->cv).add(static_cast<double>(mean->law));
    if (const auto* known = std::get_if<sizing::PercentileHold>(&load.hold))
        f.add(known->p50.value).add(known->p95).add(known->p99);
    if (question.goals.wait) f.add(question.goals.wait->t.value).add(question.goals.wait->p);
    f.add(static_cast<double>(size));
    return f.take();
}

}  // namespace

const sizing::Answer<sizing::Figures>& Sizer::smallest(const sizing::Load& load, const sizing::Question& question) {
    const auto [at, fresh] = known_.try_emplace(fingerprint(load, question, 0));
    if (fresh) at->second = sizing::smallest(load, question);
    return at->second;
}

const sizing::Answer<sizing::Figures>& Sizer::evaluate(const sizing::Load& load, Connections size,
                                                       const sizing::Question& question) {
    const auto [at, fresh] = known_.try_emplace(fingerprint(load, question, size.value));
    if (fresh) at->second = sizing::evaluate(load, size, question);
    return at->second;
}

const simulate::LockUp& Sizer::lock_up(const simulate::NestedPool& pool) {
    Fingerprint f;
    f.add(pool.rate).add(pool.hold).add(static_cast<double>(pool.nested)).add(static_cast<double>(pool.connections));
    const auto [at, fresh] = lock_ups_.try_emplace(f.take());
    if (fresh) at->second = simulate::time_to_lock_up(pool);
    return at->second;
}

}  // namespace poolfit::plan

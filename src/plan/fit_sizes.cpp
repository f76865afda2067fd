// Sizes of several pools that fit together.
#include <algorithm>
#include <array>

#include <poolfit/plan/fit.hpp>

namespace poolfit::plan {

namespace {

constexpr std::int64_t whole_share = 100, smallest_share = 1;
constexpr std::array<std::size_t, 4> few{1, 2, 3, 4};

class Fitter {
public:
    Fitter(std::vector<FitPool>& pools, const std::vector<FitLimit>& limits) : pools_(pools), limits_(limits) {}

    bool solve() {
        start();
        if (inside()) return grown();
        for (const std::size_t count : few)
            if (count < pools_.size() && shrink(count)) return grown();
        return shrink(pools_.size()) && grown();
    }

private:
    void start() {
        for (FitPool& pool : pools_) pool.size = pool.from;
    }

    std::int64_t left(const FitLimit& limit) const {
        std::int64_t room = limit.room;
        for (std::size_t k = 0; k < pools_.size(); ++k) room -= limit.per[k] * pools_[k].size;
        return room;
    }

    bool inside() const {
        return std::ranges::all_of(limits_, [&](const FitLimit& limit) { return left(limit) >= 0; });
    }

    /// The first few at the largest share of their size that is enough.
    bool shrink(std::size_t count) {
        start();
        if (count == 1) {
            FitPool& only = pools_.front();
            only.size = only.least;
            if (!inside()) return false;
            raise(0, only.from);
            return true;
        }
        const auto at = [&](std::int64_t share) {
            for (std::size_t k = 0; k < count; ++k)
                pools_[k].size = std::max(pools_[k].least, pools_[k].from * share / whole_share);
            return inside();
        };
        if (!at(smallest_share)) return false;
        std::int64_t enough = smallest_share, too_many = whole_share;
        while (too_many - enough > 1) {
            const std::int64_t middle = (enough + too_many) / 2;
            (at(middle) ? enough : too_many) = middle;
        }
        return at(enough);
    }

    bool grown() {
        for (std::size_t k = 0; k < pools_.size(); ++k) raise(k, pools_[k].most);
        return true;
    }

    void raise(std::size_t k, std::int64_t most) {
        std::int64_t more = most - pools_[k].size;
        for (const FitLimit& limit : limits_)
            if (limit.per[k] > 0) more = std::min(more, left(limit) / limit.per[k]);
        pools_[k].size += std::max<std::int64_t>(more, 0);
    }

    std::vector<FitPool>& pools_;
    const std::vector<FitLimit>& limits_;
};

}  // namespace

bool fit(std::vector<FitPool>& pools, const std::vector<FitLimit>& limits) {
    return !pools.empty() && Fitter(pools, limits).solve();
}

}  // namespace poolfit::plan

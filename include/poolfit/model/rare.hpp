// A value that few records have.
#pragma once

#include <memory>
#include <utility>

namespace poolfit {

/// As std::optional, but takes the room of a pointer where there is no value: fleets have many records. Copies have
/// values of their own.
template <class T>
class Rare {
public:
    Rare() = default;
    Rare(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT: a value is one, as in std::optional
    Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
    Rare(Rare&&) noexcept = default;
    Rare& operator=(const Rare& other) { return *this = Rare(other); }
    Rare& operator=(Rare&&) noexcept = default;
    ~Rare() = default;

    T& emplace() { return *(value_ = std::make_unique<T>()); }
    bool has_value() const { return value_ != nullptr; }
    explicit operator bool() const { return has_value(); }
    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_.get(); }
    T& operator*() { return *value_; }
    T* operator->() { return value_.get(); }

private:
    std::unique_ptr<T> value_;
};

}  // namespace poolfit

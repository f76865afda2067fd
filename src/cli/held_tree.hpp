// A tree with texts in memory over it.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "tree.hpp"

namespace poolfit::cli {

/// Paths that are held are read from memory, all others from the tree below.
class HeldTree final : public Tree {
public:
    explicit HeldTree(const Tree& below) : below_(below) {}
    void hold(std::string path, std::string text) { texts_.insert_or_assign(std::move(path), std::move(text)); }

    std::string named(const std::string& path) const override { return below_.named(path); }
    std::string folder(const std::string& path) const override { return below_.folder(path); }
    std::variant<std::string, FileFault> read(const std::string& path, std::size_t limit) const override {
        const auto held = texts_.find(path);
        if (held == texts_.end()) return below_.read(path, limit);
        return held->second;
    }
    bool is_file(const std::string& path) const override { return texts_.contains(path) || below_.is_file(path); }
    bool is_directory(const std::string& path) const override { return below_.is_directory(path); }
    bool is_special(const std::string& path) const override {
        return !texts_.contains(path) && below_.is_special(path);
    }
    bool is_inventory_file(const std::string& path) const override { return below_.is_inventory_file(path); }
    std::vector<std::string> matching(const std::string& folder, const std::string& pattern) const override {
        return below_.matching(folder, pattern);
    }
    std::optional<std::pair<std::uint64_t, std::uint64_t>> identity(const std::string& path) const override {
        return below_.identity(path);
    }
    std::optional<std::string> nearest_inventory() const override { return below_.nearest_inventory(); }

private:
    const Tree& below_;
    std::map<std::string, std::string> texts_;
};

}  // namespace poolfit::cli

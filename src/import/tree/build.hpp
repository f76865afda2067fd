// Trees from the events of a parser, YAML's or JSON's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node.hpp"

namespace poolfit::imports {

class Builder {
public:
    /// Why it can't go on; empty: it can.
    enum class Stop : std::uint8_t { none, deep, many, key_of_values, unknown_anchor, own_anchor };

    void begin(Node::Kind kind, std::uint32_t offset, std::string anchor = {});
    void end();
    /// `plain`: without quotes, so that null and << have a meaning.
    void scalar(std::string_view text, bool plain, std::uint32_t offset, std::string anchor = {});
    void alias(const std::string& anchor, std::uint32_t offset);

    bool open() const { return !open_.empty(); }
    /// The finished document; anchors end with it.
    NodePtr take();
    Stop stopped() const { return stop_; }
    /// Of all documents so far.
    std::size_t nodes() const { return nodes_; }

private:
    struct Level {
        std::shared_ptr<Node> node;
        std::string anchor, key;
        bool has_key = false, merges = false;
    };
    void add(NodePtr value, std::uint32_t offset);
    void merge(Level& level, const Node& from);
    void remember(std::string anchor, NodePtr value);
    void stop(Stop why) {
        if (stop_ == Stop::none) stop_ = why;
    }

    std::vector<Level> open_;
    NodePtr done_;
    std::map<std::string, NodePtr> anchors_;
    std::size_t nodes_ = 0;
    Stop stop_ = Stop::none;
};

}  // namespace poolfit::imports

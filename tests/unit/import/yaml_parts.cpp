// A long YAML text is read in parts: the documents, their places and the errors are those of the whole.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../../src/import/tree/in_file.hpp"
#include "../../../src/import/tree/node.hpp"

using namespace poolfit;
using namespace poolfit::imports;

namespace {

std::string shown(const imports::Node& node) {
    std::string out = fmt::format("{}@{}", static_cast<int>(node.kind), node.offset);
    if (node.kind == imports::Node::Kind::scalar) out += fmt::format("={}", node.text.opened());
    for (const imports::Node::Item& item : node.items) out += fmt::format(" {}:({})", item.key, shown(*item.value));
    return out;
}

/// The documents, or the error's place and words.
std::string read(const std::string& text, std::size_t part) {
    Sources sources;
    Diagnostics diagnostics;
    const InFile file("a.yaml", text, sources);
    std::string out;
    if (const auto documents = read_yaml(file, diagnostics, part))
        for (const NodePtr& document : *documents) out += shown(*document) + "\n";
    for (const Diagnostic& error : diagnostics.all())
        out += fmt::format("{}: {}\n", error.place.span.begin, error.message);
    return out;
}

void in_parts(const std::string& text) {
    CAPTURE(text);
    const std::string whole = read(text, text.size());
    for (std::size_t part = 1; part <= text.size(); part += 7) {
        CAPTURE(part);
        CHECK(read(text, part) == whole);
    }
}

}  // namespace

TEST_CASE("yaml: read in parts, the documents and their places are those of the whole text") {
    const std::string anchors = "a: &x {b: 1}\nc: *x\n---\nd: &x 2\ne: *x\n";
    CHECK(read(anchors, 1) == "3@0 a:(3@6 b:(1@10=1)) c:(3@6 b:(1@10=1))\n3@23 d:(1@29=2) e:(1@29=2)\n");
    in_parts(anchors);
    in_parts(
        "---\na: 1\n--- # a remark\n- b\n---\n\n---\nc: |\n  --- not a marker\n  text\n--- "
        "|+\nblock\n\n---\n'x'\n...\n---\nlast: 1");
    in_parts("a: 1\r\n---\r\nb: 2\r\n---\tc\r\n---d: 3\r\n");
    in_parts("%YAML 1.2\n---\na: 1\n---\nb: 2\n...\n%TAG ! tag:x,2000:\n---\nc: !d 3\n");
    in_parts("a: \"first\n  --- second\"\n---\nb: 'x'\n");
}

TEST_CASE("yaml: read in parts, the first error is reported, at its place in the whole text") {
    const std::string unknown = "a: 1\n---\nb: 2\n---\nc: *gone\n---\nd: [\n";
    CHECK(read(unknown, 1) == "22: an alias of an anchor that does not exist\n");
    in_parts(unknown);
    in_parts("a: 1\n---\nb: 2\n---\nc: [1, 2\n---\nd: 4\n");
    in_parts("a: 1\n---\nb: \"open\n---\nc: 3\n");
    in_parts("a: &x 1\n---\nb: *x\n---\n");
}

// Any bytes as a document, in both syntaxes: what parses is printed as the same bytes, and a copy of it without a
// source is printed as text that parses to an equal document, which is printed as it is.
#include <cstdlib>
#include <string>
#include <utility>

#include <poolfit/load/document.hpp>

namespace {

using namespace poolfit;

void check(std::string name, std::string text) {
    Sources sources;
    Diagnostics diagnostics;
    const auto& source = sources.add(name, std::move(text));
    const auto document = load::parse(source, diagnostics);
    if (!document) return;
    if (load::print(*document) != source.text()) std::abort();
    auto built = *document;
    built.source = nullptr;
    const auto& written = sources.add(name, load::print(built));
    const auto again = load::parse(written, diagnostics);
    if (!again || load::print(*again) != written.text()) std::abort();
    built.source = &written;
    if (load::print(built) != load::print(*again)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    check("fuzz.toml", text);
    check("fuzz.json", text);
    return 0;
}

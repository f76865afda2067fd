// Any bytes, in both dialects: a value or an error that points into the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <poolfit/formula/formula.hpp>

namespace {

using namespace poolfit;

void check(const FormulaError& error, std::string_view text) {
    const bool inside = error.span.begin <= error.span.end && error.span.end <= text.size();
    if (!inside || error.message.empty() || error.fix.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const formula::Variables variables = {{"DBInstanceClassMemory", 17179869184.0},
                                          {"DBInstanceVCPU", 4},
                                          {"TrueIfReplica", 0},
                                          {"TOTAL_VCPUS", 2},
                                          {"A", -7.5},
                                          {"x", 0}};
    for (const auto dialect : {Formula::Dialect::rds, Formula::Dialect::pool}) {
        const auto parsed = formula::parse(text, dialect);
        if (const auto* error = std::get_if<FormulaError>(&parsed)) {
            check(*error, text);
            continue;
        }
        const Formula& tree = std::get<Formula>(parsed);
        if (tree.text() != text || tree.nodes().empty()) std::abort();
        const auto whole = formula::evaluate_rds(tree, variables);
        if (const auto* error = std::get_if<FormulaError>(&whole)) check(*error, text);
        const auto real = formula::evaluate_pool(tree, variables);
        if (const auto* error = std::get_if<FormulaError>(&real)) check(*error, text);
    }
    return 0;
}

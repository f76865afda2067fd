// How right poolfit is: the program behind docs/accuracy.md and the live experiment. Runs in the source root.
//   accuracy document              prints docs/accuracy.md: two minutes
//   accuracy check [--quick] FILE  is FILE what `document` prints? --quick: the sections that take no time
//   accuracy judge                 measured runs as CSV on standard input (see judge.hpp); predictions and verdicts
//   added
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "document.hpp"
#include "judge.hpp"

namespace {

int check(const std::string& path, bool quick) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto stale = accuracy::stale_sections(text, quick);
    for (const std::string& title : stale)
        std::printf("%s: \"%s\" is not what is printed now; ./dev accuracy writes it anew\n", path.c_str(),
                    title.c_str());
    std::printf("%zu passed, %zu failed\n", static_cast<std::size_t>(accuracy::section_count(quick)) - stale.size(),
                stale.size());
    return stale.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string_view verb = count > 1 ? arguments[1] : "", option = count > 2 ? arguments[2] : "";
    try {
        if (verb == "judge" && count == 2) {
            std::fputs(accuracy::judged(known::read_csv("/dev/stdin"), {}).c_str(), stdout);
            return 0;
        }
        if (verb == "document" && count == 2) {
            const auto progress = [](std::string_view title) {
                std::fprintf(stderr, "accuracy: %.*s\n", static_cast<int>(title.size()), title.data());
            };
            std::fputs(accuracy::document(progress).c_str(), stdout);
            return 0;
        }
        if (verb == "check" && count == 3) return check(arguments[2], false);
        if (verb == "check" && count == 4 && option == "--quick") return check(arguments[3], true);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "accuracy: %s\n", e.what());
        return 2;
    }
    std::fputs("usage: accuracy document | accuracy check [--quick] FILE | accuracy judge <FILE\n", stderr);
    return 2;
}

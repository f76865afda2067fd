// Runs a fuzz body over the files of a corpus folder, then over seeded mutations of them: the same inputs each time.
#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::uint64_t mutations = 4000;  // --runs gives more
constexpr std::size_t largest = 1 << 16;
volatile std::uint64_t current = 0;  // the input that runs: corpus files first, then the mutations

/// splitmix64: small, and the same on every machine.
struct Random {
    std::uint64_t state;
    std::uint64_t operator()() {
        std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>((*this)() % n); }
};

void run(std::string_view text) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

/// A secret that is moved to where a name is expected is a name from then on: what is moved loses the mark of secrets.
std::string unmarked(std::string piece, std::size_t end) {
    constexpr std::string_view mark = "PLANTED";
    for (std::size_t at = piece.find(mark); at < end && at != piece.npos; at = piece.find(mark, at + 1))
        piece.replace(at, mark.size(), "planted");
    return piece;
}

/// A password that loses its ':' and its '@' reads as the name of a host, and is one from then on.
void unmark_hosts(std::string& text) {
    constexpr std::string_view scheme = "://";
    for (std::size_t at = text.find(scheme); at != text.npos; at = text.find(scheme, at + 1)) {
        const std::size_t begin = at + scheme.size();
        const std::size_t end = std::min(text.find_first_of(" \t\r\n\"'`<>/?#", begin), text.size());
        std::string authority = text.substr(begin, end - begin);
        const std::size_t sign = authority.rfind('@');
        const std::size_t host = sign == authority.npos ? 0 : sign + 1;
        text.replace(begin + host, end - begin - host,
                     unmarked(authority.substr(host), authority.find(':', host) - host));
    }
}

std::string mutate(const std::vector<std::string>& corpus, std::uint64_t seed) {
    static constexpr std::array<std::string_view, 12> tokens = {
        "-1", "9223372036854775807", "1e309", "nan", "\"", "[[", "}", "\n", "\\u0000", "\xff", "0", "%"};
    Random random{seed};
    std::string text = corpus[random.below(corpus.size())];
    for (std::size_t changes = 1 + random.below(6); changes > 0; --changes) {
        const std::size_t at = random.below(text.size() + 1);
        const std::size_t length = std::min(random.below(16), text.size() - at);
        switch (random.below(6)) {
            case 0:
                text.erase(at, length);
                break;
            case 1:
                text.insert(at, tokens[random.below(tokens.size())]);
                break;
            case 2:
                text.replace(at, length, tokens[random.below(tokens.size())]);
                break;
            case 3:
                if (at < text.size()) text[at] = static_cast<char>(random());
                break;
            case 4:
                text.insert(at, unmarked(text.substr(random.below(text.size() + 1), 1 + random.below(64)), text.npos));
                break;
            default: {
                const std::string& other = corpus[random.below(corpus.size())];
                const std::string rest = other.substr(random.below(other.size() + 1));
                text = text.substr(0, at) + unmarked(rest, rest.find('\n'));
            }
        }
    }
    if (text.size() > largest) text.resize(largest);
    unmark_hosts(text);
    return text;
}

void on_crash(int signal) {
    const unsigned long long n = current;
    std::fprintf(stderr, "input %llu ends with signal %d; --only %llu repeats it, --print %llu shows it\n", n, signal,
                 n, n);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

std::vector<std::string> read_corpus(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    if (std::filesystem::is_directory(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> texts;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return texts;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 && argc != 4 && argc != 6) {
        std::fprintf(stderr, "usage: %s CORPUS [--only N | --print N | --runs N [--from N]]\n", argv[0]);
        return 2;
    }
    const std::vector<std::string> corpus = read_corpus(argv[1]);
    if (corpus.empty()) {
        std::fprintf(stderr, "%s holds no inputs\n", argv[1]);
        return 1;
    }
    const auto input = [&](std::uint64_t n) { return n < corpus.size() ? corpus[n] : mutate(corpus, n); };
    const auto number = [](std::string_view text) {
        std::uint64_t n = 0;
        std::from_chars(text.data(), text.data() + text.size(), n);
        return n;
    };
    const std::uint64_t from = argc == 6 ? number(argv[5]) : 0;
    if (argc >= 4) {
        const std::uint64_t n = number(argv[3]);
        if (std::string_view(argv[2]) == "--runs") {
            mutations = n;
        } else if (const std::string text = input(n); std::string_view(argv[2]) == "--print") {
            std::fwrite(text.data(), 1, text.size(), stdout);
            return 0;
        } else {
            run(text);
            return 0;
        }
    }
    for (int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS}) std::signal(signal, on_crash);
    for (std::uint64_t n = from; n < corpus.size() + mutations; ++n) {
        current = n;
        run(input(n));
    }
    std::printf("%zu inputs and %llu mutations of them\n", corpus.size(), static_cast<unsigned long long>(mutations));
    return 0;
}

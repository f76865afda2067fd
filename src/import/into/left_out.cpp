#include "left_out.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "binding.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view title = "# Not taken:\n", item = "#   ";

/// The comments before the title, its lines, and the comments behind them.
struct Block {
    std::string before;
    std::vector<std::string> lines;
    std::string behind;
};

std::optional<Block> block_of(std::string_view end) {
    const std::size_t at = end.starts_with(title) ? 0 : end.find(std::string("\n") + std::string(title));
    if (at == end.npos) return std::nullopt;
    const std::size_t begin = at == 0 ? 0 : at + 1;
    Block out;
    out.before = end.substr(0, begin);
    end.remove_prefix(begin + title.size());
    while (end.starts_with(item)) {
        const std::size_t stop = std::min(end.find('\n'), end.size());
        out.lines.emplace_back(end.substr(0, stop));
        end.remove_prefix(std::min(stop + 1, end.size()));
    }
    out.behind = end;
    return out;
}

std::string text_of(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) out += (out.empty() ? std::string(title) : std::string()) + line + '\n';
    return out;
}

/// The file that a line ends with: "k8s.yaml" of "…, k8s.yaml:71"; empty where it names none.
std::string_view file_of(std::string_view line) {
    const std::size_t comma = line.rfind(", ");
    if (comma == line.npos) return {};
    line.remove_prefix(comma + 2);
    const std::size_t colon = line.rfind(':');
    if (colon == line.npos || line.find_first_not_of("0123456789", colon + 1) != line.npos) return {};
    return line.substr(0, colon);
}

}  // namespace

std::string left_out(const std::vector<Note>& notes) {
    std::vector<std::string> lines;
    for (const Note& note : notes) {
        if (note.kind != Note::Kind::not_taken) continue;
        std::string& line = lines.emplace_back(fmt::format("{}{}: {}", item, note.subject, note.text));
        if (note.place)
            line += fmt::format(", {}:{}", note.place.source->name(),
                                note.place.source->position(note.place.span.begin).line);
        // A file's name may have any byte: a comment is one line.
        std::ranges::replace_if(
            line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
    }
    return text_of(lines);
}

void follow_left_out(Inventory& inventory, const ImportedInventory& imported) {
    const auto fresh = block_of(left_out(imported.notes));
    std::vector<std::string> add;
    if (fresh) add = fresh->lines;
    const auto is_read = [&](std::string_view file) {
        return file.empty() ||
               std::ranges::any_of(imported.files, [&](const std::string& each) { return is_same_path(each, file); });
    };
    // "#   tracker: …": what an import says of it is all that counts now, whatever its file is called.
    const auto subject = [](const std::string& line) { return line.substr(0, line.find(": ")); };
    std::set<std::string> subjects;
    for (const std::string& line : add) subjects.insert(subject(line));
    std::vector<std::optional<Block>> blocks;
    for (const load::Document& document : inventory) {
        auto& block = blocks.emplace_back(block_of(document.end));
        if (!block) continue;
        std::erase_if(block->lines, [&](const std::string& line) {
            const auto same = std::ranges::find(add, line);
            if (same == add.end()) return subjects.contains(subject(line)) || is_read(file_of(line));
            add.erase(same);
            return false;
        });
    }
    bool added = false;
    for (std::size_t i = 0; i < inventory.size(); ++i) {
        std::optional<Block>& block = blocks[i];
        if (!block) continue;
        if (!added) block->lines.insert(block->lines.end(), add.begin(), add.end());
        added = true;
        std::string end = block->before + text_of(block->lines) + block->behind;
        while (end.ends_with("\n\n")) end.pop_back();
        if (end.find('#') == end.npos) end.clear();
        if (end != inventory[i].end) inventory[i].end = end;
    }
}

}  // namespace poolfit::imports

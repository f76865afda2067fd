// What runs in a container: its image, its words, its variables and the files that are mounted into it.
#include <string_view>
#include <utility>

#include "../facts/container.hpp"
#include "../facts/tables.hpp"
#include "../facts/url.hpp"
#include "workload.hpp"

namespace poolfit::imports::kubernetes {

void each_container(const Workload& workload, const std::function<void(const Node& container)>& each) {
    for (const Node::Item& item : (*workload.pod)["containers"].items) each(*item.value);
    for (const Node::Item& item : (*workload.pod)["initContainers"].items)
        if ((*item.value)["restartPolicy"].text.is("Always")) each(*item.value);
}

std::string_view role_of(const Node& container) { return role_of_image(image_name(container["image"].text)); }

std::string_view Roles::of(const Node& container) {
    const auto [at, fresh] = known_.try_emplace(&container);
    if (fresh) at->second = role_of(container);
    return at->second;
}

std::string_view stranger_of(const Workload& workload) {
    std::string_view found;
    bool server = false;
    each_container(workload, [&](const Node& container) {
        const std::string_view role = role_of(container);
        if (role == "pooler" || role == "other") found = role;
        server = server || role.empty() || role == "server" || role == "pgbouncer";
    });
    return server ? std::string_view() : found;
}

Program read_container(const Cluster& cluster, const Workload& workload, const Node& container,
                       std::vector<std::string>& missing) {
    Program program;
    program.image = image_name(container["image"].text);
    program.variables = environment(cluster, *workload.object, container, missing);
    const Look look = [&](std::string_view name) -> const Sealed* {
        const Variable* found = program.variables.find(name);
        return found == nullptr || !found->known ? nullptr : &found->value;
    };
    program.words_place = workload.object->at(container);
    for (const std::string_view key : {"command", "args"}) {
        const Node& words = container[key];
        if (words.kind != Node::Kind::none) program.words_place = workload.object->at(words);
        for (const Node::Item& word : words.items)
            if (word.value->kind == Node::Kind::scalar) program.words.push_back(with_variables(word.value->text, look));
    }
    // Of a shell's line: what $(…) left.
    for (Sealed& word : program.words)
        if (word.opened().find('$') != std::string_view::npos) word = with_shell_variables(word, look);
    for (const Entry& file : mounted(cluster, *workload.object, *workload.pod, container))
        for (FileSetting& setting : read_settings_file(file.key, file.value, file.place))
            program.settings.push_back(std::move(setting));
    return program;
}

}  // namespace poolfit::imports::kubernetes

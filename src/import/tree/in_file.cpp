#include "in_file.hpp"

#include <algorithm>
#include <array>

#include <poolfit/diag/text.hpp>

namespace poolfit::imports {
namespace {

/// Words of the formats: what an excerpt shows, so that its place can be recognized.
constexpr std::array<std::string_view, 93> words{"AllocatedStorage",
                                                 "CPUUtilization",
                                                 "ConfigMap",
                                                 "CronJob",
                                                 "DBClusterIdentifier",
                                                 "DBClusterMembers",
                                                 "DBClusters",
                                                 "DBInstanceClass",
                                                 "DBInstanceIdentifier",
                                                 "DBInstanceStatus",
                                                 "DBInstances",
                                                 "DBParameterGroups",
                                                 "DBProxies",
                                                 "DBProxyName",
                                                 "DaemonSet",
                                                 "Deployment",
                                                 "Endpoint",
                                                 "Engine",
                                                 "EngineVersion",
                                                 "HorizontalPodAutoscaler",
                                                 "Job",
                                                 "List",
                                                 "MultiAZ",
                                                 "ParameterName",
                                                 "ParameterValue",
                                                 "Parameters",
                                                 "PendingModifiedValues",
                                                 "Recreate",
                                                 "RollingUpdate",
                                                 "ScaledObject",
                                                 "Secret",
                                                 "Service",
                                                 "StatefulSet",
                                                 "TargetGroups",
                                                 "annotations",
                                                 "apiVersion",
                                                 "apps",
                                                 "args",
                                                 "command",
                                                 "concurrencyPolicy",
                                                 "configMap",
                                                 "configMapRef",
                                                 "containers",
                                                 "data",
                                                 "deploy",
                                                 "env",
                                                 "envFrom",
                                                 "environment",
                                                 "export",
                                                 "externalName",
                                                 "image",
                                                 "initContainers",
                                                 "items",
                                                 "jobTemplate",
                                                 "key",
                                                 "kind",
                                                 "labels",
                                                 "matchLabels",
                                                 "maxReplicaCount",
                                                 "maxReplicas",
                                                 "maxSurge",
                                                 "maxUnavailable",
                                                 "metadata",
                                                 "minReplicaCount",
                                                 "minReplicas",
                                                 "mountPath",
                                                 "name",
                                                 "namespace",
                                                 "null",
                                                 "parallelism",
                                                 "ports",
                                                 "replicas",
                                                 "resource",
                                                 "resources",
                                                 "scaleTargetRef",
                                                 "secretKeyRef",
                                                 "secretRef",
                                                 "selector",
                                                 "services",
                                                 "spec",
                                                 "strategy",
                                                 "stringData",
                                                 "template",
                                                 "true",
                                                 "type",
                                                 "v1",
                                                 "value",
                                                 "valueFrom",
                                                 "values",
                                                 "variable",
                                                 "version",
                                                 "volumeMounts",
                                                 "volumes"};

/// The words that begin with a byte: from `first` on, `count` of them.
struct Range {
    std::uint8_t first = 0, count = 0;
};
constexpr std::array<Range, 128> begins = [] {
    std::array<Range, 128> table{};
    for (std::size_t i = words.size(); i-- > 0;) {
        Range& range = table[static_cast<unsigned char>(words[i].front())];
        range = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(range.count + 1)};
    }
    return table;
}();

bool is_format_word(std::string_view word) {
    const auto [first, count] = begins[static_cast<unsigned char>(word.front())];
    for (std::size_t i = first; i < std::size_t{first} + count; ++i)
        if (words[i] == word) return true;
    return false;
}

/// A table: the whole text is asked.
constexpr std::array<bool, 256> in_words = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+$~;^\\@%"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

bool is_word(char c) { return in_words[static_cast<unsigned char>(c)]; }

/// As many bytes as the code point has, and one column.
std::string_view stand_in(std::size_t bytes) {
    constexpr std::string_view signs[] = {"*", "\xc2\xb7", "\xe2\x80\xa2", "\xf0\x9d\x9f\x8e"};
    return signs[bytes - 1];
}

std::string from_utf16(std::string_view text, bool little) {
    std::string out;
    const auto unit = [&](std::size_t i) {
        const auto first = static_cast<unsigned char>(text[i]), second = static_cast<unsigned char>(text[i + 1]);
        return little ? char32_t(first | second << 8) : char32_t(second | first << 8);
    };
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        char32_t c = unit(i);
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < text.size()) {
            const char32_t low = unit(i + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        diag::append_utf8(out, c >= 0xD800 && c < 0xE000 ? U'?' : c);
    }
    return out;
}

}  // namespace

std::string masked(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (is_word(c)) {
            std::size_t end = i + 1;
            while (end < text.size() && is_word(text[end])) ++end;
            const std::string_view word = text.substr(i, end - i);
            if (is_format_word(word))
                out += word;
            else
                out.append(word.size(), '*');
            i = end;
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            const diag::CodePoint point = diag::decode(text, i);
            out += stand_in(std::min<std::size_t>(point.length, 4));
            i += point.length;
        } else {
            out += c;
            ++i;
        }
    }
    return out;
}

std::string as_utf8(std::string text) {
    if (text.starts_with("\xef\xbb\xbf")) return text.substr(3);
    if (text.starts_with("\xff\xfe")) return from_utf16(std::string_view(text).substr(2), true);
    if (text.starts_with("\xfe\xff")) return from_utf16(std::string_view(text).substr(2), false);
    return text;
}

Place InFile::place(std::size_t offset, std::size_t length) const {
    const std::size_t size = shown_->text().size();
    const std::size_t begin = std::min(offset, size);
    return {shown_, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(std::min(begin + length, size))}};
}

}  // namespace poolfit::imports

#include "aurora_mysql.hpp"

#include "../rows.hpp"
#include "../version_text.hpp"

namespace poolfit::platform {

std::variant<EngineVersion, std::string> aurora_mysql::version(std::string_view text) {
    constexpr std::string_view mark = ".mysql_aurora.";
    const auto at = text.find(mark);
    const auto parts = numbers(at == text.npos ? text : text.substr(at + mark.size()));
    if (!parts || parts->size() > 3) return "is not an Aurora MySQL version";
    const auto of_mysql = [](std::string_view engine) {
        return engine == "8.0" || engine.starts_with("8.0.")   ? 3
               : engine == "5.7" || engine.starts_with("5.7.") ? 2
                                                               : 0;
    };
    if (at == text.npos && of_mysql(text) != 0) return EngineVersion{{of_mysql(text)}, -1};
    const int series = parts->front();
    if (series != 2 && series != 3) return "is not one of Aurora MySQL 2 and 3";
    if (at != text.npos && of_mysql(text.substr(0, at)) != series) return "is not an Aurora MySQL version";
    constexpr int patches = 100;  // of a release
    const int patch = parts->size() == 3 ? parts->back() : 0;
    if (patch >= patches || (parts->size() > 1 && parts->at(1) >= patches)) return "is not an Aurora MySQL version";
    return EngineVersion{{series}, parts->size() == 1 ? -1 : parts->at(1) * patches + patch};
}

BufferMemory aurora_mysql::buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>&) {
    return {innodb::over(memory, innodb::three_quarters), "engine_memory × 3 / 4, in whole chunks", 0,
            "Aurora user guide, best practices: innodb_buffer_pool_size is three quarters of the memory"};
}

namespace {

constexpr RestMemory rest_memory = aurora::rest(rds::os_memory, aurora_mysql::at_rest);

constexpr rds::Row own = aurora_mysql::row("aurora-mysql", "Aurora MySQL", rest_memory);

}  // namespace

constinit const Platform rows::aurora_mysql = aurora::row(aurora_mysql::engine, own, aurora::mysql_volumes);

}  // namespace poolfit::platform

// yaml FILE: libfyaml's parser over the file, whose events are thrown away: the floor under `import kubernetes`.
#include <libfyaml.h>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    fy_parser* const parser = fy_parser_create(nullptr);
    if (parser == nullptr || fy_parser_set_input_file(parser, argv[1]) != 0) return 1;
    while (fy_event* const event = fy_parser_parse(parser)) fy_parser_event_free(parser, event);
    const bool failed = fy_parser_get_stream_error(parser);
    fy_parser_destroy(parser);
    return failed ? 1 : 0;
}

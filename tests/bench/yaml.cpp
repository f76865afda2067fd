// yaml FILE: libfyaml's documents of the file, made and thrown away: the floor under `import kubernetes`.
#include <libfyaml.h>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    fy_parse_cfg how{};
    how.flags = FYPCF_QUIET;
    fy_parser* const parser = fy_parser_create(&how);
    if (parser == nullptr || fy_parser_set_input_file(parser, argv[1]) != 0) return 1;
    while (fy_document* const document = fy_parse_load_document(parser)) fy_parse_document_destroy(parser, document);
    const bool failed = fy_parser_get_stream_error(parser);
    fy_parser_destroy(parser);
    return failed ? 1 : 0;
}

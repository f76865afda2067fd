#include "run.hpp"

int main(int argc, char** argv) { return poolfit::cli::run(argc, argv); }

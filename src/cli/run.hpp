// From the words of the command line to an exit code.
#pragma once

namespace poolfit::cli {

int run(int argc, char** argv);

}  // namespace poolfit::cli

// resident PROGRAM ARGS…: the largest resident size of the program, in KiB, on stdout; its own output goes nowhere.
// A program of its own because the kernel counts what was resident before the exec: in a Python parent, Python.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    const pid_t child = fork();
    if (child == 0) {
        const int null = open("/dev/null", O_RDWR);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        execv(argv[1], argv + 1);
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    if (child < 0 || wait4(child, &status, 0, &usage) < 0) return 1;
    std::printf("%ld\n", usage.ru_maxrss);
    return 0;
}

#include "cli/invocation.h"

int main(int argc, char** argv) { return rig::cli::run_program(argc, argv); }

#include "application.h"

const struct credential_block compiled_credentials = {
    .magic = {'A', 'P', 'N', 'C', 'R', 'E', 'D', 'S'},
};

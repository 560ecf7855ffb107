#include "core/board.h"
#include "retained.h"

uint32_t board_backup_read(unsigned index)
{
    return RETAINED->backup[index];
}

void board_backup_write(unsigned index, uint32_t value)
{
    RETAINED->backup[index] = value;
}

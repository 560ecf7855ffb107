/* Leaves it to others whether it stays. */
#include "application.h"

void application_works(void)
{
}

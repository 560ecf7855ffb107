/* Confirms itself once it works. Every time: the first write may have been torn (trailer.h). */
#include "application.h"
#include "layout.h"
#include "trailer.h"

void application_works(void)
{
    if (trailer_read(SLOT0_START).magic == MAGIC_GOOD)
        trailer_write_image_ok(SLOT0_START);
}

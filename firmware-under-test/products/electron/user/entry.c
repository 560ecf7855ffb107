/* Where the system finds its way into a user application. */
#include "application.h"
#include "products/electron/system_api.h"

/* From the linker script. */
extern uint32_t link_data_from[], link_data_start[], link_data_end[];
extern uint32_t link_bss_start[], link_bss_end[];

static void ram_init(void)
{
    const uint32_t *from = link_data_from;
    for (uint32_t *to = link_data_start; to < link_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = link_bss_start; to < link_bss_end; to++) {
        *to = 0;
    }
}

extern const struct user_entry application_entry;

__attribute__((section(".user_entry"), used)) const struct user_entry application_entry = {
    .ram_init = ram_init,
    .setup = application_setup,
    .loop = application_loop,
};

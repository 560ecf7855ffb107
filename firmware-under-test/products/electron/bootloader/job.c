#include "job.h"

#include "core/board.h"
#include "core/console.h"
#include "core/module.h"
#include "core/slots.h"

bool job_copy(const struct module_copy *copy, const char *name)
{
    struct console_line line = console_line("bootloader");
    console_word(&line, "copy");
    console_text(&line, "module", name);
    console_number(&line, "ver", module_find(copy->from)->version);
    console_hex(&line, "from", copy->from);
    console_hex(&line, "to", copy->to);
    console_number(&line, "len", copy->length);
    console_send(&line);
    bool verified = module_copy_run(copy) == BOARD_OK;
    line = console_line("bootloader");
    console_word(&line, "copied");
    console_text(&line, "module", name);
    console_text(&line, "result", verified ? "ok" : "error");
    console_send(&line);
    return verified;
}

bool slot_job_copy(const struct slot_job *job)
{
    return job_copy(&job->copy, module_function_name(module_find(job->copy.from)->function));
}

void slot_job_forget(const struct slot_job *job)
{
    (void)slot_clear(job->dct, job->slot);
}

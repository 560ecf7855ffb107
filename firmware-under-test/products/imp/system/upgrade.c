#include "upgrade.h"

#include <stddef.h>

#include "core/board.h"
#include "core/console.h"
#include "core/http_response.h"
#include "core/memory.h"
#include "modem_stream.h"
#include "products/electron/system/modem_command.h"
#include "upgrade_policy.h"

enum {
    HTTP_PORT = 80,
    OK = 200,
    PARTIAL_CONTENT = 206,
    SILENCE_MS = 270 * 1000, /* as the original: then it takes itself for offline */
    RESUME_PAUSE_MS = 5 * 1000,
    PROGRESS_BYTES = 64 * 1024,
};

static const char host[] = "upgrades.example.net";

static bool time_is_up(const struct upgrade *upgrade)
{
    return upgrade_session_ms() != 0 &&
           board_millis() - upgrade->started_ms >= upgrade_session_ms();
}

static struct console_line line_of(const struct upgrade *upgrade, const char *word)
{
    struct console_line line = console_line("upgrade");
    console_word(&line, word);
    console_number(&line, "pass", upgrade->pass);
    console_number(&line, "bytes", upgrade->image.position);
    console_number(&line, "of", upgrade->image.total);
    return line;
}

static void say(const struct upgrade *upgrade, const char *word)
{
    struct console_line line = line_of(upgrade, word);
    console_send(&line);
}

static void compose_request(const struct upgrade *upgrade, struct text *request)
{
    text_add(request, "GET /imp/");
    text_add_number(request, upgrade->version);
    text_add(request, " HTTP/1.1\r\nHost: ");
    text_add(request, host);
    if (upgrade->image.position > 0) {
        text_add(request, "\r\nRange: bytes=");
        text_add_number(request, upgrade->image.position);
        text_add(request, "-");
    }
    text_add(request, "\r\nConnection: close\r\n\r\n");
}

static bool ask(struct upgrade *upgrade)
{
    if (!modem_stream_open(upgrade->modem, &upgrade->server)) {
        return false;
    }
    char characters[160];
    struct text request = text_in(characters, sizeof characters);
    compose_request(upgrade, &request);
    upgrade->sent += request.length;
    return modem_stream_send(upgrade->modem, request.at, request.length);
}

/* The head says what the rest is: the whole image, or what is missing of it. */
static bool fits(struct upgrade *upgrade, const struct http_response *response)
{
    struct upgrade_image *image = &upgrade->image;
    if (!response->has_length) {
        return false;
    }
    if (image->position > 0) {
        return response->status == PARTIAL_CONTENT && response->range_start == image->position &&
               response->length == image->total - image->position;
    }
    enum upgrade_use use = upgrade->pass == 1 ? UPGRADE_VERIFY : UPGRADE_PROGRAM;
    if (response->status != OK || !upgrade_image_begin(image, use, response->length)) {
        return false;
    }
    say(upgrade, "begin");
    return true;
}

static void report_progress(struct upgrade *upgrade)
{
    if (upgrade->image.position - upgrade->reported >= PROGRESS_BYTES) {
        upgrade->reported = upgrade->image.position;
        say(upgrade, "progress");
    }
}

static enum upgrade_result take_body(struct upgrade *upgrade, const uint8_t *data, uint32_t length)
{
    if (length == 0) {
        return UPGRADE_CLOSED;
    }
    upgrade->fate = upgrade_checks_blocks()
                        ? upgrade_blocks_take(&upgrade->blocks, &upgrade->image, data, length)
                        : upgrade_image_take(&upgrade->image, data, length);
    report_progress(upgrade);
    switch (upgrade->fate) {
    case UPGRADE_MORE:
        return UPGRADE_CLOSED;
    case UPGRADE_WHOLE:
        return UPGRADE_DONE;
    default:
        return UPGRADE_BAD_IMAGE;
    }
}

/* UPGRADE_CLOSED: nothing is decided, more may come. */
static enum upgrade_result take(struct upgrade *upgrade, struct http_response *response,
                                uint32_t length)
{
    const uint8_t *data = modem_datagram(upgrade->modem);
    upgrade->received += length;
    bool in_head = response->state == HTTP_HEAD;
    uint32_t head = http_response_take(response, data, length);
    if (response->state == HTTP_BAD ||
        (in_head && response->state == HTTP_BODY && !fits(upgrade, response))) {
        return UPGRADE_BAD_ANSWER;
    }
    return take_body(upgrade, data + head, length - head);
}

/* Waits for bytes; true when there is a reason to stop. */
static bool wait(const struct upgrade *upgrade, uint32_t heard_ms, enum upgrade_result *why)
{
    uint32_t now = board_millis();
    if (time_is_up(upgrade)) {
        *why = UPGRADE_TIMEOUT;
        return true;
    }
    if (now - heard_ms >= SILENCE_MS) {
        *why = UPGRADE_STALLED;
        return true;
    }
    uint32_t deadline = heard_ms + SILENCE_MS;
    uint32_t end = upgrade->started_ms + upgrade_session_ms();
    if (upgrade_session_ms() != 0 && (int32_t)(end - deadline) < 0) {
        deadline = end;
    }
    modem_poll(upgrade->modem, deadline);
    return false;
}

static enum upgrade_result receive(struct upgrade *upgrade)
{
    struct http_response response;
    http_response_begin(&response);
    uint32_t heard_ms = board_millis();
    enum upgrade_result result = UPGRADE_CLOSED;
    for (;;) {
        uint32_t length = modem_stream_read(upgrade->modem);
        if (length > 0) {
            heard_ms = board_millis();
            result = take(upgrade, &response, length);
            if (result != UPGRADE_CLOSED) {
                return result;
            }
        } else if (upgrade->modem->socket == MODEM_NO_SOCKET) {
            return UPGRADE_CLOSED;
        }
        if (upgrade->modem->unread == 0 && wait(upgrade, heard_ms, &result)) {
            return result;
        }
    }
}

static enum upgrade_result fetch(struct upgrade *upgrade)
{
    enum upgrade_result result = ask(upgrade) ? receive(upgrade) : UPGRADE_NO_SERVER;
    modem_close_socket(upgrade->modem);
    return result;
}

static bool is_worth_resuming(const struct upgrade *upgrade, enum upgrade_result result)
{
    bool broken =
        result == UPGRADE_CLOSED || result == UPGRADE_STALLED || result == UPGRADE_NO_SERVER;
    bool resumes = upgrade_resumes() && broken && upgrade->image.position > 0;
    bool damaged = result == UPGRADE_BAD_IMAGE && upgrade->fate == UPGRADE_BAD_BLOCK &&
                   upgrade_blocks_may_repeat(&upgrade->blocks);
    return (resumes || damaged) && !time_is_up(upgrade) && upgrade->modem->attached &&
           !modem_is_dead(upgrade->modem);
}

static enum upgrade_result run_pass(struct upgrade *upgrade, unsigned pass)
{
    upgrade->pass = pass;
    upgrade->reported = 0;
    memset(&upgrade->image, 0, sizeof upgrade->image);
    upgrade_blocks_begin(&upgrade->blocks);
    enum upgrade_result result = fetch(upgrade);
    while (is_worth_resuming(upgrade, result)) {
        say(upgrade, result == UPGRADE_BAD_IMAGE ? "block-again" : "resume");
        modem_pause(upgrade->modem, RESUME_PAUSE_MS);
        upgrade_blocks_resume(&upgrade->blocks, &upgrade->image);
        result = fetch(upgrade);
    }
    return result;
}

static bool find_server(struct upgrade *upgrade)
{
    if (upgrade->server.port == 0) {
        upgrade->server.port = HTTP_PORT;
    }
    if (upgrade->server.ip == 0) {
        upgrade->server.ip = modem_resolve(upgrade->modem, host);
    }
    return upgrade->server.ip != 0;
}

enum upgrade_result upgrade_run(struct upgrade *upgrade)
{
    upgrade->started_ms = board_millis();
    enum upgrade_result result = UPGRADE_NO_SERVER;
    if (find_server(upgrade)) {
        result = run_pass(upgrade, 1);
    }
    if (result == UPGRADE_DONE) {
        say(upgrade, "verified");
        result = run_pass(upgrade, 2);
    }
    struct console_line line = line_of(upgrade, result == UPGRADE_DONE ? "programmed" : "failed");
    if (result != UPGRADE_DONE) {
        bool image = result == UPGRADE_BAD_IMAGE;
        console_text(&line, "reason",
                     image ? upgrade_fate_name(upgrade->fate) : upgrade_result_name(result));
    }
    console_send(&line);
    return result;
}

const char *upgrade_result_name(enum upgrade_result result)
{
    static const char *const names[] = {"done",    "no-server", "closed", "bad-answer",
                                        "stalled", "timeout",   "image"};
    return names[result];
}

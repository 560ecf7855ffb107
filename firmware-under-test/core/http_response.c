#include "http_response.h"

#include <stddef.h>

#include "text.h"

enum { MOST_DIGITS = 9 };

void http_response_begin(struct http_response *response)
{
    *response = (struct http_response){.state = HTTP_HEAD};
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter + ('a' - 'A')) : letter;
}

/* What stands behind "name:" and blanks, or NULL; names are case-insensitive. */
static const char *value_of(const char *line, const char *name)
{
    for (; *name != '\0'; ++name, ++line) {
        if (lower(*line) != *name)
            return NULL;
    }
    if (*line++ != ':')
        return NULL;
    while (*line == ' ' || *line == '\t')
        ++line;
    return line;
}

/* False when there is no number, or one that is no length of ours. */
static bool number_at(const char *text, uint32_t *number)
{
    const char *end = text;
    *number = text_number(&end);
    return end != text && end - text <= MOST_DIGITS;
}

static bool take_status(struct http_response *response)
{
    const char *line = response->line;
    if (!text_starts_with(line, "HTTP/1.") || line[7] == '\0' || line[8] != ' ')
        return false;
    return number_at(line + 9, &response->status) && response->status >= 100 &&
           response->status <= 599;
}

static bool take_field(struct http_response *response)
{
    const char *value = value_of(response->line, "content-length");
    if (value != NULL) {
        response->has_length = true;
        return number_at(value, &response->length);
    }
    value = value_of(response->line, "content-range");
    if (value != NULL)
        return text_starts_with(value, "bytes ") && number_at(value + 6, &response->range_start);
    return value_of(response->line, "transfer-encoding") == NULL;
}

static bool take_line(struct http_response *response)
{
    uint32_t length = response->line_length;
    if (length > 0 && response->line[length - 1] == '\r')
        --length;
    response->line[length] = '\0';
    response->line_length = 0;
    if (response->status == 0)
        return take_status(response);
    if (length > 0)
        return take_field(response);
    response->state = HTTP_BODY;
    return true;
}

static void take_letter(struct http_response *response, char letter)
{
    if (++response->head_bytes > HTTP_LARGEST_HEAD)
        response->state = HTTP_BAD;
    else if (letter != '\n' && response->line_length < HTTP_LINE)
        response->line[response->line_length++] = letter;
    else if (letter == '\n' && !take_line(response))
        response->state = HTTP_BAD;
}

uint32_t http_response_take(struct http_response *response, const uint8_t *data, uint32_t length)
{
    uint32_t taken = 0;
    while (taken < length && response->state == HTTP_HEAD)
        take_letter(response, (char)data[taken++]);
    return taken;
}

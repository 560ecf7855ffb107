/* The head of an HTTP/1.1 response (RFC 9112), taken in parts of any size: status, Content-Length,
 * Content-Range (RFC 9110 section 14.4). Whatever else a server says is skipped. No chunked
 * transfer coding: a body whose length was not told cannot be verified, so it is refused. */
#ifndef CORE_HTTP_RESPONSE_H
#define CORE_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

enum { HTTP_LINE = 128, HTTP_LARGEST_HEAD = 4096 };

enum http_state {
    HTTP_HEAD, /* more of the head is to come */
    HTTP_BODY, /* the head is complete */
    HTTP_BAD,  /* no HTTP, a head without end, or a length that cannot be */
};

struct http_response {
    enum http_state state;
    uint32_t status; /* 0 before the status line */
    bool has_length;
    uint32_t length;      /* of this body */
    uint32_t range_start; /* of this body in the whole: 0 without Content-Range */
    uint32_t head_bytes;
    uint32_t line_length; /* HTTP_LINE: longer than is kept */
    char line[HTTP_LINE + 1];
};

void http_response_begin(struct http_response *response);
/* Bytes of `data` that belong to the head; what is behind them is body. */
uint32_t http_response_take(struct http_response *response, const uint8_t *data, uint32_t length);

#endif

#include "cloud_protocol.h"

#include "memory.h"
#include "text.h"

enum { HELLO_PAYLOAD = 18, BEGIN_PAYLOAD = 12, CHUNK_HEAD = 6 };

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value);
}

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)get16(at) << 16 | get16(at + 2);
}

void cloud_put_header(uint8_t *datagram, enum cloud_type type, uint8_t code, uint16_t id)
{
    datagram[0] = (uint8_t)type;
    datagram[1] = code;
    put16(datagram + 2, id);
}

uint32_t cloud_put_hello(uint8_t *datagram, const struct cloud_hello *hello)
{
    uint8_t *at = datagram + CLOUD_HEADER;
    memcpy(at, hello->device_id, sizeof hello->device_id);
    put32(at + 12, hello->session);
    at[16] = hello->safe_mode;
    at[17] = hello->reset_reason;
    return CLOUD_HEADER + HELLO_PAYLOAD;
}

uint32_t cloud_put_text(uint8_t *datagram, const char *text)
{
    uint32_t length = text_length(text);
    if (length > CLOUD_LARGEST_TEXT) {
        length = CLOUD_LARGEST_TEXT;
    }
    memcpy(datagram + CLOUD_HEADER, text, length);
    return CLOUD_HEADER + length;
}

uint32_t cloud_put_byte(uint8_t *datagram, uint8_t value)
{
    datagram[CLOUD_HEADER] = value;
    return CLOUD_HEADER + 1;
}

uint32_t cloud_put_missing(uint8_t *datagram, const uint16_t *indices, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put16(datagram + CLOUD_HEADER + 2 * i, indices[i]);
    }
    return CLOUD_HEADER + 2 * count;
}

bool cloud_decode(const uint8_t *datagram, uint32_t length, struct cloud_message *message)
{
    if (length < CLOUD_HEADER || datagram[0] > CLOUD_RST) {
        return false;
    }
    *message = (struct cloud_message){
        .type = (enum cloud_type)datagram[0],
        .code = datagram[1],
        .id = get16(datagram + 2),
        .payload = datagram + CLOUD_HEADER,
        .length = length - CLOUD_HEADER,
    };
    return true;
}

bool cloud_decode_begin(const struct cloud_message *message, struct cloud_begin *begin)
{
    const uint8_t *at = message->payload;
    if (message->code != CLOUD_BEGIN || message->length != BEGIN_PAYLOAD) {
        return false;
    }
    *begin = (struct cloud_begin){
        .flags = at[0],
        .chunk_size = get16(at + 1),
        .length = get32(at + 3),
        .store = at[7],
        .address = get32(at + 8),
    };
    return true;
}

bool cloud_decode_chunk(const struct cloud_message *message, struct cloud_chunk *chunk)
{
    const uint8_t *at = message->payload;
    if (message->code != CLOUD_CHUNK || message->length <= CHUNK_HEAD) {
        return false;
    }
    *chunk = (struct cloud_chunk){
        .crc = get32(at),
        .index = get16(at + 4),
        .data = at + CHUNK_HEAD,
        .length = message->length - CHUNK_HEAD,
    };
    return true;
}

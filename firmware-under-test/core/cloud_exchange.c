#include "cloud_exchange.h"

void cloud_exchange_open(struct cloud_exchange *exchange, uint16_t first_id)
{
    exchange->next_id = first_id;
    exchange->seen_count = 0;
    exchange->seen_next = 0;
    exchange->in_flight = false;
}

void cloud_exchange_start(struct cloud_exchange *exchange, uint8_t code, uint32_t length,
                          uint32_t now)
{
    exchange->id = exchange->next_id++;
    exchange->length = length;
    exchange->transmissions = 0;
    exchange->due_ms = now;
    exchange->in_flight = true;
    cloud_put_header(exchange->datagram, CLOUD_CON, code, exchange->id);
}

enum cloud_due cloud_exchange_poll(struct cloud_exchange *exchange, uint32_t now)
{
    if (!exchange->in_flight || (int32_t)(now - exchange->due_ms) < 0) {
        return CLOUD_DUE_NOTHING;
    }
    if (exchange->transmissions > CLOUD_MAX_RETRANSMIT) {
        exchange->in_flight = false;
        return CLOUD_DUE_GIVE_UP;
    }
    exchange->due_ms = now + ((uint32_t)CLOUD_ACK_TIMEOUT_MS << exchange->transmissions);
    exchange->transmissions++;
    return CLOUD_DUE_TRANSMIT;
}

bool cloud_exchange_acknowledged(struct cloud_exchange *exchange, uint16_t id)
{
    if (!exchange->in_flight || exchange->id != id) {
        return false;
    }
    exchange->in_flight = false;
    return true;
}

bool cloud_exchange_is_repeated(struct cloud_exchange *exchange, uint16_t id)
{
    for (unsigned i = 0; i < exchange->seen_count; i++) {
        if (exchange->seen[i] == id) {
            return true;
        }
    }
    exchange->seen[exchange->seen_next] = id;
    exchange->seen_next = (uint8_t)((exchange->seen_next + 1u) % CLOUD_REMEMBERED);
    if (exchange->seen_count < CLOUD_REMEMBERED) {
        exchange->seen_count++;
    }
    return false;
}

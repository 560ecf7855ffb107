#include "update_receiver.h"

#include "board.h"
#include "crc32.h"
#include "memory.h"
#include "module_copy.h"

bool update_receiver_accepts(const struct cloud_begin *begin, const struct update_area *area)
{
    if (begin->store != 0 || begin->length == 0 || begin->length > area->capacity) {
        return false;
    }
    /* Words are programmed, so chunks must not meet inside one. */
    if (begin->chunk_size == 0 || begin->chunk_size > UPDATE_LARGEST_CHUNK ||
        begin->chunk_size % 4 != 0) {
        return false;
    }
    return begin->length <= (uint32_t)begin->chunk_size * UPDATE_MOST_CHUNKS;
}

void update_receiver_prepare(struct update_receiver *receiver, const struct cloud_begin *begin,
                             const struct update_area *area)
{
    memset(receiver, 0, sizeof *receiver);
    receiver->area = *area;
    receiver->length = begin->length;
    receiver->destination = begin->address;
    receiver->chunk_size = begin->chunk_size;
    receiver->chunks = (begin->length + begin->chunk_size - 1) / begin->chunk_size;
}

int update_receiver_erase(struct update_receiver *receiver)
{
    int error = flash_erase_range(receiver->area.start, receiver->area.capacity);
    receiver->active = error == BOARD_OK;
    return error;
}

void update_receiver_touch(struct update_receiver *receiver, uint32_t now)
{
    receiver->chunk_ms = now;
    receiver->asked_ms = now;
}

static bool is_stored(const struct update_receiver *receiver, uint32_t index)
{
    return (receiver->bitmap[index / 32] >> (index % 32) & 1) != 0;
}

static uint32_t length_of_chunk(const struct update_receiver *receiver, uint32_t index)
{
    uint32_t offset = index * receiver->chunk_size;
    uint32_t rest = receiver->length - offset;
    return rest < receiver->chunk_size ? rest : receiver->chunk_size;
}

/* Flash takes words from aligned places. */
static int program_words(uint32_t address, const uint8_t *data, uint32_t length)
{
    if ((uintptr_t)data % 4 == 0) {
        return board_flash_program(address, data, length);
    }
    uint32_t aligned[UPDATE_LARGEST_CHUNK / 4];
    memcpy(aligned, data, length);
    return board_flash_program(address, aligned, length);
}

/* An odd tail is padded with what erased flash reads anyway. */
static int program(uint32_t address, const uint8_t *data, uint32_t length)
{
    uint32_t whole = length & ~3u;
    int error = whole == 0 ? BOARD_OK : program_words(address, data, whole);
    if (error != BOARD_OK || whole == length) {
        return error;
    }
    uint32_t tail = 0xFFFFFFFFu;
    memcpy(&tail, data + whole, length - whole);
    return board_flash_program(address + whole, &tail, sizeof tail);
}

static void mark_stored(struct update_receiver *receiver, uint32_t index, uint32_t now)
{
    receiver->bitmap[index / 32] |= 1u << (index % 32);
    receiver->received++;
    receiver->chunk_ms = now;
    if (receiver->asked > 0) {
        receiver->asked--;
    }
}

enum update_chunk_fate update_receiver_chunk(struct update_receiver *receiver,
                                             const struct cloud_chunk *chunk, uint32_t now)
{
    if (!receiver->active || chunk->index >= receiver->chunks ||
        chunk->length != length_of_chunk(receiver, chunk->index) ||
        crc32(chunk->data, chunk->length) != chunk->crc) {
        return UPDATE_REJECTED;
    }
    if (is_stored(receiver, chunk->index)) {
        return UPDATE_REPEATED;
    }
    uint32_t address = receiver->area.start + chunk->index * receiver->chunk_size;
    if (program(address, chunk->data, chunk->length) != BOARD_OK) {
        return UPDATE_NOT_PROGRAMMED;
    }
    mark_stored(receiver, chunk->index, now);
    return UPDATE_STORED;
}

void update_receiver_sent(struct update_receiver *receiver, uint32_t now)
{
    if (receiver->active && !receiver->sent) {
        receiver->sent = true;
        receiver->asked = 0;
        receiver->asked_ms = now;
    }
}

bool update_receiver_complete(const struct update_receiver *receiver)
{
    return receiver->active && receiver->received == receiver->chunks;
}

static bool is_repairing(const struct update_receiver *receiver)
{
    return receiver->active && receiver->sent && !update_receiver_complete(receiver);
}

/* The silence that provokes a new request counts from the last chunk or the last request. */
static uint32_t silent_since(const struct update_receiver *receiver)
{
    bool asked_later = (int32_t)(receiver->asked_ms - receiver->chunk_ms) > 0;
    return asked_later ? receiver->asked_ms : receiver->chunk_ms;
}

bool update_receiver_should_ask(const struct update_receiver *receiver, uint32_t now)
{
    return is_repairing(receiver) &&
           (receiver->asked == 0 || now - silent_since(receiver) >= UPDATE_ASK_AFTER_MS);
}

uint32_t update_receiver_missing(struct update_receiver *receiver, uint32_t now, uint16_t *indices,
                                 uint32_t capacity)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < receiver->chunks && count < capacity; i++) {
        if (!is_stored(receiver, i)) {
            indices[count++] = (uint16_t)i;
        }
    }
    receiver->asked = count;
    receiver->asked_ms = now;
    return count;
}

bool update_receiver_timed_out(const struct update_receiver *receiver, uint32_t now)
{
    return receiver->active && now - receiver->chunk_ms >= UPDATE_GIVE_UP_MS;
}

uint32_t update_receiver_deadline(const struct update_receiver *receiver)
{
    uint32_t give_up = receiver->chunk_ms + UPDATE_GIVE_UP_MS;
    uint32_t ask = silent_since(receiver) + UPDATE_ASK_AFTER_MS;
    return is_repairing(receiver) && (int32_t)(ask - give_up) < 0 ? ask : give_up;
}

#include "session.h"

#include "core/board.h"
#include "core/boot_flags.h"
#include "core/console.h"
#include "describe.h"
#include "system.h"

enum {
    SERVER_PORT = 5684,
    DEFAULT_KEEP_ALIVE_MS = 23 * 60 * 1000,
    BACKUP_CONNECTIONS = 4, /* backup register: tells sessions apart that began at the same time */
};

static const char server_host[] = "device.otarig.test";

void session_want(struct session *session, enum session_want want)
{
    session->wants |= 1u << want;
}

bool session_is_saying(const struct session *session, enum session_want want)
{
    return session->exchange.in_flight && session->in_flight == want;
}

void session_drop(struct session *session, enum session_want want)
{
    session->wants &= ~(1u << want);
    if (session_is_saying(session, want)) {
        session->exchange.in_flight = false;
    }
}

void session_keep_alive(struct session *session, uint32_t seconds)
{
    session->keep_alive_ms = seconds != 0 ? seconds * 1000 : DEFAULT_KEEP_ALIVE_MS;
}

bool session_is_online(const struct session *session)
{
    return session->state == SESSION_ONLINE;
}

bool session_publish(struct session *session, const char *name, const char *data)
{
    if (!session_is_online(session) || session->event_count == SESSION_EVENTS) {
        return false;
    }
    uint32_t index = (session->event_first + session->event_count) % SESSION_EVENTS;
    struct text event = text_in(session->events[index], SESSION_EVENT_TEXT);
    text_add(&event, name);
    text_add(&event, "=");
    text_add(&event, data);
    session->event_count++;
    session_want(session, WANT_EVENT);
    return true;
}

static uint32_t mix(uint32_t hash, uint32_t value)
{
    hash = (hash ^ value) * 0x01000193u;
    return hash ^ hash >> 15;
}

/* Differs between connections of one run by the time, between runs by the counter. */
static struct cloud_hello hello(const struct system *system)
{
    struct cloud_hello hello = {
        .safe_mode = system->safe_mode,
        .reset_reason = (uint8_t)system->reset_reason,
    };
    board_device_id(hello.device_id);
    uint32_t connections = board_backup_read(BACKUP_CONNECTIONS) + 1;
    board_backup_write(BACKUP_CONNECTIONS, connections);
    hello.session = mix(mix(0x811C9DC5u, board_millis()), connections);
    for (unsigned i = 0; i < sizeof hello.device_id; i++) {
        hello.session = mix(hello.session, hello.device_id[i]);
    }
    return hello;
}

bool session_open(struct system *system)
{
    struct session *session = &system->session;
    session->state = SESSION_CLOSED;
    session->server.port = SERVER_PORT;
    session->server.ip = modem_resolve(&system->modem, server_host);
    if (session->server.ip == 0 || !modem_open_socket(&system->modem)) {
        return false;
    }
    struct cloud_hello greeting = hello(system);
    cloud_exchange_open(&session->exchange, (uint16_t)greeting.session);
    session->state = SESSION_GREETING;
    session->wants = 1u << WANT_HELLO;
    session->event_count = 0;
    session->keep_alive_ms = DEFAULT_KEEP_ALIVE_MS;
    session->traffic_ms = board_millis();
    session->greeting = greeting;
    return true;
}

static enum session_want most_urgent(const struct session *session)
{
    for (unsigned want = 0; want < WANT_NOTHING; want++) {
        if ((session->wants >> want & 1) != 0) {
            return (enum session_want)want;
        }
    }
    return WANT_NOTHING;
}

static uint32_t put_describe(struct system *system, uint8_t *datagram)
{
    struct text json = text_in((char *)datagram + CLOUD_HEADER, CLOUD_LARGEST_TEXT);
    describe(&json, &(struct describe_identity){
                        .imei = system->modem.imei,
                        .iccid = system->modem.iccid,
                    });
    return CLOUD_HEADER + json.length;
}

static uint32_t put_missing(struct system *system, uint8_t *datagram)
{
    uint16_t missing[CLOUD_MOST_MISSING];
    uint32_t count = update_receiver_missing(&system->updater.receiver, board_millis(), missing,
                                             CLOUD_MOST_MISSING);
    return cloud_put_missing(datagram, missing, count);
}

static const uint8_t codes[WANT_NOTHING] = {
    [WANT_HELLO] = CLOUD_HELLO,        [WANT_SAFE_MODE] = CLOUD_EVENT,
    [WANT_DESCRIBE] = CLOUD_DESCRIBE,  [WANT_READY] = CLOUD_READY,
    [WANT_MISSING] = CLOUD_MISSING,    [WANT_RESULT] = CLOUD_RESULT,
    [WANT_UPDATE_EVENT] = CLOUD_EVENT, [WANT_EVENT] = CLOUD_EVENT,
    [WANT_PING] = CLOUD_PING,
};

/* Writes the payload and returns the length of the datagram. */
static uint32_t put(struct system *system, enum session_want want)
{
    struct session *session = &system->session;
    uint8_t *datagram = session->exchange.datagram;
    switch (want) {
    case WANT_HELLO:
        return cloud_put_hello(datagram, &session->greeting);
    case WANT_SAFE_MODE:
        return cloud_put_text(datagram, system_safe_mode_event(system));
    case WANT_DESCRIBE:
        return put_describe(system, datagram);
    case WANT_READY:
        return cloud_put_byte(datagram, system->updater.flags);
    case WANT_MISSING:
        return put_missing(system, datagram);
    case WANT_RESULT:
        return cloud_put_byte(datagram, system->updater.result);
    case WANT_UPDATE_EVENT:
        return cloud_put_text(datagram, updater_event(&system->updater));
    case WANT_EVENT:
        return cloud_put_text(datagram, session->events[session->event_first]);
    case WANT_PING:
    case WANT_NOTHING:
        break;
    }
    return CLOUD_HEADER;
}

static void start_most_urgent(struct system *system, uint32_t now)
{
    struct session *session = &system->session;
    enum session_want want = most_urgent(session);
    if (want == WANT_NOTHING || session->exchange.in_flight) {
        return;
    }
    session->wants &= ~(1u << want);
    session->in_flight = want;
    cloud_exchange_start(&session->exchange, codes[want], put(system, want), now);
}

static void send(struct system *system, const uint8_t *datagram, uint32_t length)
{
    struct session *session = &system->session;
    session->traffic_ms = board_millis();
    /* A datagram that the modem does not take is one that the network lost. */
    (void)modem_send(&system->modem, &session->server, datagram, length);
}

static void close(struct session *session)
{
    session->state = SESSION_CLOSED;
}

/* Without an answer the session is over, but for a transfer: that has its own patience. */
static void give_up(struct system *system)
{
    struct session *session = &system->session;
    if (updater_is_busy(&system->updater)) {
        return;
    }
    close(session);
}

static void transmit_what_is_due(struct system *system)
{
    struct cloud_exchange *exchange = &system->session.exchange;
    start_most_urgent(system, board_millis());
    switch (cloud_exchange_poll(exchange, board_millis())) {
    case CLOUD_DUE_TRANSMIT:
        send(system, exchange->datagram, exchange->length);
        break;
    case CLOUD_DUE_GIVE_UP:
        give_up(system);
        break;
    case CLOUD_DUE_NOTHING:
        break;
    }
}

static void greeted(struct system *system)
{
    struct session *session = &system->session;
    session->state = SESSION_OPEN;
    if (system->safe_mode) {
        session_want(session, WANT_SAFE_MODE);
    }
    session_want(session, WANT_DESCRIBE);
}

static void described(struct system *system)
{
    if (system->session.state == SESSION_OPEN) {
        system->session.state = SESSION_ONLINE;
        system_report_online(system);
    }
}

static void forget_first_event(struct session *session)
{
    session->event_first = (session->event_first + 1) % SESSION_EVENTS;
    session->event_count--;
    if (session->event_count > 0) {
        session_want(session, WANT_EVENT);
    }
}

static void acknowledged(struct system *system, uint8_t answer)
{
    switch (system->session.in_flight) {
    case WANT_HELLO:
        if (answer == CLOUD_REFUSED) {
            close(&system->session);
        } else {
            greeted(system);
        }
        break;
    case WANT_DESCRIBE:
        described(system);
        break;
    case WANT_RESULT:
        updater_result_acknowledged(&system->updater, board_millis());
        break;
    case WANT_UPDATE_EVENT:
        updater_event_acknowledged(&system->updater, board_millis());
        break;
    case WANT_EVENT:
        forget_first_event(&system->session);
        break;
    case WANT_SAFE_MODE:
    case WANT_READY:
    case WANT_MISSING:
    case WANT_PING:
    case WANT_NOTHING:
        break;
    }
}

static void acknowledge(struct system *system, uint16_t id, enum cloud_answer answer)
{
    uint8_t datagram[CLOUD_HEADER];
    cloud_put_header(datagram, CLOUD_ACK, (uint8_t)answer, id);
    send(system, datagram, sizeof datagram);
}

static void take_request(struct system *system, const struct cloud_message *message)
{
    enum cloud_answer answer = CLOUD_ACCEPTED;
    if (message->type == CLOUD_NON) {
        updater_take(system, message);
        return;
    }
    if (!cloud_exchange_is_repeated(&system->session.exchange, message->id)) {
        answer = updater_take(system, message);
        system->session.refused_last = answer == CLOUD_REFUSED;
        system->session.last_request = message->id;
    } else if (message->id == system->session.last_request && system->session.refused_last) {
        answer = CLOUD_REFUSED;
    }
    acknowledge(system, message->id, answer);
    updater_start_offered(system);
}

static void take_datagram(struct system *system, uint32_t length)
{
    struct session *session = &system->session;
    struct cloud_message message;
    if (!cloud_decode(modem_datagram(&system->modem), length, &message)) {
        return;
    }
    session->traffic_ms = board_millis();
    switch (message.type) {
    case CLOUD_CON:
    case CLOUD_NON:
        take_request(system, &message);
        break;
    case CLOUD_ACK:
        if (cloud_exchange_acknowledged(&session->exchange, message.id)) {
            acknowledged(system, message.code);
        }
        break;
    case CLOUD_RST: /* the server does not know this session any more */
        close(session);
        break;
    }
}

static uint32_t ping_due(const struct session *session)
{
    return session->traffic_ms + session->keep_alive_ms;
}

static void ping_when_due(struct system *system, uint32_t now)
{
    struct session *session = &system->session;
    if (session_is_online(session) && !updater_is_busy(&system->updater) &&
        (int32_t)(now - ping_due(session)) >= 0) {
        session_want(session, WANT_PING);
    }
}

static uint32_t earlier(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0 ? a : b;
}

/* Nothing new can be said while a datagram waits for its acknowledgement, so what could become due
 * then is no reason to wake up; the end of a transfer's patience is. */
static uint32_t next_deadline(const struct system *system)
{
    const struct session *session = &system->session;
    const struct updater *updater = &system->updater;
    if (session->exchange.in_flight) {
        uint32_t due = session->exchange.due_ms;
        return updater_is_busy(updater) ? earlier(due, updater_last_deadline(updater)) : due;
    }
    return updater_is_busy(updater) ? updater_deadline(updater) : ping_due(session);
}

static bool is_lost(const struct system *system)
{
    return system->session.state == SESSION_CLOSED || !system->modem.attached ||
           system->modem.socket == MODEM_NO_SOCKET || modem_is_dead(&system->modem);
}

bool session_run(struct system *system)
{
    struct session *session = &system->session;
    bool was_online = false;
    while (!is_lost(system)) {
        uint32_t length = modem_receive(&system->modem);
        if (length > 0) {
            take_datagram(system, length);
        }
        updater_step(system, board_millis());
        ping_when_due(system, board_millis());
        transmit_what_is_due(system);
        was_online = was_online || session_is_online(session);
        bool idle = session->exchange.in_flight || most_urgent(session) == WANT_NOTHING;
        if (idle && session->state != SESSION_CLOSED) {
            modem_poll(&system->modem, next_deadline(system));
        }
    }
    close(session);
    updater_session_lost(system);
    modem_close_socket(&system->modem);
    return was_online;
}

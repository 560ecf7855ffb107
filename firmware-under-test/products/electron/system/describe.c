#include "describe.h"

#include <stddef.h>

#include "products/electron/layout.h"

/* module_validation_flags_t of device-os v0.7.0. */
enum validation {
    VALIDATION_INTEGRITY = 2,
    VALIDATION_DEPENDENCIES = 4,
    VALIDATION_RANGE = 8,
    VALIDATION_PLATFORM = 16,
    VALIDATION_CHECKED = 30,
};

static void add_field(struct text *json, const char *key, uint32_t value)
{
    text_add(json, key);
    text_add_number(json, value);
}

static void add_function(struct text *json, uint8_t function)
{
    static const char *const letters[] = {
        [MODULE_BOOTLOADER] = "b", [MODULE_SYSTEM] = "s", [MODULE_USER] = "u"};
    text_add(json, "{\"f\":\"");
    text_add(json, letters[function]);
    text_add(json, "\"");
}

static uint32_t validated(const struct module_info *info, uint32_t address)
{
    uint32_t result = VALIDATION_PLATFORM | VALIDATION_RANGE;
    if (module_validate(address, &electron_modules) == MODULE_VALID) {
        result |= VALIDATION_INTEGRITY;
    }
    if (module_dependencies_met(info, &electron_modules, NULL)) {
        result |= VALIDATION_DEPENDENCIES;
    }
    return result;
}

static void add_dependencies(struct text *json, const struct module_info *info)
{
    const char *separator = "";
    text_add(json, ",\"d\":[");
    for (unsigned i = 0; i < MODULE_DEPENDENCIES; i++) {
        const struct module_dependency *needed = &info->dependencies[i];
        if (module_region(&electron_modules, needed->function, needed->index) == NULL) {
            continue;
        }
        text_add(json, separator);
        add_function(json, needed->function);
        add_field(json, ",\"n\":", needed->index);
        add_field(json, ",\"v\":", needed->version);
        text_add(json, "}");
        separator = ",";
    }
    text_add(json, "]");
}

static void add_module(struct text *json, const struct module_info *info, uint32_t address)
{
    add_function(json, info->function);
    add_field(json, ",\"n\":", info->index);
    add_field(json, ",\"v\":", info->version);
    add_field(json, ",\"vc\":", VALIDATION_CHECKED);
    add_field(json, ",\"vv\":", validated(info, address));
    add_dependencies(json, info);
    text_add(json, "}");
}

static void add_modules(struct text *json)
{
    const char *separator = "";
    for (unsigned i = 0; i < electron_modules.count; i++) {
        uint32_t address = electron_modules.regions[i].start;
        if (module_validate_header(address, &electron_modules) != MODULE_VALID) {
            continue;
        }
        text_add(json, separator);
        add_module(json, module_find(address), address);
        separator = ",";
    }
}

void describe(struct text *json, const struct describe_identity *identity)
{
    add_field(json, "{\"p\":", electron_modules.platform);
    text_add(json, ",\"imei\":\"");
    text_add(json, identity->imei);
    text_add(json, "\",\"iccid\":\"");
    text_add(json, identity->iccid);
    text_add(json, "\",\"m\":[");
    add_modules(json);
    text_add(json, "]}");
}

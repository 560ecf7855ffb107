# How the modules of the product "electron" are made for FIRMWARE_BOARD, and the manifests that name
# what belongs together. modules.cmake says which there are.
set(electron products/electron)
set(boot ${electron}/bootloader)
set(system ${electron}/system)
set(user ${electron}/user)
set(board boards/${FIRMWARE_BOARD})

set(ELECTRON_CORE
    core/boot_flags.c core/console.c core/crc32.c core/dct.c core/dct_compact.c core/dct_record.c
    core/memory.c core/module.c core/module_copy.c core/module_validate.c core/panic.c core/slots.c
    core/text.c)
set(ELECTRON_BOOTLOADER
    ${BOARD_SOURCES} ${board}/no_modem.c ${ELECTRON_CORE} ${electron}/layout.c
    ${boot}/bootloader.c ${boot}/job.c ${boot}/pending.c ${boot}/slot_check.c
    ${boot}/policy_2_0_0.c)
set(ELECTRON_SYSTEM
    ${BOARD_SOURCES} ${board}/modem_uart.c ${ELECTRON_CORE} ${electron}/layout.c
    core/at_parser.c core/cloud_exchange.c core/cloud_protocol.c core/update_receiver.c
    ${system}/api.c ${system}/apn_by_imsi.c ${system}/apn_source_default.c ${system}/describe.c
    ${system}/main.c ${system}/modem_command.c ${system}/modem_context.c ${system}/modem_network.c
    ${system}/modem_power.c ${system}/modem_profile.c ${system}/modem_socket.c
    ${system}/${BOARD_MODEM_SUPPLY}.c ${system}/network.c ${system}/session.c ${system}/system.c
    ${system}/update_apply.c ${system}/updater.c ${system}/user_check.c ${system}/watchdog_user.c)
set(ELECTRON_USER
    ${user}/entry.c ${user}/common.c ${user}/credentials.c ${user}/user.c core/console.c
    core/memory.c core/text.c)

# electron_sources(RESULT BASE list [REPLACE old new]...): the list with single files exchanged, which
# is how variants and mutants are made.
function(electron_sources result)
  cmake_parse_arguments(S "" "" "BASE;REPLACE" ${ARGN})
  set(sources ${S_BASE})
  while(S_REPLACE)
    list(POP_FRONT S_REPLACE old replacement)
    if(NOT old IN_LIST sources)
      message(FATAL_ERROR "firmware: ${old} is not among the sources it should be replaced in")
    endif()
    list(REMOVE_ITEM sources ${old})
    list(APPEND sources ${replacement})
  endwhile()
  set(${result} ${sources} PARENT_SCOPE)
endfunction()

function(electron_bootloader name version)
  electron_sources(sources BASE ${ELECTRON_BOOTLOADER} ${ARGN})
  firmware_link(NAME electron/${name} LINKER bootloader.ld SOURCES ${sources})
  firmware_seal(NAME electron/${name} RAW electron/${name} FUNCTION bootloader INDEX 0
                VERSION ${version} START 0x08000000 SEAL --prefix-offset 0x184)
endfunction()

# Both versions of the system from the same code: what an update of it changes is the number that
# user applications ask for. `suffix` is empty or starts with a dash.
function(electron_system suffix)
  electron_sources(sources BASE ${ELECTRON_SYSTEM} ${ARGN})
  firmware_link(NAME electron/system${suffix} LINKER system.ld SOURCES ${sources})
  foreach(version "0.6.4 604" "0.7.0 700")
    separate_arguments(version)
    list(POP_FRONT version text number)
    firmware_seal(NAME electron/system-${text}${suffix} RAW electron/system${suffix}
                  FUNCTION system INDEX 1 VERSION ${number} START 0x08020000
                  SEAL --prefix-offset 0x184)
  endforeach()
endfunction()

# electron_user(NAME RAW VERSION NEEDS [BYTES]): 64 KB if nothing is said, the size class of the
# field.
function(electron_user name raw version needs)
  set(bytes 65536 ${ARGN})
  list(GET bytes -1 bytes)
  firmware_seal(NAME electron/${name} RAW electron/${raw} FUNCTION user INDEX 1
                VERSION ${version} START 0x08080000
                SEAL --depends system:1:${needs} --pad-to ${bytes})
endfunction()

function(electron_user_link name)
  electron_sources(sources BASE ${ELECTRON_USER} ${ARGN})
  firmware_link(NAME electron/${name} LINKER user.ld SOURCES ${sources})
endfunction()

# electron_manifest(NAME electron-0.7.0 BOOTLOADER bootloader-0.7.0 [SYSTEM -variant] [FACTORY
# factory-plain] [UPDATED_SYSTEM -variant] [USER v2 file]): firmware/<NAME>.json. SYSTEM is the suffix
# of both versions, UPDATED_SYSTEM that of 0.7.0 alone; USER exchanges one version of the
# application, APPLICATION all of them (v1, v2, v3 of another name than "user"); INSTALLED is the
# system that devices are made with, 0.6.4 if nothing is said.
function(electron_manifest)
  cmake_parse_arguments(M "" "NAME;BOOTLOADER;SYSTEM;UPDATED_SYSTEM;FACTORY;INSTALLED;APPLICATION"
                        "USER" ${ARGN})
  if(NOT DEFINED M_UPDATED_SYSTEM)
    set(M_UPDATED_SYSTEM ${M_SYSTEM})
  endif()
  if(NOT M_APPLICATION)
    set(M_APPLICATION user)
  endif()
  if(NOT M_INSTALLED)
    set(M_INSTALLED 0.6.4)
  endif()
  foreach(version v1 v2 v3)
    set(user_${version} ${M_APPLICATION}-${version})
  endforeach()
  if(M_USER)
    list(POP_FRONT M_USER version file)
    set(user_${version} ${file})
  endif()
  set(factory null)
  if(M_FACTORY)
    set(factory "\"electron/${M_FACTORY}.bin\"")
  endif()
  set(boot_rom null)
  if(BOARD_ROM)
    set(boot_rom "\"${BOARD_ROM}\"")
  endif()
  file(CONFIGURE OUTPUT ${FIRMWARE_OUT}/${M_NAME}.json @ONLY CONTENT [[{
  "name": "@M_NAME@",
  "platform": 10,
  "board": "@FIRMWARE_BOARD@",
  "boot_rom": @boot_rom@,
  "bootloader": "electron/@M_BOOTLOADER@.bin",
  "system": {
    "0.6.4": "electron/system-0.6.4@M_SYSTEM@.bin",
    "0.7.0": "electron/system-0.7.0@M_UPDATED_SYSTEM@.bin"
  },
  "installed_system": "@M_INSTALLED@",
  "user_app": {
    "v1": "electron/@user_v1@.bin",
    "v2": "electron/@user_v2@.bin",
    "v3": "electron/@user_v3@.bin"
  },
  "factory": @factory@,
  "bootloaders": {
    "0.7.0": "electron/bootloader-0.7.0.bin",
    "2.0.0": "electron/bootloader-2.0.0.bin"
  },
  "symbols": {
    "bootloader": "electron/@M_BOOTLOADER@.elf",
    "system": {
      "0.6.4": "electron/system@M_SYSTEM@.elf",
      "0.7.0": "electron/system@M_UPDATED_SYSTEM@.elf"
    }
  }
}
]])
endfunction()


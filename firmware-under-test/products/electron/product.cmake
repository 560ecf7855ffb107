# The modules of the product "electron" (output names and manifests: see the end of the file).
set(electron products/electron)

set(ELECTRON_BOARD
    boards/stm32f205/startup.c boards/stm32f205/board.c boards/stm32f205/clock.c
    boards/stm32f205/flash.c boards/stm32f205/time.c boards/stm32f205/console_uart.c
    boards/stm32f205/pins.c boards/stm32f205/watchdog.c boards/stm32f205/backup.c
    boards/stm32f205/reset.c)
set(ELECTRON_CORE
    core/boot_flags.c core/console.c core/crc32.c core/dct.c core/dct_compact.c core/dct_record.c
    core/memory.c core/module.c core/module_copy.c core/module_validate.c core/panic.c core/slots.c
    core/text.c)
set(ELECTRON_BOOTLOADER
    ${ELECTRON_BOARD} boards/stm32f205/no_modem.c ${ELECTRON_CORE} ${electron}/layout.c
    ${electron}/bootloader/bootloader.c ${electron}/bootloader/job.c
    ${electron}/bootloader/pending.c ${electron}/bootloader/slot_check.c
    ${electron}/bootloader/policy_2_0_0.c)

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

electron_bootloader(bootloader-0.6.4 604
  REPLACE ${electron}/bootloader/policy_2_0_0.c ${electron}/bootloader/policy_0_6_4.c)
electron_bootloader(bootloader-0.7.0 700
  REPLACE ${electron}/bootloader/policy_2_0_0.c ${electron}/bootloader/policy_0_7_0.c)
electron_bootloader(bootloader-2.0.0 2000)

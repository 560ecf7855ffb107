# The product "swap" for FIRMWARE_BOARD: bootloaders as ELF files, slots as raw bytes with image and
# trailer in them, under ${FIRMWARE_OUT}/swap. Scenarios name these files themselves
# (scenarios/swap); there is no manifest.
set(swap products/swap)

set(SWAP_CORE core/boot_flags.c core/console.c core/memory.c core/panic.c core/text.c)
set(SWAP_BOARD ${BOARD_SOURCES} boards/${FIRMWARE_BOARD}/no_modem.c ${SWAP_CORE})
set(SWAP_BOOTLOADER
    ${SWAP_BOARD} core/sha256.c ${swap}/begin.c ${swap}/bootloader.c ${swap}/decide.c
    ${swap}/finish.c ${swap}/image.c ${swap}/resume.c ${swap}/run.c ${swap}/trailer.c)
set(SWAP_APPLICATION ${SWAP_BOARD} ${swap}/application.c ${swap}/trailer.c)

function(swap_link name script)
  firmware_link(NAME swap/${name} LINKER ${script} SCRIPTS ${swap}/link SOURCES ${ARGN})
endfunction()

# The same with small.h, in swap/small: one command each.
set(swap_small_flags ${FIRMWARE_FLAGS} -O2 -include ${FIRMWARE_ROOT}/${swap}/small.h)
list(REMOVE_ITEM swap_small_flags -fstack-usage)
file(MAKE_DIRECTORY ${FIRMWARE_OUT}/swap/small)
function(swap_small_bootloader name)
  set(elf ${FIRMWARE_OUT}/swap/small/${name}.elf)
  list(TRANSFORM ARGN PREPEND ${FIRMWARE_ROOT}/ OUTPUT_VARIABLE sources)
  add_custom_command(
    OUTPUT ${elf}
    COMMAND ${ARM_gcc} ${swap_small_flags} -nostdlib -Wl,--gc-sections,--fatal-warnings
            -Wl,-z,max-page-size=4,--no-warn-rwx-segments -L ${FIRMWARE_ROOT}/${swap}/link
            -L ${FIRMWARE_ROOT}/products/electron/link
            -L ${FIRMWARE_ROOT}/products/electron/link/${FIRMWARE_BOARD} -T bootloader.ld ${sources}
            -lgcc -o ${elf}
    DEPENDS ${sources} ${FIRMWARE_ROOT}/${swap}/small.h
    COMMENT "arm small swap ${name}"
    VERBATIM)
  set_property(GLOBAL APPEND PROPERTY FIRMWARE_MODULES ${elf})
endfunction()

function(swap_bootloader name)
  electron_sources(sources BASE ${SWAP_BOOTLOADER} ${ARGN})
  swap_link(${name} bootloader.ld ${sources})
  swap_small_bootloader(${name} ${sources})
endfunction()

# swap_slot(NAME v2-test APPLICATION confirms VERSION 2 SIZE 65536 TRAILER test): a whole slot,
# ${FIRMWARE_OUT}/swap/<NAME>.bin. The trailers: tools/swap_slot.cc.
function(swap_slot)
  cmake_parse_arguments(S "" "NAME;APPLICATION;VERSION;SIZE;TRAILER" "" ${ARGN})
  set(raw ${FIRMWARE_OUT}/raw/swap/${S_APPLICATION}.bin)
  set(slot ${FIRMWARE_OUT}/swap/${S_NAME}.bin)
  add_custom_command(
    OUTPUT ${slot}
    COMMAND swap_slot --in ${raw} --out ${slot} --version ${S_VERSION} --size ${S_SIZE}
            --trailer ${S_TRAILER}
    DEPENDS ${raw} swap_slot
    COMMENT "slot ${FIRMWARE_BOARD} ${S_NAME}"
    VERBATIM)
  set_property(GLOBAL APPEND PROPERTY FIRMWARE_MODULES ${slot})
endfunction()

swap_bootloader(bootloader)
foreach(way confirm_self confirm_never broken)
  swap_link(${way} application.ld ${SWAP_APPLICATION} ${swap}/${way}.c)
endforeach()

# The old image is smaller than the new one: what confuses their headers shows.
swap_slot(NAME v1-confirmed APPLICATION confirm_never VERSION 1 SIZE 61440 TRAILER confirmed)
swap_slot(NAME v1-left APPLICATION confirm_never VERSION 1 SIZE 61440 TRAILER none)
swap_slot(NAME v2-test APPLICATION confirm_self VERSION 2 SIZE 65536 TRAILER test)
swap_slot(NAME v2-permanent APPLICATION confirm_never VERSION 2 SIZE 65536 TRAILER permanent)
swap_slot(NAME v2-broken APPLICATION broken VERSION 2 SIZE 65536 TRAILER on-trial)

swap_slot(NAME small/v1-confirmed APPLICATION confirm_never VERSION 1 SIZE 3584 TRAILER confirmed)
swap_slot(NAME small/v1-left APPLICATION confirm_never VERSION 1 SIZE 3584 TRAILER none)
swap_slot(NAME small/v2-test APPLICATION confirm_self VERSION 2 SIZE 4096 TRAILER test)
swap_slot(NAME small/v2-permanent APPLICATION confirm_never VERSION 2 SIZE 4096 TRAILER permanent)
swap_slot(NAME small/v2-broken APPLICATION broken VERSION 2 SIZE 4096 TRAILER on-trial)

# One planted defect each, in one file, which says what is wrong with it.
foreach(mutant "revert-needs-unset decide" "request-in-backup begin" "request-dropped-early begin"
               "size-never-written begin" "header-on-resume resume" "type-forgotten resume"
               "confirmed-last finish" "status-early run" "blank-by-first-word run")
  separate_arguments(mutant)
  list(POP_FRONT mutant name file)
  swap_bootloader(mutant-${name} REPLACE ${swap}/${file}.c mutants/swap/${name}/${file}.c)
endforeach()

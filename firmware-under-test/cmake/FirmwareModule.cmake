# How a module of the firmware comes to be: sources -> objects -> elf -> bin, with the cross
# compiler driven by custom commands, because the project around it is built for the host.

foreach(tool gcc objcopy size)
  find_program(ARM_${tool} arm-none-eabi-${tool})
  if(NOT ARM_${tool})
    message(FATAL_ERROR "arm-none-eabi-${tool} is missing, which builds the firmware under test: "
                        "install gcc-arm-none-eabi and binutils-arm-none-eabi.")
  endif()
endforeach()

set(FIRMWARE_ROOT ${CMAKE_CURRENT_SOURCE_DIR})
set(FIRMWARE_TOP ${CMAKE_BINARY_DIR}/firmware)
# Where the modules of a board are: FIRMWARE_OUT, set by firmware_board(). The first board has the
# top of the folder, any other a folder in it, with the same names below.
set(FIRMWARE_FIRST_BOARD stm32f205)
set(FIRMWARE_OBJECTS ${CMAKE_CURRENT_BINARY_DIR}/objects)
set(FIRMWARE_FLAGS
    -std=c11 -mcpu=cortex-m3 -mthumb -ffreestanding -ffunction-sections -fdata-sections -g
    -Wall -Wextra -Werror -Wmissing-prototypes -Wundef -fstack-usage
    -fno-tree-loop-distribute-patterns "-ffile-prefix-map=${FIRMWARE_ROOT}/=" "-I${FIRMWARE_ROOT}")
# Loops over whole images: speed counts more than size.
set(FIRMWARE_FAST_SOURCES core/crc32.c core/memory.c core/sha256.c boards/stm32f205/flash.c
    boards/emcraft-sf2/nor.c)

# firmware_board(NAME): modules are made for this board from now on. boards/<NAME>/board.cmake sets
# BOARD_SOURCES, what every image of it links; BOARD_MODEM_SUPPLY, modem_supply_pins or _tied; and
# BOARD_ROM, the file in FIRMWARE_OUT that runs before the bootloader, if there is one.
macro(firmware_board name)
  set(FIRMWARE_BOARD ${name})
  set(FIRMWARE_OUT ${FIRMWARE_TOP})
  if(NOT FIRMWARE_BOARD STREQUAL FIRMWARE_FIRST_BOARD)
    set(FIRMWARE_OUT ${FIRMWARE_TOP}/${FIRMWARE_BOARD})
  endif()
  set(BOARD_ROM)
  include(boards/${name}/board.cmake)
endmacro()

# The object of one source (relative to FIRMWARE_ROOT), compiled once however many modules link it.
function(firmware_object source result)
  set(object ${FIRMWARE_OBJECTS}/${source}.o)
  set(${result} ${object} PARENT_SCOPE)
  get_property(known GLOBAL PROPERTY FIRMWARE_COMPILED)
  if(source IN_LIST known)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY FIRMWARE_COMPILED ${source})
  set(level -Os)
  if(source IN_LIST FIRMWARE_FAST_SOURCES)
    set(level -O2)
  endif()
  get_filename_component(folder ${object} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${object}
    COMMAND ${ARM_gcc} ${FIRMWARE_FLAGS} ${level} -MMD -MF ${object}.d -c
            ${FIRMWARE_ROOT}/${source} -o ${object}
    DEPENDS ${FIRMWARE_ROOT}/${source}
    DEPFILE ${object}.d
    COMMENT "arm ${source}"
    VERBATIM)
endfunction()

# firmware_link(NAME electron/user LINKER script [SCRIPTS folder] SOURCES ...):
# ${FIRMWARE_OUT}/<NAME>.elf and its raw bytes in ${FIRMWARE_OUT}/raw. Modules that differ only in
# what sealing writes share them. The script is looked up in SCRIPTS first.
function(firmware_link)
  cmake_parse_arguments(L "" "NAME;LINKER;SCRIPTS" "SOURCES" ${ARGN})
  set(objects)
  foreach(source ${L_SOURCES})
    firmware_object(${source} object)
    list(APPEND objects ${object})
  endforeach()
  set(elf ${FIRMWARE_OUT}/${L_NAME}.elf)
  set(raw ${FIRMWARE_OUT}/raw/${L_NAME}.bin)
  set(scripts ${FIRMWARE_ROOT}/products/electron/link)
  set(board_scripts ${scripts}/${FIRMWARE_BOARD})
  set(own_scripts ${scripts})
  if(L_SCRIPTS)
    set(own_scripts ${FIRMWARE_ROOT}/${L_SCRIPTS})
  endif()
  file(GLOB used CONFIGURE_DEPENDS ${own_scripts}/*.ld ${scripts}/*.ld ${board_scripts}/*.ld
       ${FIRMWARE_ROOT}/boards/${FIRMWARE_BOARD}/*.ld)
  foreach(file ${elf} ${raw})
    get_filename_component(folder ${file} DIRECTORY)
    file(MAKE_DIRECTORY ${folder})
  endforeach()
  add_custom_command(
    OUTPUT ${elf} ${raw}
    COMMAND ${ARM_gcc} -mcpu=cortex-m3 -mthumb -nostdlib -Wl,--gc-sections,--fatal-warnings
            -Wl,-z,max-page-size=4,--no-warn-rwx-segments -L ${own_scripts} -L ${scripts}
            -L ${board_scripts} -T ${L_LINKER} ${objects} -lgcc -o ${elf}
    COMMAND ${ARM_objcopy} -O binary ${elf} ${raw}
    DEPENDS ${objects} ${used}
    COMMENT "arm link ${FIRMWARE_BOARD} ${L_NAME}"
    VERBATIM)
  set_property(GLOBAL APPEND PROPERTY FIRMWARE_ELFS ${elf})
endfunction()

# firmware_seal(NAME electron/user-v2 RAW electron/user FUNCTION user VERSION 2 START address ...): the
# module binary ${FIRMWARE_OUT}/<NAME>.bin. Further arguments go to image_seal as they are.
function(firmware_seal)
  cmake_parse_arguments(S "" "NAME;RAW;FUNCTION;INDEX;VERSION;START;PLATFORM" "SEAL" ${ARGN})
  if(NOT S_PLATFORM)
    set(S_PLATFORM 10) # Electron
  endif()
  set(raw ${FIRMWARE_OUT}/raw/${S_RAW}.bin)
  set(module ${FIRMWARE_OUT}/${S_NAME}.bin)
  add_custom_command(
    OUTPUT ${module}
    COMMAND image_seal --in ${raw} --out ${module} --function ${S_FUNCTION} --index ${S_INDEX}
            --version ${S_VERSION} --platform ${S_PLATFORM} --start ${S_START} ${S_SEAL}
    DEPENDS ${raw} image_seal
    COMMENT "seal ${FIRMWARE_BOARD} ${S_NAME}"
    VERBATIM)
  set_property(GLOBAL APPEND PROPERTY FIRMWARE_MODULES ${module})
endfunction()

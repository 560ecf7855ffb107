# Test programs for the simulated chip: firmware/<name>.c with chip.c becomes
# ${CMAKE_BINARY_DIR}/tests/simulator/<name>.bin.
set(here ${CMAKE_CURRENT_LIST_DIR}/firmware)
set(out ${CMAKE_BINARY_DIR}/tests/simulator)
find_program(ARM_GCC arm-none-eabi-gcc REQUIRED)
find_program(ARM_OBJCOPY arm-none-eabi-objcopy REQUIRED)
file(MAKE_DIRECTORY ${out})
file(GLOB programs CONFIGURE_DEPENDS ${here}/*.c)
list(REMOVE_ITEM programs ${here}/chip.c)
foreach(program ${programs})
  get_filename_component(name ${program} NAME_WE)
  add_custom_command(
    OUTPUT ${out}/${name}.bin
    COMMAND ${ARM_GCC} -mcpu=cortex-m3 -mthumb -O2 -ffreestanding -nostdlib -Wall -Wextra
            -fno-tree-loop-distribute-patterns -T ${here}/chip.ld
            -o ${out}/${name}.elf ${program} ${here}/chip.c
    COMMAND ${ARM_OBJCOPY} -O binary ${out}/${name}.elf ${out}/${name}.bin
    DEPENDS ${program} ${here}/chip.c ${here}/chip.h ${here}/chip.ld
    COMMENT "test program ${name}")
  list(APPEND images ${out}/${name}.bin)
endforeach()
add_custom_target(simulator_test_firmware DEPENDS ${images})
if(TARGET unit_simulator)
  add_dependencies(unit_simulator simulator_test_firmware)
endif()
if(TARGET bench_otarig)
  add_dependencies(bench_otarig simulator_test_firmware)
endif()

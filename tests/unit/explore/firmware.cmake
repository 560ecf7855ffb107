# The updater that variants_test.cc explores, on the start-up code of the simulator's test programs.
set(chip ${CMAKE_CURRENT_LIST_DIR}/../simulator/firmware)
set(source ${CMAKE_CURRENT_LIST_DIR}/firmware/variants.c)
set(out ${CMAKE_BINARY_DIR}/tests/simulator)
add_custom_command(
  OUTPUT ${out}/variants.bin
  COMMAND ${ARM_GCC} -mcpu=cortex-m3 -mthumb -O2 -ffreestanding -nostdlib -Wall -Wextra -Werror
          -fno-tree-loop-distribute-patterns -I ${chip} -T ${chip}/chip.ld
          -o ${out}/variants.elf ${source} ${chip}/chip.c
  COMMAND ${ARM_OBJCOPY} -O binary ${out}/variants.elf ${out}/variants.bin
  DEPENDS ${source} ${chip}/chip.c ${chip}/chip.h ${chip}/chip.ld
  COMMENT "test program variants")
add_custom_target(explore_test_firmware DEPENDS ${out}/variants.bin)
if(TARGET unit_explore)
  add_dependencies(unit_explore explore_test_firmware)
endif()

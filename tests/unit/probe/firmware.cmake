# firmware/counter.c for the debuggers' tests: ${CMAKE_BINARY_DIR}/tests/probe/counter.elf.
set(here ${CMAKE_CURRENT_LIST_DIR}/firmware)
set(out ${CMAKE_BINARY_DIR}/tests/probe)
find_program(ARM_GCC arm-none-eabi-gcc REQUIRED)
find_program(ARM_OBJCOPY arm-none-eabi-objcopy REQUIRED)
find_program(ARM_STRIP arm-none-eabi-strip REQUIRED)
file(MAKE_DIRECTORY ${out})
add_custom_command(
  OUTPUT ${out}/counter.elf ${out}/counter.bin ${out}/stripped.elf
  COMMAND ${ARM_GCC} -mcpu=cortex-m3 -mthumb -O1 -ffreestanding -nostdlib -Wall -Wextra
          -T ${here}/counter.ld -o ${out}/counter.elf ${here}/counter.c ${here}/twin.c
  COMMAND ${ARM_OBJCOPY} -O binary -R .data ${out}/counter.elf ${out}/counter.bin
  COMMAND ${ARM_STRIP} -o ${out}/stripped.elf ${out}/counter.elf
  DEPENDS ${here}/counter.c ${here}/twin.c ${here}/counter.ld
  COMMENT "test program counter")
add_custom_target(probe_test_firmware DEPENDS ${out}/counter.elf)
foreach(runner unit_probe unit_image)
  if(TARGET ${runner})
    add_dependencies(${runner} probe_test_firmware)
  endif()
endforeach()

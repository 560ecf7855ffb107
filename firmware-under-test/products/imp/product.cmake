# The product "imp" for FIRMWARE_BOARD: the Electron's system with another updater and layout, one
# operating system image of 520,000 bytes (function user), and the manifests that name what belongs
# together. The bootloader is the Electron's 2.0.0; it never finds a slot that is pending.
set(imp products/imp)

set(imp_bootloader ${ELECTRON_BOOTLOADER})
set(imp_system ${ELECTRON_SYSTEM})
foreach(list imp_bootloader imp_system)
  list(TRANSFORM ${list} REPLACE "^${electron}/layout.c$" "${imp}/layout.c")
endforeach()
list(REMOVE_ITEM imp_system ${system}/updater.c ${system}/update_apply.c ${system}/main.c
     ${system}/apn_source_default.c)
list(APPEND imp_system ${system}/apn_source_config.c
     core/http_response.c core/sha256.c ${imp}/system/main.c ${imp}/system/modem_stream.c
     ${imp}/system/status.c ${imp}/system/updater.c ${imp}/system/upgrade.c
     ${imp}/system/upgrade_blocks.c ${imp}/system/upgrade_image.c)

# The version of every imp system is 1.0.0: only the operating system is ever upgraded.
function(imp_seal name raw)
  firmware_seal(NAME imp/${name} RAW imp/${raw} PLATFORM 1805 ${ARGN})
endfunction()

firmware_link(NAME imp/bootloader LINKER bootloader.ld SOURCES ${imp_bootloader})
imp_seal(bootloader bootloader FUNCTION bootloader INDEX 0 VERSION 2000 START 0x08000000
         SEAL --prefix-offset 0x184)
firmware_link(NAME imp/os LINKER user.ld SOURCES ${ELECTRON_USER})
# With the 32 bytes of its tag behind it, 520,000 bytes are served.
foreach(version 1 2 3)
  imp_seal(os-v${version} os FUNCTION user INDEX 1 VERSION ${version} START 0x08080000
           SEAL --depends system:1:1000 --pad-to 519964)
endforeach()

# imp_product(NAME imp-resume TIMEOUT 15min WHEN_BROKEN resume PERMISSION forced CHECK stream): its
# system part and its manifest.
function(imp_product)
  cmake_parse_arguments(M "" "NAME;TIMEOUT;WHEN_BROKEN;PERMISSION;CHECK" "" ${ARGN})
  set(file system-${M_NAME})
  firmware_link(NAME imp/${file} LINKER system.ld SOURCES ${imp_system}
                ${imp}/system/upgrade_timeout_${M_TIMEOUT}.c
                ${imp}/system/upgrade_${M_WHEN_BROKEN}.c ${imp}/system/upgrade_${M_PERMISSION}.c
                ${imp}/system/upgrade_check_${M_CHECK}.c)
  imp_seal(${file} ${file} FUNCTION system INDEX 1 VERSION 1000 START 0x08020000
           SEAL --prefix-offset 0x184)
  file(CONFIGURE OUTPUT ${FIRMWARE_OUT}/${M_NAME}.json @ONLY CONTENT [[{
  "name": "@M_NAME@",
  "platform": 1805,
  "board": "@FIRMWARE_BOARD@",
  "boot_rom": null,
  "bootloader": "imp/bootloader.bin",
  "system": {"1.0.0": "imp/@file@.bin"},
  "installed_system": "1.0.0",
  "user_app": {"v1": "imp/os-v1.bin", "v2": "imp/os-v2.bin", "v3": "imp/os-v3.bin"},
  "factory": null,
  "bootloaders": {},
  "symbols": {"bootloader": "imp/bootloader.elf", "system": {"1.0.0": "imp/@file@.elf"}}
}
]])
endfunction()

imp_product(NAME imp TIMEOUT 15min WHEN_BROKEN restart PERMISSION forced CHECK stream)
imp_product(NAME imp-patient TIMEOUT none WHEN_BROKEN restart PERMISSION forced CHECK stream)
imp_product(NAME imp-resume TIMEOUT none WHEN_BROKEN resume PERMISSION forced CHECK stream)
imp_product(NAME imp-deferral TIMEOUT 15min WHEN_BROKEN restart PERMISSION deferred CHECK stream)
imp_product(NAME imp-blocks TIMEOUT none WHEN_BROKEN restart PERMISSION forced CHECK blocks)

# The modules and manifests of the product "electron", the same for every board.
electron_bootloader(bootloader-0.6.4 604 REPLACE ${boot}/policy_2_0_0.c ${boot}/policy_0_6_4.c)
electron_bootloader(bootloader-0.7.0 700 REPLACE ${boot}/policy_2_0_0.c ${boot}/policy_0_7_0.c)
electron_bootloader(bootloader-2.0.0 2000)

list(APPEND ELECTRON_SYSTEM core/apn_record.c) # dropped by the linker where nothing calls it
electron_system("")
electron_system(-apn-in-flash
  REPLACE ${system}/apn_source_default.c ${system}/apn_source_config.c)
electron_system(-default-apn-list
  REPLACE ${system}/apn_source_default.c ${system}/apn_source_list.c)
electron_system(-feed-watchdog
  REPLACE ${system}/watchdog_user.c ${system}/watchdog_system.c)

electron_user_link(user)
electron_user(user-v1 user 1 604)
electron_user(user-v2 user 2 700)
electron_user(user-v3 user 3 700)
electron_user(small-v1 user 1 604 32768)
electron_user(small-v2 user 2 700 32768)
electron_user(small-v3 user 3 700 32768)
electron_user_link(factory-plain REPLACE ${user}/user.c ${user}/factory_plain.c)
electron_user(factory-plain factory-plain 0 604)
electron_user_link(factory-sets-apn REPLACE ${user}/user.c ${user}/factory_sets_apn.c)
electron_user(factory-sets-apn factory-sets-apn 0 604)

# No factory image: the default of the third-party report, where a destroyed user module ends in
# safe mode.
foreach(version 0.6.4 0.7.0 2.0.0)
  electron_manifest(NAME electron-${version} BOOTLOADER bootloader-${version})
endforeach()
# One small download and no healing: for cycles in real time.
foreach(version 0.7.0 2.0.0)
  electron_manifest(NAME electron-${version}-small BOOTLOADER bootloader-${version} INSTALLED 0.7.0
                    APPLICATION small)
endforeach()
electron_manifest(NAME electron-0.7.0-factory-plain BOOTLOADER bootloader-0.7.0
                  FACTORY factory-plain)
foreach(version 0.7.0 2.0.0)
  electron_manifest(NAME electron-${version}-factory-sets-apn BOOTLOADER bootloader-${version}
                    FACTORY factory-sets-apn)
  foreach(variant apn-in-flash default-apn-list feed-watchdog)
    electron_manifest(NAME electron-${version}-${variant} BOOTLOADER bootloader-${version}
                      SYSTEM -${variant})
  endforeach()
endforeach()

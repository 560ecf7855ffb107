# Products with one planted defect each, on bootloader 2.0.0: what the rig must convict. Each
# exchanges exactly one source file in one module; the file says what is wrong with it.
#
# Where the good build is acquitted and the mutant is not: third-party SIM, cut of board and modem,
# an update of the user application alone on system 0.7.0. The mutants on the apn-in-flash system
# need the update of both modules instead, watchdog-starved any update that brings system 0.7.0.
set(mutants mutants)
set_property(GLOBAL PROPERTY ELECTRON_MUTANTS "")

# Manifest electron-mutant-<name>, listed in ${FIRMWARE_OUT}/mutants.txt.
function(electron_mutant name)
  electron_manifest(NAME electron-mutant-${name} ${ARGN})
  set_property(GLOBAL APPEND PROPERTY ELECTRON_MUTANTS electron-mutant-${name})
endfunction()

# electron_bootloader_mutant(name old new [manifest arguments])
function(electron_bootloader_mutant name old replacement)
  set(module bootloader-2.0.0-mutant-${name})
  electron_bootloader(${module} 2000 REPLACE ${old} ${mutants}/${name}/${replacement})
  electron_mutant(${name} BOOTLOADER ${module} ${ARGN})
endfunction()

electron_bootloader_mutant(slot-freed-early ${boot}/policy_2_0_0.c policy.c)
electron_bootloader_mutant(header-means-installed ${boot}/policy_2_0_0.c policy.c)
electron_bootloader_mutant(reset-before-free ${boot}/policy_2_0_0.c policy.c)
electron_bootloader_mutant(blank-by-header core/module_copy.c module_copy.c)
electron_bootloader_mutant(factory-on-bad-user ${boot}/pending.c pending.c FACTORY factory-plain)
electron_bootloader_mutant(dct-in-place core/dct.c dct.c SYSTEM -apn-in-flash)

electron_system(-mutant-user-copied-in-place
  REPLACE core/slots.c ${mutants}/user-copied-in-place/slots.c)
electron_mutant(user-copied-in-place BOOTLOADER bootloader-2.0.0 SYSTEM
                -mutant-user-copied-in-place)

electron_system(-mutant-apn-cleared-by-update
  REPLACE core/slots.c ${mutants}/apn-cleared-by-update/slots.c
          ${system}/apn_source_default.c ${system}/apn_source_config.c)
electron_mutant(apn-cleared-by-update BOOTLOADER bootloader-2.0.0 SYSTEM
                -mutant-apn-cleared-by-update)

electron_system(-mutant-watchdog-starved
  REPLACE ${board}/watchdog.c ${mutants}/watchdog-starved/${FIRMWARE_BOARD}/watchdog.c)
electron_mutant(watchdog-starved BOOTLOADER bootloader-2.0.0
                UPDATED_SYSTEM -mutant-watchdog-starved)

electron_user_link(user-mutant-user-forgets-apn
  REPLACE ${user}/user.c ${mutants}/user-forgets-apn/user.c)
electron_user(user-v2-mutant-user-forgets-apn user-mutant-user-forgets-apn 2 700)
electron_mutant(user-forgets-apn BOOTLOADER bootloader-2.0.0
                USER v2 user-v2-mutant-user-forgets-apn)

get_property(names GLOBAL PROPERTY ELECTRON_MUTANTS)
list(JOIN names "\n" lines)
file(WRITE ${FIRMWARE_OUT}/mutants.txt "${lines}\n")

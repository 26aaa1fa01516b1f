// What the scripts share: a line for each check, and the closing line that `make test` adds up.
let passed = 0
let failed = 0

export function check(name, fits, shown = '') {
  fits ? passed++ : failed++
  console.log(fits ? `ok ${name}` : `FAIL ${name}: ${shown instanceof Error ? shown : JSON.stringify(shown)}`)
}

/** Prints the closing line and ends the program. */
export function close() {
  console.log(`${passed} passed, ${failed} failed, 0 skipped`)
  process.exit(failed ? 1 : 0)
}

export type Difference = { readonly check: string; readonly where: string; readonly what: string }

export type CheckResult = {
  readonly name: string
  readonly result: 'agrees' | 'differs' | 'not run'
  readonly detail: string
}

export type VerifyReport = {
  /** No difference was found; what was not run is said in the checks. */
  readonly agrees: boolean
  readonly checks: readonly CheckResult[]
  readonly differences: readonly Difference[]
}

/** What an audit finds, check by check. */
export class Findings {
  readonly #checks: CheckResult[] = []
  readonly #differences: Difference[] = []

  /** Says that a check found nothing, unless it found something before. */
  agree(name: string, detail: string): void {
    if (this.#differences.some(({ check }) => check === name)) return
    this.#checks.push({ name, result: 'agrees', detail })
  }

  notRun(name: string, reason: string): void {
    this.#checks.push({ name, result: 'not run', detail: reason })
  }

  differ(check: string, where: string, what: string): void {
    const first = !this.#differences.some((difference) => difference.check === check)
    this.#differences.push({ check, where, what })
    if (first) this.#checks.push({ name: check, result: 'differs', detail: `${where}: ${what}` })
  }

  report(): VerifyReport {
    const differences = this.#differences
    return { agrees: differences.length === 0, checks: this.#checks, differences }
  }
}

/** Of a step between figures of an axis, with its power of ten: each is written without rest. */
export const tickSteps: readonly number[] = Array.from({ length: 17 }, (_, i) => i - 8).flatMap(
  (power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)),
)

/** How many steps one label may stand for. */
const factors = [1, 2, 5, 10, 20, 50, 100]

/**
 * What stands beside the lines of an axis. Where figures are written so short that two of them
 * would read the same, only so many are written that none does.
 */
export function tickLabels(
  values: readonly number[],
  show: (value: number) => string,
): readonly string[] {
  const [first = 0, second = 1] = values
  const step = second - first
  const isWritten = (value: number, factor: number): boolean =>
    Math.round(value / step) % factor === 0
  const factor = factors.find((one) => {
    const shown = values.filter((value) => isWritten(value, one)).map(show)
    return new Set(shown).size === shown.length
  })
  return values.map((value) =>
    factor !== undefined && isWritten(value, factor) ? show(value) : '')
}

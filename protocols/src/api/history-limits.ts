/** How much of the history one request may ask for: 31 days of five minutes. */
export const historyLimits = {
  ...{ points: { default: 96, max: 500 }, step: { max: 288 }, intervals: { max: 8_928 } },
} as const

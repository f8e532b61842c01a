import { parseArgs } from 'node:util'
import { UsageError } from './cli-error.ts'

export type Option = {
  readonly type: 'string' | 'boolean'
  readonly means: string
  /** What stands for the value in the help text. */
  readonly value?: string
}

export type Values = {
  readonly text: (name: string) => string | undefined
  readonly flag: (name: string) => boolean
  /** @throws UsageError naming the option and its limits */
  readonly integer: (name: string, fallback: number, min: number, max: number) => number
  readonly positionals: readonly string[]
}

const everywhere = {
  json: { type: 'boolean', means: 'print JSON instead of text' },
  help: { type: 'boolean', means: 'say what the command does' },
} as const satisfies Record<string, Option>

export type Options = Readonly<Record<string, Option>>

export const withCommon = (options: Options): Options => ({ ...options, ...everywhere })

/** @throws UsageError for an option that is unknown or lacks its value */
export function parse(args: readonly string[], options: Options): Values {
  const types = Object.fromEntries(
    Object.entries(withCommon(options)).map(([name, { type }]) => [name, { type }]),
  )
  try {
    const config = { args: [...args], options: types, allowPositionals: true }
    const { values, positionals } = parseArgs(config)
    const text = (name: string): string | undefined => {
      const value = values[name]
      return typeof value === 'string' ? value : undefined
    }
    return {
      text,
      flag: (name) => values[name] === true,
      positionals,
      integer(name, fallback, min, max) {
        const value = text(name)
        if (value === undefined) return fallback
        const number = Number(value)
        if (!/^-?\d+$/.test(value) || number < min || number > max) {
          const takes = `it takes a whole number from ${min} to ${max}`
          throw new UsageError(`--${name} is ${value}; ${takes}`)
        }
        return number
      },
    }
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof TypeError)) throw error
    throw new UsageError(error.message)
  }
}

import type { TextKey } from './en.ts'
import type { Texts, Values } from './texts.ts'

/**
 * For keys that end in what was answered: where there is no text of it, it stands there as it is.
 * Whether it can be so, the checks say.
 */
export const withAnswered = (texts: Texts): Texts => ({
  ...texts,
  say: (key: TextKey, values?: Values): string => {
    const name: string = key
    return texts.has(name) ? texts.say(name, values) : name.slice(name.lastIndexOf('.') + 1)
  },
})

import { de } from './de.ts'
import { en, type TextKey } from './en.ts'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

const catalogues: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, de }

/** The stem of the keys that are chosen by a number. */
export type CountedKey = {
  [Key in TextKey]: Key extends `${infer Stem}.other` ? Stem : never
}[TextKey]

export type Values = Readonly<Record<string, string | number>>

export type Texts = {
  readonly language: Language
  /** The text with `{name}` filled in. */
  readonly say: (key: TextKey, values?: Values) => string
  /** One or many, by the rules of the language; `shown` is how the number is written. */
  readonly count: (stem: CountedKey, count: number, shown: string) => string
}

export function textsOf(language: Language): Texts {
  const catalogue = catalogues[language]
  const rules = new Intl.PluralRules(language)
  const say = (key: TextKey, values: Values = {}): string =>
    catalogue[key].replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
      String(values[name] ?? whole),
    )
  return {
    language,
    say,
    count: (stem, count, shown) => {
      const form = rules.select(count) === 'one' ? 'one' : 'other'
      return say(`${stem}.${form}`, { count: shown })
    },
  }
}

/** The first language asked for that there is a catalogue of; English where there is none. */
export function languageFor(asked: readonly string[]): Language {
  for (const tag of asked) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language)
    if (found !== undefined) return found
  }
  return 'en'
}

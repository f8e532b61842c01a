import { repositoryFiles, readText } from '../rooms.ts'

/** One file. `code` is its text with comments and the insides of strings blanked. */
export type Source = { readonly path: string; readonly text: string; readonly code: string }

export type Import = { readonly specifier: string; readonly line: number }

/** A rule looks at one file and says what is wrong with it, one line each. */
export type Rule = (source: Source) => readonly string[]

export const sourceOf = (path: string, text: string): Source => ({
  path,
  text,
  code: codeOf(text, path.endsWith('.tsx')),
})

const generated = new Set(['contracts/generated/abi.ts', 'contracts/generated/verifiers.ts'])

/** Every TypeScript and JavaScript file that somebody wrote. */
export const programSources = (): readonly Source[] =>
  repositoryFiles()
    .filter((path) => /\.(tsx?|mjs)$/.test(path) && !generated.has(path))
    .map((path) => sourceOf(path, readText(path)))

/** A test, or what only tests use: it may do what the product may not. */
export const isTest = (path: string): boolean =>
  /\.test\.ts$|\/testing\/|\/(test|store-suite)-[a-z-]+\.ts$|\/store-suite\.ts$/.test(path) ||
  path === 'server/src/adapters/signatures/hostile-vectors.ts'

/** Where each module is imported from, `import`, `export … from` and `import()` alike. */
export function importsOf({ text, code }: Source): readonly Import[] {
  const found: Import[] = []
  for (const match of code.matchAll(/(?<!\.)\b(?:from\s+|import\s+|import\()(['"])/g)) {
    const start = match.index + match[0].length
    const end = text.indexOf(match[1] ?? '', start)
    found.push({ specifier: text.slice(start, end), line: lineAt(text, match.index) })
  }
  return found
}

export const lineAt = (text: string, index: number): number =>
  text.slice(0, index).split('\n').length

/** Complaints about every match of `pattern` in `text`: `path:line: what`. */
export const complaints = (
  path: string,
  text: string,
  pattern: RegExp,
  what: string,
): readonly string[] =>
  [...text.matchAll(pattern)].map((match) => `${path}:${lineAt(text, match.index)}: ${what}`)

/** What may stand before a `/` that opens a regular expression rather than divides. */
const beforeRegex = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|of|in))\s*$/

/**
 * The text with comments and the insides of strings, templates and regular expressions replaced by
 * spaces, so that a rule about code does not stumble over prose. Lines and columns stay.
 *
 * @param hasElements as in .tsx, where `</` and `/>` are of an element and no regular expression
 */
export function codeOf(text: string, hasElements = false): string {
  let code = ''
  let at = 0
  const templates: number[] = []
  const blank = (end: number, filling = ' '): void => {
    code += text.slice(at, end).replace(/[^\n]/g, filling)
    at = end
  }
  const take = (length: number): void => {
    code += text.slice(at, at + length)
    at += length
  }
  while (at < text.length) {
    const here = text.charAt(at)
    const two = text.slice(at, at + 2)
    if (two === '//' || (at === 0 && two === '#!')) blank(endOf(text, '\n', at))
    else if (two === '/*') blank(endOf(text, '*/', at + 2) + 2)
    else if (here === "'" || here === '"') {
      take(1)
      blank(endOfQuoted(text, here, at))
      take(1)
    } else if (here === '`' || (here === '}' && templates.at(-1) === 0)) {
      if (here === '}') templates.pop()
      take(1)
      const end = endOfTemplate(text, at)
      blank(end)
      if (text.charAt(end) === '$') templates.push(0)
      take(text.charAt(end) === '$' ? 2 : 1)
    } else if (hasElements && (two === '</' || two === '/>')) {
      take(2)
    } else if (here === '/' && beforeRegex.test(code.slice(-40))) {
      take(1)
      blank(endOfRegex(text, at), '_')
      take(1)
    } else {
      const last = templates.length - 1
      if (last >= 0 && here === '{') templates[last] = (templates[last] ?? 0) + 1
      if (last >= 0 && here === '}') templates[last] = (templates[last] ?? 0) - 1
      take(1)
    }
  }
  return code
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from)
  return end < 0 ? text.length : end
}

function endOfQuoted(text: string, quote: string, from: number): number {
  for (let i = from; i < text.length; i += 1) {
    if (text.charAt(i) === '\\') i += 1
    else if (text.charAt(i) === quote || text.charAt(i) === '\n') return i
  }
  return text.length
}

function endOfTemplate(text: string, from: number): number {
  for (let i = from; i < text.length; i += 1) {
    if (text.charAt(i) === '\\') i += 1
    else if (text.charAt(i) === '`' || text.startsWith('${', i)) return i
  }
  return text.length
}

function endOfRegex(text: string, from: number): number {
  let inClass = false
  for (let i = from; i < text.length; i += 1) {
    const here = text.charAt(i)
    if (here === '\\') i += 1
    else if (here === '[') inClass = true
    else if (here === ']') inClass = false
    else if ((here === '/' && !inClass) || here === '\n') return i
  }
  return text.length
}

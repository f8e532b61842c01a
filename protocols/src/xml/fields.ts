import { Fault, type FaultCode } from '@busbar/core/errors'
import type { XmlElement } from './element.ts'

/** The form of a text, and how it is said to whom sent another. */
export type TextForm = { readonly pattern: RegExp; readonly limit: string }

/** An element and where it stands, so that what is wrong with it is said by name. */
export class XmlFields {
  readonly element: XmlElement
  readonly path: string
  readonly #code: FaultCode

  /** @param code of the fault that says what is wrong */
  constructor(element: XmlElement, code: FaultCode, path = element.name) {
    this.element = element
    this.path = path
    this.#code = code
  }

  /** @throws Fault with the field and its limit */
  refuse(limit: string, field = this.path): never {
    throw new Fault(this.#code, { field, limit })
  }

  /** Each child of this name. */
  all(name: string, countMax: number): readonly XmlFields[] {
    const found = this.element.children.filter((child) => child.name === name)
    if (found.length > countMax) this.refuse(`at most ${countMax}`, `${this.path}/${name}`)
    return found.map((child, i) => {
      const place = countMax === 1 ? name : `${name}[${i + 1}]`
      return new XmlFields(child, this.#code, `${this.path}/${place}`)
    })
  }

  /** The one child of this name. A second one would be another reader’s first. */
  one(name: string): XmlFields {
    return this.maybe(name) ?? this.refuse('present', `${this.path}/${name}`)
  }

  maybe(name: string): XmlFields | undefined {
    return this.all(name, 1)[0]
  }

  /** The child at the end of the path, if each on the way is there. */
  deep(...names: readonly string[]): XmlFields | undefined {
    let found: XmlFields | undefined = this
    for (const name of names) found = found?.maybe(name)
    return found
  }

  text({ pattern, limit }: TextForm): string {
    const { children, text } = this.element
    return children.length === 0 && pattern.test(text) ? text : this.refuse(limit)
  }

  attribute(name: string, { pattern, limit }: TextForm): string {
    const value = this.element.attributes.get(name)
    if (value !== undefined && pattern.test(value)) return value
    return this.refuse(limit, `${this.path}@${name}`)
  }

  /** Refuses children and attributes but these. */
  only(names: readonly string[], attributes: readonly string[] = []): void {
    for (const { name } of this.element.children) {
      if (!names.includes(name)) this.refuse(`one of ${names.join(', ')}`, `${this.path}/${name}`)
    }
    for (const name of this.element.attributes.keys()) {
      if (!attributes.includes(name)) this.refuse('no such attribute', `${this.path}@${name}`)
    }
  }

  /** Refuses elements of another namespace, but below those of the names given. */
  ownNamespace(namespace: string, except: readonly string[] = []): void {
    const stray = (element: XmlElement): XmlElement | undefined => {
      if (element.namespace !== namespace) return element
      if (except.includes(element.name)) return undefined
      for (const child of element.children) {
        const found = stray(child)
        if (found !== undefined) return found
      }
      return undefined
    }
    const found = stray(this.element)
    if (found !== undefined) this.refuse(`of ${namespace}`, found.name.slice(0, 40))
  }
}

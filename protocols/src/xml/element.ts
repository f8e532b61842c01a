/** An element of a document that was taken: names resolved, text as it is meant. */
export type XmlElement = {
  readonly name: string
  readonly namespace: string
  readonly prefix: string
  /** Without declarations of namespaces. Attributes of a namespace are refused. */
  readonly attributes: ReadonlyMap<string, string>
  /** Either elements, with blanks between them left out, or text. */
  readonly children: readonly XmlElement[]
  readonly text: string
}

export const messageNamespace = 'urn:busbar:bill-presentment:1'

export const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#'

/** The `Id` of every message: the one thing that a signature can point to. */
export const messageId = 'message'

/** The algorithms of a signature, one of each; all others are refused. */
export const algorithms = {
  canonical: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
  signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
} as const

/** Keys of RSA with fewer bits are refused, and with more too: they are slow to check. */
export const keyBits = { min: 2_048, max: 4_096 } as const

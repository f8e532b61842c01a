export type Answer = { readonly status: number; readonly type: string; readonly body: string }

export const xml = (status: number, body: string): Answer => ({
  status,
  type: 'application/xml',
  body,
})

export const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(body)}\n`,
})

export const no = (status: number, code: string): Answer => json(status, { code })

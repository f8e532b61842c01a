/**
 * `stream-readers.ts URL COUNT`: reads the stream so many times, until it is told to stop. The
 * first message has the credentials by which the readers take turns to be signed in.
 */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'

const [url = '', count = '0'] = process.argv.slice(2)
const heard = { all: 0, own: 0 }
const timesIn = (text: string, part: string): number => text.split(part).length - 1

const [credentials] = (await once(process, 'message')) as [readonly string[]]
const connected = Array.from({ length: Number(count) }, (_, i) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const authorization = credentials[i % credentials.length]
    const headers = authorization === undefined ? {} : { authorization }
    get(`${url}/v1/stream`, { headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`))
      response.setEncoding('utf8').on('data', (text: string) => {
        heard.all += timesIn(text, '\nevent: ')
        heard.own += timesIn(text, 'event: notices_written\n')
      })
      // Readers go when the server does: that is no failure of theirs.
      response.once('error', () => undefined)
      resolve(response)
    }).once('error', reject)
  }),
)
const responses = await Promise.all(connected)
process.send?.('connected')
process.once('message', () => {
  process.send?.(heard)
  for (const response of responses) response.destroy()
  process.disconnect()
})

/** `stream-readers.ts URL COUNT`: reads the stream so many times, until it is told to stop. */
import { get, type IncomingMessage } from 'node:http'

const [url = '', count = '0'] = process.argv.slice(2)
let heard = 0

const connected = Array.from({ length: Number(count) }, () =>
  new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/v1/stream`, (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`))
      response.setEncoding('utf8').on('data', (text: string) => {
        heard += text.split('\nevent: ').length - 1
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

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Lie } from './identity-provider.ts'

const program = fileURLToPath(new URL('./identity-provider.ts', import.meta.url))

/** `identity-provider.ts` as a process, and a browser that signs in there. */
export class IdentityProviderProcess {
  issuer = ''
  #child: ChildProcess | undefined

  async start(redirectUri: string): Promise<void> {
    const child = spawn(process.execPath, [program], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, REDIRECT_URI: redirectUri },
    })
    this.#child = child
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{')) continue
      this.issuer = (JSON.parse(line) as { readonly issuer: string }).issuer
      return
    }
    throw new Error('the identity provider did not start')
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
  }

  async lie(lie: Lie): Promise<void> {
    await fetch(`${this.issuer}/lie`, { method: 'POST', body: JSON.stringify(lie) })
  }

  /** Signs in as `name`, from where the market sent the browser; says where it is sent back. */
  async signIn(url: string, name: string): Promise<URL> {
    const cookies = new Map<string, string>()
    let at = new URL(url)
    let form: URLSearchParams | undefined
    for (let step = 0; step < 12; step += 1) {
      if (at.origin !== this.issuer) return at
      const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ')
      const response = await fetch(at, {
        ...{ redirect: 'manual', headers: { cookie } },
        ...(form === undefined ? {} : { method: 'POST', body: form }),
      })
      for (const set of response.headers.getSetCookie()) {
        const [pair = ''] = set.split(';')
        const [key = '', ...value] = pair.split('=')
        cookies.set(key, value.join('='))
      }
      form = undefined
      const location = response.headers.get('location')
      if (location !== null) {
        at = new URL(location, at)
        continue
      }
      const text = await response.text()
      if (!text.includes('name="login"')) throw new Error(`${at.pathname}: ${text.slice(0, 300)}`)
      form = new URLSearchParams({ prompt: 'login', login: name, password: 'any' })
      const action = /action="([^"]+)"/.exec(text)?.[1]
      at = new URL(action ?? at.pathname, at)
    }
    throw new Error('the provider goes round in circles')
  }
}

import { timeFields } from './contract.gen.js'
import { errorOf, NetworkError, PlazaError, TimeoutError } from './errors.js'
import { positionKept } from './position.js'
import { after, pauseBefore, retryAfterOf, sleep, within } from './retry.js'
import type { Auth, Connection, Dated, Limits, Operation, Options, Said } from './types.js'

/** Encodes what stands in a path. */
export const path = (parts: TemplateStringsArray, ...values: (string | number)[]) =>
  parts.reduce((before, part, i) => before + encodeURIComponent(values[i - 1]!) + part)

/** Leaves the operation's query parameters of what was said of a call. */
export const queryOf = ({
  signal, version, idempotencyKey, timeout, attemptTimeout, retries, maxRetryAfter, headers, onResponse, ...query
}: Said = {}): object => query

/** Sends a request once. Whatever keeps the answer away is a PlazaError, but for the caller's own signal. */
const attempt = async (operation: Operation, send: typeof fetch, request: Request, milliseconds: number) => {
  const controller = new AbortController()
  const stop = () => controller.abort()
  const timer = after(milliseconds, stop)
  const { signal } = request
  signal?.addEventListener('abort', stop)
  let requestId: string | undefined
  try {
    const response = await send(request.url, { ...request, signal: controller.signal })
    requestId = response.headers.get('X-Request-Id') ?? undefined
    return { response, requestId, text: await response.text() }
  } catch (cause) {
    signal?.throwIfAborted()
    const failure = { operation: operation.id, requestId, cause }
    throw controller.signal.aborted
      ? new TimeoutError({ ...failure, detail: 'No answer came in time' })
      : new NetworkError({ ...failure, detail: 'The server was not reached' })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

interface Request {
  url: string
  method: string
  headers: Record<string, string>
  body: BodyInit | null
  signal: AbortSignal | undefined
}

/** JSON leaves out what is undefined, and so does a form that is made of it. */
const encode = ({ body, type }: Operation) => {
  if (body === undefined) return null
  const json = JSON.stringify(body)
  return type?.includes('form') ? new URLSearchParams(JSON.parse(json)) : json
}

/** As crypto.randomUUID, which insecure origins lack. */
const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The server's URL without a slash at its end; relative to the page, where there is one. */
const serverAt = (url: string) => {
  try {
    const { protocol, href } = new URL(url.trim(), globalThis.location?.href)
    if (/^https?:$/.test(protocol)) return href.replace(/\/+$/, '')
  } catch {} // said below
  throw new TypeError(`baseUrl has to be a URL such as https://plaza.example, not ${url}`)
}

/** Connects to a server: what every operation takes first. Nothing is sent yet. */
export const connect = <A extends Auth = Auth, const D extends boolean = false>(
  options: Options<A, D>,
): Connection<D, A> => {
  const baseUrl = serverAt(options.baseUrl)
  const send: typeof fetch = options.fetch ?? ((...request) => fetch(...request))
  const given = options.auth
  const auth = (
    typeof given === 'object'
      ? given.connect({ baseUrl, fetch: send })
      : { token: async () => (typeof given === 'function' ? ((await given()) ?? undefined) : given) }
  ) as A
  const position = positionKept()

  const revive = (key: string, value: unknown) =>
    typeof value === 'string' && timeFields.includes(key) ? new Date(value) : value
  const parse = (text: string, ok: boolean) => {
    try {
      return text ? JSON.parse(text, ok && options.dates ? revive : undefined) : undefined
    } catch {
      return null
    }
  }

  const requestOf = (operation: Operation, said: Said): Request => {
    // A path that names nothing, or the folder above, is another one.
    if (/\/\.{0,2}(\/|$)/.test(operation.path))
      throw new PlazaError({ operation: operation.id, detail: `${operation.path} is no path` })
    const url = new URL(baseUrl + operation.path)
    for (const [name, value] of Object.entries(queryOf(said)))
      if (value !== undefined) url.searchParams.append(name, String(value))
    const headers: Record<string, string> = { Accept: 'application/json', ...options.headers, ...said.headers }
    if (operation.body !== undefined) headers['Content-Type'] = operation.type ?? 'application/json'
    if (operation.once) headers['Idempotency-Key'] = said.idempotencyKey ?? randomKey()
    if (said.version) headers['If-Match'] = said.version === '*' ? '*' : `"${said.version}"`
    const shown = position.shown()
    if (shown) headers['X-Database-Position'] = shown
    return { url: url.href, method: operation.method, headers, body: encode(operation), signal: said.signal }
  }

  /** The result that an answer has, or the error that it tells. */
  const resultOf = (operation: Operation, { response, requestId, text }: Awaited<ReturnType<typeof attempt>>) => {
    const { ok, status, headers } = response
    position.tell(headers.get('X-Database-Position')) // also of a write that failed: it may have been done
    const body = parse(text, ok)
    const result = operation.enveloped ? (body?.data ?? null) : body
    return ok && result !== null ? result : errorOf({
      operation: operation.id, status, requestId, retryAfter: retryAfterOf(headers), body: body ?? undefined,
      detail: ok ? 'The answer is not of the contract' : undefined,
    })
  }

  const call = async <T>(operation: Operation, said: Said = {}): Promise<Dated<T, D>> => {
    const limit = <K extends keyof Limits>(key: K) => said[key] ?? options[key]
    const end = performance.now() + (limit('timeout') ?? 60_000)
    const request = requestOf(operation, said)
    const repeatable = operation.once || /GET|DELETE/.test(operation.method)
    const tokenOf = (refused?: string) => {
      const late = () => new TimeoutError({ operation: operation.id, detail: 'No access token came in time' })
      return within(auth.token(refused, said.signal), said.signal, end - performance.now(), late)
    }
    let token: string | undefined
    let renewed = false
    let unsure = false // whether an attempt before this one may have had its effect
    for (let tries = 0; ; tries++) {
      let failure: PlazaError
      let sent = false
      try {
        token ??= await tokenOf()
        said.signal?.throwIfAborted()
        sent = true
        if (token) request.headers['Authorization'] ??= `Bearer ${token}`
        const time = limit('attemptTimeout') ?? (operation.limit ?? 5_000) + 5_000
        const answer = await attempt(operation, send, request, Math.min(time, end - performance.now()))
        limit('onResponse')?.(answer.response)
        const result = resultOf(operation, answer)
        if (!(result instanceof PlazaError)) return result
        failure = result
        if (failure.status === 404 && unsure && operation.method === 'DELETE') return undefined as Dated<T, D>
        if (failure.status === 401 && token && !renewed) {
          sent = false // it was refused
          const other = await tokenOf(token)
          renewed = true
          if (other && other !== token) {
            request.headers['Authorization'] = `Bearer ${(token = other)}`
            tries--
            continue
          }
        }
      } catch (error) {
        if (!(error instanceof NetworkError || error instanceof TimeoutError)) throw error
        failure = error
      }
      const pause = pauseBefore(tries, failure, repeatable || !sent, limit('maxRetryAfter') ?? 5_000)
      if (tries >= (limit('retries') ?? 2) || performance.now() + pause >= end) throw failure
      unsure ||= sent && !(failure.retryAfter! >= 0)
      await sleep(pause, said.signal)
    }
  }
  return { auth, dates: (options.dates ?? false) as D, call }
}

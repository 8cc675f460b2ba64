import type { PlazaError } from './errors.js'

/** Reads Retry-After (RFC 9110, section 10.2.3) in seconds; a date counts from the server's own clock, where it tells it. */
export const retryAfterOf = (headers: Headers): number | undefined => {
  const value = headers.get('Retry-After')
  if (!value) return undefined
  const seconds = +value
  if (seconds >= 0) return seconds
  const now = Date.parse(headers.get('Date') ?? '') || Date.now()
  const date = Date.parse(value)
  return date ? Math.max(0, (date - now) / 1000) : undefined
}

/**
 * How long to wait before an attempt is repeated, in milliseconds; Infinity where it must not be.
 *
 * An answer with Retry-After (409, 429, 503) tells that nothing was done. All else may have had its effect, and is
 * repeated only where a second time does no harm: after a pause of a random part of 0.25, 0.5, 1, … 8 s.
 */
export const pauseBefore = (tries: number, failure: PlazaError, repeatable: boolean, longest: number): number => {
  const { status, retryAfter } = failure
  if (retryAfter !== undefined && [409, 429, 503].includes(status!)) return retryAfter * 1000 <= longest ? retryAfter * 1000 : Infinity
  return repeatable && (!status || [408, 429, 502, 503, 504].includes(status))
    ? Math.random() * Math.min(8_000, 250 * 2 ** tries)
    : Infinity
}

/** Calls back later, or never: what timers cannot count they take for nothing. */
export const after = (milliseconds: number, call: () => void) =>
  milliseconds < 2 ** 31 ? setTimeout(call, milliseconds) : undefined

/**
 * Waits for work that goes on in any case: no longer than the signal allows, whose reason is thrown, and no longer than
 * so many milliseconds, when what `late` gives is thrown.
 */
export const within = <T>(work: Promise<T>, signal?: AbortSignal, milliseconds = Infinity, late?: () => unknown) => {
  let timer: ReturnType<typeof after>
  let leave: () => void
  const end = new Promise<never>((_, reject) => {
    leave = () => reject(signal!.reason)
    timer = after(milliseconds, () => reject(late!()))
    signal?.addEventListener('abort', leave)
    if (signal?.aborted) leave()
  })
  return Promise.race([work, end]).finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
  })
}

/** Waits, unless the signal ends it: then its reason is thrown. */
export const sleep = (milliseconds: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    signal?.throwIfAborted()
    const end = () => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', end)
  })

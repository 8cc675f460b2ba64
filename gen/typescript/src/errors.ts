import type { OAuthError, Problem, ProblemField, ProblemType } from './types.gen.js'

/** What is known of a call that failed. */
export interface Failure {
  /** The operationId, `getUser`. */
  operation: string
  /** The HTTP status; none where there was no answer. */
  status?: number | undefined
  /** The answer's body: a problem (RFC 9457), or an error in OAuth's words; none where there was none. */
  body?: Partial<Problem> | OAuthError | undefined
  /** The answer's X-Request-Id, which the server's log has too. */
  requestId?: string | undefined
  /** In how many seconds to try again. */
  retryAfter?: number | undefined
  cause?: unknown
  detail?: string | undefined
}

/** How many faults the text of an error has. */
const shown = 3

/** A call that failed. What went wrong is told by the class; everything else stands in the properties. */
export class PlazaError extends Error {
  override readonly name: string = 'PlazaError'
  /** The operationId of the call. */
  readonly operation: string
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined
  /** The sort of problem, which programs may rely on; undefined where the answer was none of the contract's. */
  readonly type: ProblemType | undefined
  /** A few words for people: what sort of problem it is. */
  readonly title: string
  /** What went wrong this time, for people. */
  readonly detail: string
  /** What to tell whoever runs the server. */
  readonly requestId: string | undefined
  /** The whole problem as it was answered (RFC 9457). */
  readonly problem: Problem | undefined
  /** In how many seconds to try again; undefined where nobody said so. */
  readonly retryAfter: number | undefined

  constructor(failure: Failure) {
    const body = (failure.body ?? {}) as Partial<Problem & OAuthError>
    const title = body.title ?? body.error ?? failure.detail ?? `HTTP ${failure.status}`
    const detail = body.detail ?? body.error_description ?? failure.detail ?? title
    // A single fault stands in the detail.
    const faults = (body.errors ?? []).slice(0, shown).map((fault) => `; ${fault.pointer ?? fault.name}: ${fault.detail}`)
    super(`${failure.operation}: ${detail}${faults.length > 1 ? faults.join('') : ''}`, { cause: failure.cause })
    this.operation = failure.operation
    this.status = failure.status
    this.type = body.type
    this.title = title
    this.detail = detail
    this.requestId = failure.requestId ?? body.request_id
    this.problem = body.type ? (body as Problem) : undefined
    this.retryAfter = failure.retryAfter
  }

  /** Every fault, in the order of the contract: a `pointer` into the body, or the `name` of a parameter. */
  get errors(): ProblemField[] {
    return this.problem?.errors ?? []
  }

  /** What to show beside the fields of a form: messages by pointer (`/email`), or by the parameter's name. */
  get fields(): Record<string, string[]> {
    const fields: Record<string, string[]> = {}
    for (const { pointer, name, detail } of this.errors) (fields[pointer ?? name ?? ''] ??= []).push(detail)
    return fields
  }
}

/** 400 or 422: the request is not allowed as it is. `errors` names every fault at once. */
export class ValidationError extends PlazaError {
  override readonly name = 'ValidationError'
}

/** 401 or 403, or sign-in that failed: who calls is not known, or may not do this. */
export class AuthError extends PlazaError {
  override readonly name = 'AuthError'
  /** OAuth's word for it (RFC 6749, sections 4.1.2.1 and 5.2), such as `access_denied`; undefined elsewhere. */
  readonly code: string | undefined

  constructor(failure: Failure) {
    super(failure)
    this.code = (failure.body as Partial<OAuthError> | undefined)?.error
  }
}

/** 404: there is no such thing, or the caller may not see it. */
export class NotFoundError extends PlazaError {
  override readonly name = 'NotFoundError'
}

/** 409: in conflict with what is stored, such as an e-mail address that is taken. */
export class ConflictError extends PlazaError {
  override readonly name = 'ConflictError'
}

/** 412 or 428: the resource has changed since that version, or the call named none. */
export class StaleVersionError<T = unknown> extends PlazaError {
  override readonly name = 'StaleVersionError'
  /** The resource as it is now; undefined where it could not be read. */
  current: T | undefined
}

/** 429: too many calls; `retryAfter` tells in how many seconds there are more. */
export class RateLimitError extends PlazaError {
  override readonly name = 'RateLimitError'
  /** In how many seconds to try again. */
  declare readonly retryAfter: number
}

/** No answer came in time; nobody knows what became of the request. */
export class TimeoutError extends PlazaError {
  override readonly name = 'TimeoutError'
}

/**
 * The server was not reached, or the connection broke, or a browser keeps the answer from this origin (CORS); nobody knows
 * what became of the request.
 */
export class NetworkError extends PlazaError {
  override readonly name = 'NetworkError'
}

const classes: Record<number, new (failure: Failure) => PlazaError> = {
  400: ValidationError,
  401: AuthError,
  403: AuthError,
  404: NotFoundError,
  409: ConflictError,
  412: StaleVersionError,
  422: ValidationError,
  428: StaleVersionError,
  429: RateLimitError,
}

/**
 * Makes the error of an answer. OAuth's errors are AuthErrors, but for too many calls and for a server that fails: the
 * proxies before one say `error` too.
 */
export const errorOf = (failure: Failure): PlazaError => {
  if (failure.status === 429) failure.retryAfter ??= 1 // as where a proxy says so
  const oauth = 'error' in Object(failure.body) && !(failure.status! >= 429)
  return new (oauth ? AuthError : (classes[failure.status ?? 0] ?? PlazaError))(failure)
}

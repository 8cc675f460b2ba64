export * from './auth/index.js'
export { connect } from './connect.js'
export { contractHash, contractVersion } from './contract.gen.js'
export {
  AuthError, ConflictError, NetworkError, NotFoundError, PlazaError, RateLimitError, StaleVersionError, TimeoutError,
  ValidationError,
} from './errors.js'
export type { List } from './list.js'
export * from './operations.gen.js'
export * from './plaza.gen.js'
export type * from './schemas.gen.js'
export type { Auth, AuthFactory, CallOptions, Connection, Dated, Limits, Once, Options, Versioned } from './types.js'

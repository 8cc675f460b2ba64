export { clientCredentials, type ClientCredentials } from './client_credentials.js'
export { signIn, type SignIn } from './sign_in.js'
export type { Claims, SignInConfig, SignInOptions, Store } from './types.js'

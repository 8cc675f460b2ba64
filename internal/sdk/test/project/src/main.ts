import {
  clientCredentials, createPlaza, type List, PlazaError, type Plaza, RateLimitError, signIn, type User, type UserList,
  ValidationError,
} from '@plaza/client'

const plaza = createPlaza({
  baseUrl: 'https://plaza.example',
  auth: signIn({ clientId: 'town-board', redirectUri: 'https://board.example/callback', scope: 'openid users:read' }),
})

/** Takes options that may be undefined, as they are where a caller passes its own on. */
export async function rename(id: number, name: string, signal?: AbortSignal): Promise<User | Record<string, string[]>> {
  try {
    const user = await plaza.users.get(id, { include: 'posts', timeout: 1000, signal })
    return await plaza.users.update(id, { name }, { version: user.version, signal })
  } catch (error) {
    if (error instanceof ValidationError) return error.fields
    if (error instanceof RateLimitError) throw new Error(`again in ${error.retryAfter.toFixed()} s`, { cause: error })
    if (error instanceof PlazaError && error.type === 'urn:plaza:problem:request-timeout') return {}
    throw error
  }
}

export const list: List<User, UserList> = plaza.users.list({ tag: 'admin' })

const service: Plaza<true> = createPlaza({
  baseUrl: 'https://plaza.example',
  auth: clientCredentials({ clientId: 'importer', clientSecret: 'secret', scope: 'users:read' }),
  dates: true,
})
export const created: Promise<Date> = service.users.get(5).then((user) => user.created_at)

// @ts-expect-error: no such property
void plaza.users.update(5, { nmae: 'Ann' }, { version: 1 })
// @ts-expect-error: a change needs a version
void plaza.users.update(5, { name: 'Ann' })
// @ts-expect-error: no such status
void plaza.users.list({ status: 'asleep' })
// @ts-expect-error: no such sort of problem
export const isTea = (error: PlazaError) => error.type === 'urn:plaza:problem:teapot'

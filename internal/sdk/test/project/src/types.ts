// What the compiler says of calls. It is compiled and never run: a line that should not compile and does is an error too.
import {
  type AuthFactory, connect, createPlaza, type CreateUserOptions, getUser, type Session, StaleVersionError, type User, type UserPatch,
  type UserSignUp,
} from '@plaza/client'
import { createPostMutation, createUserMutation, getUserOptions, listUsersInfiniteOptions, updateUserMutation } from '@plaza/client/react-query'
import { zUserSignUp } from '@plaza/client/zod'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(..._: Same<A, B> extends true ? [] : ['not the same']) => {}

const plaza = createPlaza({ baseUrl: '' })
const dated = createPlaza({ baseUrl: '', dates: true })

export async function reads() {
  const user = await plaza.users.get(1, { include: 'posts' })
  same<typeof user, User>()
  same<typeof user.created_at, string>()
  const page = await plaza.users.list({ tag: 'admin', signal: AbortSignal.timeout(1) })
  same<(typeof page.items)[number], User>()
  for await (const session of plaza.sessions.list()) same<typeof session, Session>()
  // @ts-expect-error: no such parameter
  await plaza.users.list({ colour: 'red' })
  // @ts-expect-error: no such value
  await plaza.users.list({ sort: 'age' })
  // @ts-expect-error: an id is a number
  await plaza.users.get('1')
}

export async function dates() {
  const user = await dated.users.get(1)
  same<typeof user.created_at, Date>()
  same<typeof user.updated_at, Date | null>()
  same<typeof user.name, string>()
  for await (const post of dated.posts.list()) {
    same<typeof post.created_at, Date>()
    same<typeof post.author.name, string>()
  }
  await dated.users.updateWith(1, ({ updated_at }) => ({ age: updated_at ? updated_at.getFullYear() : 13 }))
  const one = await getUser(connect({ baseUrl: '', dates: true }), 1)
  same<typeof one.created_at, Date>()
}

export async function writes() {
  await plaza.users.update(1, { age: 31 }, { version: 3 })
  // @ts-expect-error: a change says of which version
  await plaza.users.update(1, { age: 31 })
  // @ts-expect-error: a name has no null
  await plaza.users.update(1, { name: null }, { version: 3 })
  // @ts-expect-error: age and email are missing
  await plaza.users.create({ name: 'Ann' })
  // @ts-expect-error: what is changed needs no key
  await plaza.users.update(1, {}, { version: 3, idempotencyKey: 'k' })
  same<Awaited<ReturnType<typeof plaza.users.delete>>, void>()
  try {
    await plaza.users.update(1, {}, { version: '*' })
  } catch (error) {
    if (error instanceof StaleVersionError && error.type === 'urn:plaza:problem:stale-version') throw error
    // @ts-expect-error: no such sort of problem
    if (error instanceof StaleVersionError && error.type === 'urn:plaza:problem:stale') throw error
  }
}

export function auths(factory: AuthFactory<{ token(): Promise<string>; user: User }>) {
  same<typeof signedIn.auth.user, User>()
  const signedIn = createPlaza({ baseUrl: '', auth: factory })
  createPlaza({ baseUrl: '', auth: 'token' })
  createPlaza({ baseUrl: '', auth: async () => undefined })
  createPlaza({ baseUrl: '', auth: () => localStorage.getItem('token') })
}

export function queries() {
  const { queryFn } = getUserOptions(dated, 1)
  same<Awaited<ReturnType<Extract<typeof queryFn, (...context: never[]) => unknown>>>['created_at'], Date>()
  listUsersInfiniteOptions(plaza, { status: 'active' })
  // @ts-expect-error: pages follow one another by themselves
  listUsersInfiniteOptions(plaza, { cursor: 'c' })
  const { mutationFn } = updateUserMutation(plaza)
  type Variables = Parameters<NonNullable<typeof mutationFn>>[0]
  const create = createUserMutation(plaza).mutationFn
  same<Parameters<NonNullable<typeof create>>[0], UserSignUp | [body: UserSignUp, options?: CreateUserOptions]>()
  same<[Variables[0], Variables[1], Variables[2]['version']], [number, UserPatch, number | '*']>()
  createPostMutation(plaza)
  const parsed = zUserSignUp.safeParse({})
  if (parsed.success) same<typeof parsed.data.email, string>()
}

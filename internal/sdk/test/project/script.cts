import { createPlaza, type User } from '@plaza/client'
import { getUserQueryKey } from '@plaza/client/react-query'
import { zUser } from '@plaza/client/zod'

const plaza = createPlaza({ baseUrl: 'https://plaza.example' })
export const name: Promise<string> = plaza.users.get(5).then((user) => user.name)
export const key: readonly unknown[] = getUserQueryKey(5)
export const parse = (value: unknown): User => zUser.parse(value)

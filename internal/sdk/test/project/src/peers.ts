import { createPlaza, type UserSignUp } from '@plaza/client'
import { createUserMutation, getUserOptions, listUsersInfiniteOptions, namespaceKey } from '@plaza/client/react-query'
import { zUserSignUp } from '@plaza/client/zod'
import { QueryClient, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'

const plaza = createPlaza({ baseUrl: 'https://plaza.example' })
const queries = new QueryClient()

export function usePerson(id: number): string | undefined {
  const person = useQuery(getUserOptions(plaza, id))
  return person.error ? (person.error.requestId ?? person.error.title) : person.data?.display_name
}

export function useEmails(): string[] | undefined {
  const admins = useInfiniteQuery(listUsersInfiniteOptions(plaza, { tag: 'admin' }))
  if (admins.error) return [admins.error.requestId ?? admins.error.title]
  return admins.data?.pages.flatMap((page) => page.items.map((user) => user.email))
}

export const useSignUp = () =>
  useMutation({
    ...createUserMutation(plaza),
    onSuccess: () => queries.invalidateQueries({ queryKey: namespaceKey('users') }),
  })

export const checked = (form: FormData): UserSignUp => zUserSignUp.parse(Object.fromEntries(form))

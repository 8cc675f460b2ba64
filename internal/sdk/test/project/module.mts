import { createPlaza, NotFoundError } from '@plaza/client'

export const read = (id: number): Promise<string | undefined> =>
  createPlaza({ baseUrl: 'https://plaza.example' }).users.get(id).then(
    (user) => user.name,
    (error: unknown) => {
      if (error instanceof NotFoundError) return undefined
      throw error
    },
  )

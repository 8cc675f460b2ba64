import type { Connection, Dated, Operation, Said } from './types.js'

/**
 * A list that is asked for: `await` gives the page that was asked for, `for await` every item from there on, page by
 * page. Nothing is sent before one of the two begins.
 */
export interface List<Item, Page> extends Promise<Page>, AsyncIterable<Item> {
  /** Every page, beginning with the one that was asked for. */
  pages(): AsyncIterable<Page>
}

/** What every page has. */
interface Items {
  items: readonly unknown[]
  next_cursor?: string | null
}

/** How a list goes on: with `cursor` by next_cursor, with a number by the id of the last item of so many; else not. */
type By = 'cursor' | number | undefined

const next = (page: Items, by: By): object | undefined => {
  if (by === 'cursor') return page.next_cursor ? { cursor: page.next_cursor, page: undefined } : undefined
  return page.items.length === by ? { after: (page.items.at(-1) as { id: unknown }).id } : undefined
}

/** Makes a list of an operation. */
export const list = <Item, Page, D extends boolean>(
  connection: Connection<D>,
  operation: Operation,
  options: Said | undefined,
  by?: By,
): List<Dated<Item, D>, Dated<Page, D>> => {
  const page = (more?: object) => connection.call<Page>(operation, { ...options, ...more })
  async function* pages() {
    for (let more: object | undefined = {}; more;) {
      const current = await page(more)
      yield current
      more = next(current as Items, by)
    }
  }
  let asked: Promise<Dated<Page, D>> | undefined
  const first = () => (asked ??= page())
  return {
    then: (resolve, reject) => first().then(resolve, reject),
    catch: (reject) => first().catch(reject),
    finally: (last) => first().finally(last),
    [Symbol.toStringTag]: 'List',
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const { items } of pages() as AsyncIterable<Items>) yield* items as Dated<Item, D>[]
    },
  }
}

/** For how long the SDK shows what a write has left in the database, so that no replica that lacks it answers. */
const kept = 30_000

/** Where in the database's log a position is. */
const placeOf = (position: string) => position.split('/').reduce((place, half) => place * 2 ** 32 + parseInt(half, 16), 0)

/** Remembers the last position that writes have told. */
export const positionKept = () => {
  let last = ''
  let end = 0
  return {
    /** Of writes at once the last to be answered may not be the last; what is old all have by now. */
    tell(position: string | null) {
      const now = performance.now()
      if (!position || now < end - kept / 2 && placeOf(position) < placeOf(last)) return
      last = position
      end = now + kept
    },
    shown: () => (performance.now() < end ? last : undefined),
  }
}

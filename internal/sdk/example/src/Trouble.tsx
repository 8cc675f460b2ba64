// What went wrong, in words for people, and what can be done about it.
import {
  AuthError, ConflictError, NetworkError, NotFoundError, PlazaError, RateLimitError, TimeoutError, ValidationError,
} from '@plaza/client'
import { useEffect, useEffectEvent, useState } from 'react'

/** Errors that the same request would meet again. */
const lasting = [AuthError, ConflictError, NotFoundError, ValidationError]

/** Shows an error. Where that may help, `again` is done once more: by a button, and by itself when a limit is over. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const [title, text] = words(error)
  const isFinal = lasting.some((kind) => error instanceof kind)
  return (
    <div className="trouble" role="alert">
      <p><strong>{title}</strong> {text}</p>
      {again && !isFinal && (error instanceof RateLimitError
        ? <Countdown key={error.requestId} seconds={error.retryAfter} over={again} />
        : <button type="button" className="second" onClick={again}>Try again</button>)}
    </div>
  )
}

function words(error: unknown): [title: string, text: string] {
  if (error instanceof RateLimitError) return ['That was a lot at once.', 'Plaza asks for a moment.']
  if (error instanceof NetworkError) return ['Plaza cannot be reached.', 'Nothing that you wrote is lost.']
  if (error instanceof TimeoutError) return ['Plaza takes too long.', 'Nothing that you wrote is lost.']
  if (error instanceof NotFoundError) return ['There is nothing here.', 'It may have been deleted, or not be yours.']
  if (error instanceof AuthError) return ['You may not do that.', error.detail]
  if (error instanceof ValidationError) return ['Something is not right yet.', 'See beside the fields.']
  if (error instanceof ConflictError) return ['That is taken.', 'See beside the fields.']
  if (error instanceof PlazaError) return [`${error.title}.`, `${error.detail} (Request ${error.requestId})`]
  throw error // a fault of ours, for the console and not for the page
}

/** Counts the seconds down, by the clock, as timers of a tab in the background are late. */
function Countdown({ seconds, over }: { seconds: number; over: () => void }) {
  const [left, setLeft] = useState(seconds)
  const finish = useEffectEvent(over)
  useEffect(() => {
    const end = Date.now() + seconds * 1000
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((end - Date.now()) / 1000))
      setLeft(rest)
      if (rest > 0) return
      clearInterval(timer)
      finish()
    }, 250)
    return () => clearInterval(timer)
  }, [seconds])
  return <p>Goes on by itself in <span role="timer">{left} s</span>.</p>
}

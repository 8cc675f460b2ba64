// A time of the API, in the reader's language and time zone.
const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export function When({ time }: { time: string }) {
  return <time dateTime={time}>{format.format(new Date(time))}</time>
}

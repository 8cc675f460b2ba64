// That something is on its way, or will be once there is a network.
export function Loading({ isPaused }: { isPaused: boolean }) {
  return <p role="status" className="soft">{isPaused ? 'Waits for the network.' : 'Loading …'}</p>
}

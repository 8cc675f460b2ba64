// Starts the application: ends a sign-in that is under way, then shows who is there what they may see.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { plaza } from './plaza'
import './style.css'

// The SDK repeats what is safe to repeat; TanStack Query waits while there is no network.
const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 10_000 } } })

let refusal: unknown
try {
  const back = await plaza.auth.handleRedirect()
  if (back) history.replaceState(null, '', back.returnTo)
} catch (error) {
  refusal = error
  history.replaceState(null, '', '/')
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App refusal={refusal} />
    </QueryClientProvider>
  </StrictMode>,
)

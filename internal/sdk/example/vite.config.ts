import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // Plaza lets this origin call, and the client plaza-console come back to it.
  server: { host: 'localhost', port: 5173, strictPort: true },
})

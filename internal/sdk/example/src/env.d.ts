interface ImportMetaEnv {
  readonly VITE_PLAZA_URL: string
  readonly VITE_CLIENT_ID: string
}

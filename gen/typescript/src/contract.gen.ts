// Written by make generate from openapi.yaml; do not edit.
/** The version of the contract that this package was made from: its info.version. */
export const contractVersion = '0.1.0'

/** The SHA-256 of that contract, in hexadecimal. */
export const contractHash = '2f1e74623da719a3e5d7a6c19787395f7ea8eae0bf9f36dd209e5a43817d27b7'

/** The properties that hold times. */
export type TimeField = 'created_at' | 'expires_at' | 'timestamp' | 'updated_at'
export const timeFields: readonly string[] = ['created_at', 'expires_at', 'timestamp', 'updated_at'] satisfies TimeField[]

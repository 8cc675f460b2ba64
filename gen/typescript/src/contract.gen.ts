// Written by make generate from openapi.yaml; do not edit.
/** The version of the contract that this package was made from: its info.version. */
export const contractVersion = '0.1.0'

/** The SHA-256 of that contract, in hexadecimal. */
export const contractHash = 'd8058b0431e74b9f5bb17a2ec3c7f3b951399d61f62a13ae76376fc5e96b8b2e'

/** The properties that hold times. */
export type TimeField = 'created_at' | 'expires_at' | 'timestamp' | 'updated_at'
export const timeFields: readonly string[] = ['created_at', 'expires_at', 'timestamp', 'updated_at'] satisfies TimeField[]

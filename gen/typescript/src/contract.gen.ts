// Written by make generate from openapi.yaml; do not edit.
/** The version of the contract that this package was made from: its info.version. */
export const contractVersion = '0.1.0'

/** The SHA-256 of that contract, in hexadecimal. */
export const contractHash = 'e7b697b776c8894696dff3600c59db5246068d4efe41c8f17f1a2c591a306ef7'

/** The properties that hold times. */
export type TimeField = 'created_at' | 'expires_at' | 'timestamp' | 'updated_at'
export const timeFields: readonly string[] = ['created_at', 'expires_at', 'timestamp', 'updated_at'] satisfies TimeField[]

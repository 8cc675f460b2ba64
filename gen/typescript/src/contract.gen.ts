// Written by make generate from openapi.yaml; do not edit.
/** The version of the contract that this package was made from: its info.version. */
export const contractVersion = '0.1.0'

/** The SHA-256 of that contract, in hexadecimal. */
export const contractHash = '246ee49be0e1c264df031b555ba755343f75c221c3e12daaeea659c461cbcbc2'

/** The properties that hold times. */
export type TimeField = 'created_at' | 'expires_at' | 'timestamp' | 'updated_at'
export const timeFields: readonly string[] = ['created_at', 'expires_at', 'timestamp', 'updated_at'] satisfies TimeField[]

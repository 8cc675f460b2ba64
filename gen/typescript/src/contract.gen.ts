// Written by make generate from openapi.yaml; do not edit.
/** The version of the contract that this package was made from: its info.version. */
export const contractVersion = '0.1.0'

/** The SHA-256 of that contract, in hexadecimal. */
export const contractHash = '61045e89b3b7c8c73b8409f345f7d0536fe98c82705bc666dc81d4740b112f72'

/** The properties that hold times. */
export type TimeField = 'created_at' | 'expires_at' | 'timestamp' | 'updated_at'
export const timeFields: readonly string[] = ['created_at', 'expires_at', 'timestamp', 'updated_at'] satisfies TimeField[]

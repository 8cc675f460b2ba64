// Made from openapi.yaml by internal/sdk; not to be edited.

/** The version of the contract that this SDK was made from. */
export const contractVersion = '0.1.0'

/** The SHA-256 of that contract. */
export const contractHash = 'e7b697b776c8894696dff3600c59db5246068d4efe41c8f17f1a2c591a306ef7'

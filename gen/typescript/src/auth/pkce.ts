/** 244 random bits, in letters that a verifier may have (RFC 7636, section 4.1). */
export const random = () => crypto.randomUUID() + crypto.randomUUID()

/** The challenge that a verifier answers (RFC 7636, section 4.2), in base64url without padding. */
export const challengeOf = async (verifier: string) => {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return btoa(String.fromCharCode(...new Uint8Array(hash))).replace(/\+/g, '-').replace(/\//g, '_').replace('=', '')
}

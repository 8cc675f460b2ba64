-- name: InsertRefreshToken :exec
INSERT INTO refresh_tokens (hash, grant_id) VALUES (@hash, @grant_id) ON CONFLICT (hash) DO NOTHING;

-- name: GetRefreshTokenForUpdate :one
-- Locks the token: of several refreshes at once one comes first.
SELECT refresh_tokens.*, grants.client_id,
    coalesce(refresh_tokens.used_at < now() - interval '10 seconds', false)::boolean AS is_reused
FROM refresh_tokens
INNER JOIN grants ON refresh_tokens.grant_id = grants.id
WHERE refresh_tokens.hash = @hash
FOR UPDATE OF refresh_tokens;

-- name: UpdateRefreshTokenUsed :exec
UPDATE refresh_tokens SET used_at = coalesce(used_at, now()) WHERE hash = @hash;

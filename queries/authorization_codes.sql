-- name: InsertAuthorizationCode :exec
INSERT INTO authorization_codes (hash, session_id, client_id, redirect_uri, code_challenge, nonce, scopes)
VALUES (@hash, @session_id, @client_id, @redirect_uri, @code_challenge, @nonce, @scopes);

-- name: GetAuthorizationCodeForUpdate :one
-- Locks the code: of several exchanges at once one comes first.
SELECT * FROM authorization_codes WHERE hash = @hash FOR UPDATE;

-- name: UpdateAuthorizationCodeUsed :exec
UPDATE authorization_codes SET used_at = now(), grant_id = @grant_id WHERE hash = @hash;

-- name: DeleteOldAuthorizationCodes :exec
-- Used ones stay for a day, so that a second use is known for one.
DELETE FROM authorization_codes WHERE hash IN (
    SELECT c.hash FROM authorization_codes AS c WHERE c.created_at < now() - interval '1 day' ORDER BY c.created_at LIMIT 20
);

-- name: GetSigningKeysLock :exec
-- Holds off every other server that would make the first key, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('signing_keys'));

-- name: ListSigningKeys :many
-- The newest first, and those that were the newest within the life of the longest token.
-- check: seq-scan there are as many keys as were ever made, a few a year
SELECT k.id, k.public_key, k.private_key FROM (
    SELECT *, lag(created_at) OVER (ORDER BY created_at DESC, id DESC) AS succeeded_at FROM signing_keys
) AS k
WHERE k.succeeded_at IS NULL OR k.succeeded_at > now() - interval '25 hours'
ORDER BY k.created_at DESC, k.id DESC;

-- name: InsertSigningKey :exec
INSERT INTO signing_keys (id, public_key, private_key) VALUES (@id, @public_key, @private_key);

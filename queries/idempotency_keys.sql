-- name: GetIdempotencyKeyLock :one
-- Whether nobody else works under the key; nobody else will until the transaction ends. Two keys with one number
-- only keep each other off for that long.
SELECT pg_try_advisory_xact_lock(@number::bigint)::boolean AS locked;

-- name: GetIdempotencyKey :one
SELECT * FROM idempotency_keys WHERE id = @id AND created_at > now() - interval '24 hours';

-- name: DeleteExpiredIdempotencyKeys :exec
-- The key's own, and ten others that nobody else is deleting.
DELETE FROM idempotency_keys WHERE id = ANY(array_append(ARRAY(
    SELECT i.id FROM idempotency_keys AS i
    WHERE i.created_at <= now() - interval '24 hours'
    ORDER BY i.created_at
    LIMIT 10
    FOR UPDATE SKIP LOCKED
), @id::bytea));

-- name: InsertIdempotencyKey :exec
INSERT INTO idempotency_keys (id, fingerprint, status, content_type, location, etag, body)
VALUES (@id, @fingerprint, @status, @content_type, @location, @etag, @body);

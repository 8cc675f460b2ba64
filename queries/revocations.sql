-- name: ListRevocations :many
-- No token lives longer than a day.
SELECT * FROM revocations WHERE created_at > greatest(@after::timestamptz, now() - interval '25 hours');

-- name: InsertRevocation :exec
INSERT INTO revocations (subject) VALUES (@subject);

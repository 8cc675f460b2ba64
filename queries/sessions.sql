-- name: InsertSession :one
INSERT INTO sessions (user_id, token_hash, user_agent, address, expires_at)
VALUES (@user_id, @token_hash, @user_agent, @address, now() + interval '30 days')
RETURNING *;

-- name: GetSessionByToken :one
-- The session of a cookie, with its person.
SELECT sqlc.embed(sessions), sqlc.embed(users) FROM sessions
INNER JOIN users ON sessions.user_id = users.id
WHERE sessions.token_hash = @token_hash AND sessions.expires_at > now()
    AND users.deleted_at IS NULL AND users.status <> 'suspended';

-- name: GetSession :one
SELECT * FROM sessions WHERE id = @id AND expires_at > now();

-- name: ListSessions :many
SELECT * FROM sessions WHERE user_id = @user_id AND expires_at > now() ORDER BY created_at DESC, id LIMIT 100;

-- name: DeleteSession :execrows
DELETE FROM sessions WHERE id = @id AND user_id = @user_id;

-- name: DeleteSessionByToken :exec
DELETE FROM sessions WHERE token_hash = @token_hash;

-- name: DeleteSessionsByUser :exec
DELETE FROM sessions WHERE user_id = @user_id;

-- name: DeleteExpiredSessions :exec
DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions AS s WHERE s.expires_at < now() ORDER BY s.expires_at LIMIT 20);

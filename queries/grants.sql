-- name: InsertGrant :one
INSERT INTO grants (session_id, client_id, scopes) VALUES (@session_id, @client_id, @scopes) RETURNING *;

-- name: GetGrant :one
-- A grant with its session and its person, while both are good.
SELECT sqlc.embed(grants), sqlc.embed(sessions), sqlc.embed(users) FROM grants
INNER JOIN sessions ON grants.session_id = sessions.id
INNER JOIN users ON sessions.user_id = users.id
WHERE grants.id = @id AND sessions.expires_at > now()
    AND users.deleted_at IS NULL AND users.status <> 'suspended';

-- name: DeleteGrant :exec
DELETE FROM grants WHERE id = @id;

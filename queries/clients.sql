-- name: GetClient :one
SELECT * FROM clients WHERE id = @id;

-- name: ListClients :many
SELECT * FROM clients WHERE id > @after ORDER BY id LIMIT @size;

-- name: InsertClient :one
INSERT INTO clients (id, name, kind, secret_hash, redirect_uris, post_logout_redirect_uris, scopes)
VALUES (@id, @name, @kind, @secret_hash, @redirect_uris, @post_logout_redirect_uris, @scopes)
RETURNING *;

-- name: UpdateOwnClient :exec
-- Makes it where there is none.
INSERT INTO clients (id, name, kind, redirect_uris, post_logout_redirect_uris, scopes)
VALUES (@id, @name, @kind, @redirect_uris, @post_logout_redirect_uris, @scopes)
ON CONFLICT (id) DO UPDATE SET redirect_uris = excluded.redirect_uris,
  post_logout_redirect_uris = excluded.post_logout_redirect_uris, scopes = excluded.scopes;

-- name: UpdateClientSecret :one
-- No row: there is no such client, or it is public and has no secret.
UPDATE clients SET secret_hash = @secret_hash, version = version + 1, updated_at = now()
WHERE id = @id AND kind <> 'public'
RETURNING *;

-- name: DeleteClient :execrows
DELETE FROM clients WHERE id = @id;

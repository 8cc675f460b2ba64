-- name: GetPassword :one
SELECT hash FROM passwords WHERE user_id = @user_id;

-- name: InsertPassword :exec
INSERT INTO passwords (user_id, hash) VALUES (@user_id, @hash);

-- name: UpdatePassword :exec
-- Sets the password, be it the first one. A change ends the person's sessions.
INSERT INTO passwords (user_id, hash) VALUES (@user_id, @hash)
ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, created_at = now();

-- name: DeletePassword :exec
DELETE FROM passwords WHERE user_id = @user_id;

-- name: GetUserToSignIn :one
-- A live user with the hash of the password; it is empty where there is none.
SELECT sqlc.embed(users), coalesce(passwords.hash, '')::text AS password_hash FROM users
LEFT JOIN passwords ON users.id = passwords.user_id
WHERE lower(users.email) = lower(@email::text) AND users.deleted_at IS NULL AND users.status <> 'suspended';

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

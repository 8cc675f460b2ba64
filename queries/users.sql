-- name: GetUser :one
SELECT * FROM users WHERE id = @id AND deleted_at IS NULL;

-- name: ListUsersByIDs :many
SELECT * FROM users WHERE id = ANY(@ids::bigint[]) AND deleted_at IS NULL;

-- name: GetUserWithPosts :one
-- The user and the latest 20 posts, as one row of one statement.
SELECT
    sqlc.embed(users),
    (
        SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.created_at DESC, p.id DESC), '[]')
        FROM (
            SELECT * FROM live_posts WHERE author_id >= users.id AND author_id <= users.id
            ORDER BY author_id DESC, created_at DESC, id DESC
            LIMIT 20
        ) AS p
    )::jsonb AS posts
FROM users
WHERE users.id = @id AND users.deleted_at IS NULL;

-- name: GetUserForUpdate :one
-- Locks the user against every other writer until the transaction ends.
SELECT * FROM users WHERE id = @id AND deleted_at IS NULL FOR NO KEY UPDATE;

-- name: GetDeletedUserForUpdate :one
-- Locks the user, deleted or not.
SELECT * FROM users WHERE id = @id FOR NO KEY UPDATE;

-- name: GetUserToSignIn :one
-- A live user with the hash of the password; it is empty where there is none.
SELECT sqlc.embed(users), coalesce(passwords.hash, '')::text AS password_hash FROM users
LEFT JOIN passwords ON users.id = passwords.user_id
WHERE lower(users.email) = lower(@email::text) AND users.deleted_at IS NULL AND users.status <> 'suspended';

-- name: GetFirstUserByRole :one
-- check: seq-scan developers act as this user, on machines with few
SELECT * FROM users
WHERE role = @role AND status <> 'suspended' AND deleted_at IS NULL
ORDER BY id
LIMIT 1;

-- name: InsertUser :one
INSERT INTO users (name, email, age, status, tags)
VALUES (@name, @email, @age, @status, @tags)
RETURNING *;

-- name: InsertUsers :many
-- A row whose e-mail address is taken, by a live user or by an earlier row of the same statement, is left out.
INSERT INTO users (name, email, age, status, tags)
SELECT
    unnest(@names::text[]), unnest(@emails::text[]), unnest(@ages::integer[]),
    unnest(@statuses::text[])::user_status, string_to_array(unnest(@tags::text[]), ',')
ON CONFLICT (lower(email)) WHERE deleted_at IS NULL DO NOTHING
RETURNING *;

-- name: UpdateUser :one
UPDATE users
SET name = @name, email = @email, age = @age, status = @status, role = @role, tags = @tags,
    version = version + 1, updated_at = now()
WHERE id = @id
RETURNING *;

-- name: DeleteUser :exec
UPDATE users SET deleted_at = now(), version = version + 1, updated_at = now() WHERE id = @id;

-- name: UpdateUserRestored :one
UPDATE users SET deleted_at = NULL, version = version + 1, updated_at = now() WHERE id = @id RETURNING *;

-- Lists: one keyset query for each order and filter, since one statement with optional filters gets a plan that
-- fits none of them. A page by number starts before everything and skips rows; a page by cursor starts after
-- the last row that was seen and skips none.
--
-- Where a filter comes first in its index, it is a range of one value and part of the order: after an equality the
-- index without the filter is in the same order, and the planner takes it for a value that is common, though its
-- rows may all be far behind. Counts are ordered for the same reason.
--
-- Where the order has nothing to do with where rows lie, rows are skipped in the index alone (keys), and only those
-- of the page are read.

-- name: ListUsers :many
SELECT * FROM users
WHERE deleted_at IS NULL AND (created_at, id) < (@before_created_at, @before_id::bigint)
ORDER BY created_at DESC, id DESC
LIMIT @size OFFSET @skip;

-- name: ListUsersOldest :many
SELECT * FROM users
WHERE deleted_at IS NULL AND (created_at, id) > (@after_created_at, @after_id::bigint)
ORDER BY created_at, id
LIMIT @size OFFSET @skip;

-- name: ListUsersByStatus :many
SELECT * FROM users
WHERE deleted_at IS NULL AND status >= @status
    AND (status, created_at, id) < (@status, @before_created_at::timestamptz, @before_id::bigint)
ORDER BY status DESC, created_at DESC, id DESC
LIMIT @size OFFSET @skip;

-- name: ListUsersByTag :many
SELECT users.* FROM (
    SELECT t.created_at, t.id FROM user_tags AS t
    WHERE t.tag = @tag AND (t.created_at, t.id) < (@before_created_at, @before_id::bigint)
    ORDER BY t.created_at DESC, t.id DESC
    LIMIT @size OFFSET @skip
) AS keys
INNER JOIN users ON keys.id = users.id
ORDER BY keys.created_at DESC, keys.id DESC;

-- name: ListUsersByName :many
-- Names up to but not including @prefix_end. That @after_name is not before the prefix is the caller's to see to:
-- two conditions would begin at the lesser one.
SELECT users.* FROM (
    SELECT u.name, u.id FROM users AS u
    WHERE u.deleted_at IS NULL AND u.name < @prefix_end AND (u.name, u.id) > (@after_name, @after_id::bigint)
    ORDER BY u.name, u.id
    LIMIT @size OFFSET @skip
) AS keys
INNER JOIN users ON keys.id = users.id
ORDER BY keys.name, keys.id;

-- name: ListUsersByEmail :many
-- Addresses from @prefix on, up to but not including @prefix_end; live users share none, so that no ties are left.
SELECT * FROM users
WHERE deleted_at IS NULL AND lower(email) >= @prefix AND lower(email) < @prefix_end
    AND lower(email) > @after_email
ORDER BY lower(email)
LIMIT @size OFFSET @skip;

-- Counts: the whole, at most every few seconds; of a filter no more than @most.

-- name: CountUsers :one
-- Kept by the writes; see schema/0004_totals.sql.
SELECT coalesce(sum(rows), 0)::bigint FROM totals WHERE list = 'users';

-- name: CountUsersByStatus :one
SELECT count(*) FROM (
    SELECT 1 FROM users WHERE deleted_at IS NULL AND status >= @status AND status <= @status
    ORDER BY status, created_at, id
    LIMIT @most
) AS counted;

-- name: CountUsersByTag :one
SELECT count(*) FROM (SELECT 1 FROM user_tags WHERE tag = @tag LIMIT @most) AS counted;

-- name: CountUsersByName :one
SELECT count(*) FROM (
    SELECT 1 FROM users WHERE deleted_at IS NULL AND name >= @prefix AND name < @prefix_end
    ORDER BY name, id
    LIMIT @most
) AS counted;

-- name: CountUsersByEmail :one
SELECT count(*) FROM (
    SELECT 1 FROM users
    WHERE deleted_at IS NULL AND lower(email) >= @prefix AND lower(email) < @prefix_end
    ORDER BY lower(email)
    LIMIT @most
) AS counted;

-- name: GetUserByEmail :one
SELECT * FROM users WHERE lower(email) = lower(@email::text) AND deleted_at IS NULL;

-- name: UpdateUserEmailVerified :exec
UPDATE users SET email_verified_at = now() WHERE id = @id AND email_verified_at IS NULL;

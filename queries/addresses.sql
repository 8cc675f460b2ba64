-- name: GetAddress :one
SELECT addresses.* FROM addresses
INNER JOIN users ON addresses.user_id = users.id
WHERE addresses.id = @id AND addresses.user_id = @user_id AND users.deleted_at IS NULL;

-- name: GetAddressForUpdate :one
-- Locks the address against every other writer until the transaction ends.
SELECT addresses.* FROM addresses
INNER JOIN users ON addresses.user_id = users.id
WHERE addresses.id = @id AND addresses.user_id = @user_id AND users.deleted_at IS NULL
FOR NO KEY UPDATE OF addresses;

-- name: ListAddresses :many
-- No rows for a user who is deleted, as for one who has none.
SELECT addresses.* FROM addresses
INNER JOIN users ON addresses.user_id = users.id
WHERE addresses.user_id = @user_id AND users.deleted_at IS NULL
ORDER BY addresses.created_at DESC, addresses.id DESC;

-- name: InsertAddress :one
-- Takes the user's first free slot; no row when none is free. The caller holds the user's lock.
INSERT INTO addresses (user_id, slot, street, city, country, postal_code)
SELECT @user_id, free.slot, @street, @city, @country, @postal_code
FROM generate_series(1, 20) AS free (slot)
WHERE NOT EXISTS (SELECT FROM addresses AS a WHERE a.user_id = @user_id AND a.slot = free.slot)
ORDER BY free.slot
LIMIT 1
RETURNING *;

-- name: InsertFirstAddresses :exec
-- The addresses of users who were made in the same transaction.
INSERT INTO addresses (user_id, slot, street, city, country, postal_code)
SELECT
    unnest(@user_ids::bigint[]), 1, unnest(@streets::text[]), unnest(@cities::text[]),
    unnest(@countries::text[])::country, unnest(@postal_codes::text[]);

-- name: UpdateAddress :one
UPDATE addresses
SET street = @street, city = @city, country = @country, postal_code = @postal_code,
    version = version + 1, updated_at = now()
WHERE id = @id
RETURNING *;

-- name: DeleteAddress :exec
DELETE FROM addresses WHERE id = @id;

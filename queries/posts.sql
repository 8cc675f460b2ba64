-- name: ListPostsByIDs :many
SELECT * FROM live_posts WHERE id = ANY(@ids::bigint[]);

-- name: GetPostForUpdate :one
-- Locks the post against every other writer until the transaction ends.
SELECT sqlc.embed(p), u.name AS author_name FROM posts AS p
INNER JOIN users AS u ON p.author_id = u.id
WHERE p.id = @id AND p.author_id = @author_id AND p.deleted_at IS NULL AND u.deleted_at IS NULL
FOR NO KEY UPDATE OF p;

-- name: ListPosts :many
-- Rows are skipped in the index, with a look at the few users who are deleted, and only those of the page are read.
SELECT live_posts.* FROM (
    SELECT p.created_at, p.id FROM posts AS p
    WHERE p.deleted_at IS NULL AND (p.created_at, p.id) < (@before_created_at, @before_id::bigint)
        AND NOT EXISTS (SELECT FROM users AS u WHERE u.id = p.author_id AND u.deleted_at IS NOT NULL)
    ORDER BY p.created_at DESC, p.id DESC
    LIMIT @size OFFSET @skip
) AS keys
INNER JOIN live_posts ON keys.id = live_posts.id
ORDER BY keys.created_at DESC, keys.id DESC;

-- name: ListPostsByAuthor :many
-- The author is a range of one and part of the order, as the filters of users are.
SELECT * FROM live_posts
WHERE author_id >= @author_id
    AND (author_id, created_at, id) < (@author_id, @before_created_at::timestamptz, @before_id::bigint)
ORDER BY author_id DESC, created_at DESC, id DESC
LIMIT @size OFFSET @skip;

-- name: CountPosts :one
-- Kept by the writes; see schema/0004_totals.sql.
SELECT coalesce(sum(rows), 0)::bigint FROM totals WHERE list = 'posts';

-- name: CountPostsByAuthor :one
SELECT count(*) FROM (
    SELECT 1 FROM posts WHERE author_id >= @author_id AND author_id <= @author_id AND deleted_at IS NULL
    ORDER BY author_id, created_at, id
    LIMIT @most
) AS counted;

-- name: InsertPost :one
-- No row when the author does not exist or is deleted.
WITH author AS (
    SELECT u.id AS author_id, u.name AS author_name FROM users AS u
    WHERE u.id = @author_id AND u.deleted_at IS NULL FOR KEY SHARE
), post AS (
    INSERT INTO posts (author_id, title, content) SELECT author.author_id, @title, @content FROM author
    RETURNING id, title, content, version, created_at, updated_at
)
SELECT
    post.id, author.author_id, author.author_name, post.title, post.content,
    post.version, post.created_at, post.updated_at
FROM post CROSS JOIN author;

-- name: UpdatePost :one
UPDATE posts SET title = @title, content = @content, version = version + 1, updated_at = now() WHERE id = @id
RETURNING *;

-- name: DeletePost :exec
UPDATE posts SET deleted_at = now(), version = version + 1, updated_at = now() WHERE id = @id;

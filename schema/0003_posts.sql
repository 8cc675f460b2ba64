-- What people write. A post is hidden when it is deleted, and while its author is.

-- +goose Up
CREATE TABLE posts (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    author_id  bigint NOT NULL,
    title      text COLLATE "C" NOT NULL,
    content    text COLLATE "C" NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz,
    deleted_at timestamptz,
    CONSTRAINT posts_pkey PRIMARY KEY (id),
    CONSTRAINT posts_id_check CHECK (id BETWEEN 1 AND 9007199254740991),
    CONSTRAINT posts_author_id_fkey FOREIGN KEY (author_id) REFERENCES users (id),
    CONSTRAINT posts_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT posts_content_check CHECK (char_length(content) BETWEEN 1 AND 100000),
    CONSTRAINT posts_version_check CHECK (version BETWEEN 1 AND 9007199254740991)
);

-- With the author, by whom a post may be hidden, so that a page by number skips posts without reading them.
CREATE INDEX posts_created_at_idx ON posts (created_at, id) INCLUDE (author_id) WHERE deleted_at IS NULL;
CREATE INDEX posts_author_id_idx ON posts (author_id, created_at, id) WHERE deleted_at IS NULL;

-- What a reader may see, with the author's name.
CREATE VIEW live_posts AS
SELECT p.id, p.author_id, u.name AS author_name, p.title, p.content, p.version, p.created_at, p.updated_at
FROM posts AS p
INNER JOIN users AS u ON p.author_id = u.id
WHERE p.deleted_at IS NULL AND u.deleted_at IS NULL;

-- +goose Down
DROP VIEW live_posts;
DROP TABLE posts;

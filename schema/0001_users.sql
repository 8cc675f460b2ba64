-- People. A row stays when its user is deleted: deleted_at hides it, and it can be restored.
-- Every text is COLLATE "C", so that order and prefixes are the same on every machine.

-- +goose Up
CREATE TYPE user_status AS ENUM ('active', 'inactive', 'suspended');

CREATE TABLE users (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    name       text COLLATE "C" NOT NULL,
    email      text COLLATE "C" NOT NULL,
    age        integer NOT NULL,
    status     user_status NOT NULL DEFAULT 'active',
    tags       text[] COLLATE "C" NOT NULL DEFAULT '{}',
    version    bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz,
    deleted_at timestamptz,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_id_check CHECK (id BETWEEN 1 AND 9007199254740991),
    -- The digits of scripts other than ASCII are the contract's to refuse (format person_name): SQL has no class for them.
    CONSTRAINT users_name_check CHECK (char_length(name) BETWEEN 2 AND 100 AND name !~ '[0-9]'),
    CONSTRAINT users_email_check CHECK (
        char_length(email) <= 254 AND email ~ '^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$'
    ),
    CONSTRAINT users_age_check CHECK (age BETWEEN 13 AND 120),
    -- 10 of the user's own, and minor.
    CONSTRAINT users_tags_check CHECK (cardinality(tags) <= 11),
    CONSTRAINT users_tags_minor_check CHECK ((age < 18 AND status = 'active') = ('minor' = ANY (tags))),
    CONSTRAINT users_version_check CHECK (version BETWEEN 1 AND 9007199254740991)
);

-- What no two live users share; also the order of sort=email and the range of a search by e-mail.
CREATE UNIQUE INDEX users_email_live_key ON users (lower(email)) WHERE deleted_at IS NULL;

-- One index for each order and filter of listUsers, so that a page costs the same at any depth.
CREATE INDEX users_created_at_idx ON users (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_status_idx ON users (status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_name_idx ON users (name, id) WHERE deleted_at IS NULL;

-- The few who are deleted, and whose posts are hidden.
CREATE INDEX users_deleted_idx ON users (id) WHERE deleted_at IS NOT NULL;

-- The tags of live users, to list by; kept by the triggers below and written by nothing else, hence without a
-- foreign key to check on every row.
CREATE TABLE user_tags (
    tag        text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    id         bigint NOT NULL,
    CONSTRAINT user_tags_pkey PRIMARY KEY (tag, created_at, id),
    -- As in users_name_check: which letters of other scripts make a tag is the contract's to say (format tag).
    CONSTRAINT user_tags_tag_check CHECK (
        char_length(tag) BETWEEN 1 AND 50 AND tag ~ '^[a-z0-9_\u0080-\U0010FFFF]+$' AND tag ~ '[^_]'
    )
);

-- +goose StatementBegin
CREATE FUNCTION user_tags_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO user_tags (tag, created_at, id)
    SELECT unnest(tags), created_at, id FROM inserted WHERE deleted_at IS NULL;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION user_tags_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.deleted_at IS NULL THEN
        DELETE FROM user_tags WHERE tag = ANY (old.tags) AND created_at = old.created_at AND id = old.id;
    END IF;
    IF new.deleted_at IS NULL THEN
        INSERT INTO user_tags (tag, created_at, id) SELECT unnest(new.tags), new.created_at, new.id;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER user_tags_insert AFTER INSERT ON users
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION user_tags_after_insert();

CREATE TRIGGER user_tags_update AFTER UPDATE ON users
FOR EACH ROW WHEN (
    old.tags IS DISTINCT FROM new.tags OR (old.deleted_at IS NULL) IS DISTINCT FROM (new.deleted_at IS NULL)
)
EXECUTE FUNCTION user_tags_after_update();

-- +goose Down
DROP TABLE user_tags;
DROP TABLE users;
DROP FUNCTION user_tags_after_update;
DROP FUNCTION user_tags_after_insert;
DROP TYPE user_status;

-- How many rows the whole lists have, kept by the writes, so that nobody waits for a count.

-- +goose Up

-- The total of a list is the sum of its slots. A writer adds to the slot of its connection, so that writers do not
-- wait for each other, but for the few whose connections share one.
CREATE TABLE totals (
    list text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    rows bigint NOT NULL,
    CONSTRAINT totals_pkey PRIMARY KEY (list, slot),
    CONSTRAINT totals_list_check CHECK (list IN ('users', 'posts')),
    CONSTRAINT totals_slot_check CHECK (slot BETWEEN 0 AND 127)
) WITH (fillfactor = 50);

-- +goose StatementBegin
CREATE FUNCTION add_to_total(to_list text, change bigint) RETURNS void LANGUAGE sql AS $$
INSERT INTO totals (list, slot, rows)
SELECT to_list, pg_backend_pid() % 128, change WHERE change <> 0
ON CONFLICT (list, slot) DO UPDATE SET rows = totals.rows + excluded.rows
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION users_total_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total('users', count(*)) FROM inserted WHERE deleted_at IS NULL;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- A user takes their posts along.
-- +goose StatementBegin
CREATE FUNCTION users_total_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sign integer := CASE WHEN new.deleted_at IS NULL THEN 1 ELSE -1 END;
BEGIN
    PERFORM add_to_total('users', sign);
    PERFORM add_to_total('posts', sign * count(*)) FROM posts WHERE author_id = new.id AND deleted_at IS NULL;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- Whoever writes posts holds their authors first: an author who is being deleted or restored is waited for, and one
-- who is to be waits, so that each post is counted by one of the two.
-- +goose StatementBegin
CREATE FUNCTION posts_total_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM users WHERE id IN (SELECT author_id FROM inserted) ORDER BY id FOR SHARE;
    PERFORM add_to_total('posts', count(*))
    FROM inserted INNER JOIN users ON inserted.author_id = users.id
    WHERE inserted.deleted_at IS NULL AND users.deleted_at IS NULL;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION posts_total_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM users WHERE id = new.author_id FOR SHARE;
    PERFORM add_to_total('posts', CASE WHEN new.deleted_at IS NULL THEN 1 ELSE -1 END)
    FROM users WHERE id = new.author_id AND deleted_at IS NULL;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- Plaza hides rows and deletes none; who does it by hand is counted all the same.
-- +goose StatementBegin
CREATE FUNCTION users_total_after_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total('users', -count(*)) FROM deleted WHERE deleted_at IS NULL;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION posts_total_after_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM users WHERE id IN (SELECT author_id FROM deleted) ORDER BY id FOR SHARE;
    PERFORM add_to_total('posts', -count(*))
    FROM deleted INNER JOIN users ON deleted.author_id = users.id
    WHERE deleted.deleted_at IS NULL AND users.deleted_at IS NULL;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION total_after_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM totals WHERE list = tg_table_name;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER users_total_insert AFTER INSERT ON users
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION users_total_after_insert();

CREATE TRIGGER users_total_update AFTER UPDATE ON users
FOR EACH ROW WHEN ((old.deleted_at IS NULL) IS DISTINCT FROM (new.deleted_at IS NULL))
EXECUTE FUNCTION users_total_after_update();

CREATE TRIGGER posts_total_insert AFTER INSERT ON posts
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION posts_total_after_insert();

CREATE TRIGGER posts_total_update AFTER UPDATE ON posts
FOR EACH ROW WHEN ((old.deleted_at IS NULL) IS DISTINCT FROM (new.deleted_at IS NULL))
EXECUTE FUNCTION posts_total_after_update();

CREATE TRIGGER users_total_delete AFTER DELETE ON users
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION users_total_after_delete();

CREATE TRIGGER posts_total_delete AFTER DELETE ON posts
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION posts_total_after_delete();

CREATE TRIGGER users_total_truncate AFTER TRUNCATE ON users
FOR EACH STATEMENT EXECUTE FUNCTION total_after_truncate();

CREATE TRIGGER posts_total_truncate AFTER TRUNCATE ON posts
FOR EACH STATEMENT EXECUTE FUNCTION total_after_truncate();

-- The triggers hold every writer off until this is counted.
INSERT INTO totals (list, slot, rows)
SELECT 'users', 0, count(*) FROM users WHERE deleted_at IS NULL;
INSERT INTO totals (list, slot, rows)
SELECT 'posts', 0, count(*)
FROM posts AS p INNER JOIN users AS u ON p.author_id = u.id
WHERE p.deleted_at IS NULL AND u.deleted_at IS NULL;

-- +goose Down
DROP TRIGGER posts_total_truncate ON posts;
DROP TRIGGER users_total_truncate ON users;
DROP TRIGGER posts_total_delete ON posts;
DROP TRIGGER users_total_delete ON users;
DROP TRIGGER posts_total_update ON posts;
DROP TRIGGER posts_total_insert ON posts;
DROP TRIGGER users_total_update ON users;
DROP TRIGGER users_total_insert ON users;
DROP FUNCTION posts_total_after_update;
DROP FUNCTION posts_total_after_insert;
DROP FUNCTION users_total_after_update;
DROP FUNCTION users_total_after_insert;
DROP FUNCTION total_after_truncate;
DROP FUNCTION posts_total_after_delete;
DROP FUNCTION users_total_after_delete;
DROP FUNCTION add_to_total;
DROP TABLE totals;

-- Who may do what, and by which tokens they are known.

-- +goose Up
CREATE TYPE user_role AS ENUM ('member', 'admin');

ALTER TABLE users
ADD COLUMN role user_role NOT NULL DEFAULT 'member';

-- The few who are more than members.
CREATE INDEX users_role_idx ON users (role, id) WHERE deleted_at IS NULL AND role <> 'member';

-- The keys that access tokens are signed with: the newest signs, older ones verify for a day more.
CREATE TABLE signing_keys (
    id          text COLLATE "C" NOT NULL, -- the JWK thumbprint (RFC 7638)
    public_key  jsonb NOT NULL,
    private_key bytea NOT NULL, -- encrypted with PLAZA_SECRET_KEY
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT signing_keys_pkey PRIMARY KEY (id),
    CONSTRAINT signing_keys_id_check CHECK (id ~ '^[A-Za-z0-9_-]{43}$')
);

-- From when on the older tokens of a subject ("user:12") are of no use. Every server reads what is new here.
CREATE TABLE revocations (
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    subject    text COLLATE "C" NOT NULL,
    CONSTRAINT revocations_pkey PRIMARY KEY (created_at, subject),
    CONSTRAINT revocations_subject_check CHECK (char_length(subject) BETWEEN 1 AND 200)
);

-- +goose StatementBegin
CREATE FUNCTION users_revoke() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revocations (subject) VALUES ('user:' || new.id);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- Tokens end with what they rest on, whoever changes it.
CREATE TRIGGER users_revoke AFTER UPDATE ON users
FOR EACH ROW WHEN (
    old.role <> new.role
    OR (new.status = 'suspended' AND old.status <> 'suspended')
    OR (new.deleted_at IS NOT NULL AND old.deleted_at IS NULL)
)
EXECUTE FUNCTION users_revoke();

-- +goose Down
DROP TRIGGER users_revoke ON users;
DROP FUNCTION users_revoke;
DROP TABLE revocations;
DROP TABLE signing_keys;
DROP INDEX users_role_idx;
ALTER TABLE users
DROP COLUMN role;
DROP TYPE user_role;

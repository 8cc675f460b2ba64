-- How people and clients sign in, and what rests on it. Secrets are kept as hashes alone.

-- +goose Up
-- Since when the address is known to be the person's; null is not known.
ALTER TABLE users
ADD COLUMN email_verified_at timestamptz;

-- +goose StatementBegin
CREATE FUNCTION users_email_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.email_verified_at := NULL;
    DELETE FROM email_codes WHERE user_id = new.id;
    RETURN new;
END
$$;
-- +goose StatementEnd

-- Another address is to be verified anew.
CREATE TRIGGER users_email_changed BEFORE UPDATE ON users
FOR EACH ROW WHEN (lower(old.email) <> lower(new.email))
EXECUTE FUNCTION users_email_changed();

CREATE TABLE passwords (
    user_id    bigint NOT NULL,
    hash       text COLLATE "C" NOT NULL, -- Argon2id, in the PHC string format
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT passwords_pkey PRIMARY KEY (user_id),
    CONSTRAINT passwords_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT passwords_hash_check CHECK (char_length(hash) <= 200 AND hash LIKE '$argon2id$%')
);

-- The one-time code that was mailed last to a user.
CREATE TABLE email_codes (
    user_id    bigint NOT NULL,
    hash       bytea NOT NULL, -- keyed with PLAZA_SECRET_KEY
    attempts   integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT email_codes_pkey PRIMARY KEY (user_id),
    CONSTRAINT email_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT email_codes_hash_check CHECK (octet_length(hash) = 32),
    CONSTRAINT email_codes_attempts_check CHECK (attempts BETWEEN 0 AND 5)
);

-- Applications that people sign in with, and services that sign in themselves.
CREATE TABLE clients (
    id                        text COLLATE "C" NOT NULL,
    name                      text COLLATE "C" NOT NULL,
    kind                      text COLLATE "C" NOT NULL,
    secret_hash               bytea, -- null is a public client, which can keep none
    redirect_uris             text[] COLLATE "C" NOT NULL DEFAULT '{}',
    post_logout_redirect_uris text[] COLLATE "C" NOT NULL DEFAULT '{}',
    scopes                    text[] COLLATE "C" NOT NULL,
    version                   bigint NOT NULL DEFAULT 1,
    created_at                timestamptz NOT NULL DEFAULT now(),
    updated_at                timestamptz,
    CONSTRAINT clients_pkey PRIMARY KEY (id),
    CONSTRAINT clients_id_check CHECK (id ~ '^[a-z0-9-]{1,64}$'),
    CONSTRAINT clients_name_check CHECK (char_length(name) BETWEEN 2 AND 100),
    CONSTRAINT clients_kind_check CHECK (kind IN ('public', 'confidential', 'service')),
    CONSTRAINT clients_secret_hash_check CHECK (
        (kind = 'public') = (secret_hash IS NULL) AND octet_length(secret_hash) = 32
    ),
    CONSTRAINT clients_redirect_uris_check CHECK (
        cardinality(redirect_uris) <= 10 AND (kind = 'service') = (cardinality(redirect_uris) = 0)
    ),
    CONSTRAINT clients_post_logout_redirect_uris_check CHECK (cardinality(post_logout_redirect_uris) <= 10),
    CONSTRAINT clients_scopes_check CHECK (cardinality(scopes) BETWEEN 1 AND 50),
    CONSTRAINT clients_version_check CHECK (version BETWEEN 1 AND 9007199254740991)
);

-- A browser in which a person is signed in.
CREATE TABLE sessions (
    id         uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id    bigint NOT NULL,
    token_hash bytea NOT NULL, -- of the cookie
    user_agent text COLLATE "C" NOT NULL,
    address    text COLLATE "C" NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_token_hash_check CHECK (octet_length(token_hash) = 32),
    CONSTRAINT sessions_user_agent_check CHECK (char_length(user_agent) <= 300),
    CONSTRAINT sessions_address_check CHECK (char_length(address) <= 100)
);
CREATE UNIQUE INDEX sessions_token_hash_key ON sessions (token_hash);
CREATE INDEX sessions_user_id_idx ON sessions (user_id, created_at);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

-- What a person has let a client do.
CREATE TABLE consents (
    user_id    bigint NOT NULL,
    client_id  text COLLATE "C" NOT NULL,
    scopes     text[] COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT consents_pkey PRIMARY KEY (user_id, client_id),
    CONSTRAINT consents_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    CONSTRAINT consents_scopes_check CHECK (cardinality(scopes) <= 50)
);
CREATE INDEX consents_client_id_idx ON consents (client_id);

-- What a client got in a session: the family of its refresh tokens.
CREATE TABLE grants (
    id         uuid NOT NULL DEFAULT gen_random_uuid(),
    session_id uuid NOT NULL,
    client_id  text COLLATE "C" NOT NULL,
    scopes     text[] COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT grants_pkey PRIMARY KEY (id),
    CONSTRAINT grants_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT grants_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    CONSTRAINT grants_scopes_check CHECK (cardinality(scopes) <= 50)
);
CREATE INDEX grants_session_id_idx ON grants (session_id);
CREATE INDEX grants_client_id_idx ON grants (client_id);

CREATE TABLE authorization_codes (
    hash           bytea NOT NULL,
    session_id     uuid NOT NULL,
    client_id      text COLLATE "C" NOT NULL,
    redirect_uri   text COLLATE "C" NOT NULL,
    code_challenge text COLLATE "C" NOT NULL,
    nonce          text COLLATE "C" NOT NULL,
    scopes         text[] COLLATE "C" NOT NULL,
    -- The grant that the code was exchanged for; null until then, and when that has ended.
    grant_id       uuid,
    used_at        timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT authorization_codes_pkey PRIMARY KEY (hash),
    CONSTRAINT authorization_codes_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT authorization_codes_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    CONSTRAINT authorization_codes_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES grants (id) ON DELETE SET NULL,
    CONSTRAINT authorization_codes_hash_check CHECK (octet_length(hash) = 32),
    CONSTRAINT authorization_codes_redirect_uri_check CHECK (char_length(redirect_uri) <= 500),
    CONSTRAINT authorization_codes_code_challenge_check CHECK (code_challenge ~ '^[A-Za-z0-9_-]{43}$'),
    CONSTRAINT authorization_codes_nonce_check CHECK (char_length(nonce) <= 500),
    CONSTRAINT authorization_codes_scopes_check CHECK (cardinality(scopes) <= 50)
);
CREATE INDEX authorization_codes_session_id_idx ON authorization_codes (session_id);
CREATE INDEX authorization_codes_client_id_idx ON authorization_codes (client_id);
CREATE INDEX authorization_codes_grant_id_idx ON authorization_codes (grant_id);
CREATE INDEX authorization_codes_created_at_idx ON authorization_codes (created_at);

CREATE TABLE refresh_tokens (
    hash       bytea NOT NULL,
    grant_id   uuid NOT NULL,
    used_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash),
    CONSTRAINT refresh_tokens_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES grants (id) ON DELETE CASCADE,
    CONSTRAINT refresh_tokens_hash_check CHECK (octet_length(hash) = 32)
);
CREATE INDEX refresh_tokens_grant_id_idx ON refresh_tokens (grant_id);

-- Access tokens end with what they rest on, whoever ends that and however.
-- +goose StatementBegin
CREATE FUNCTION revoke_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revocations (subject) VALUES (tg_argv[0] || ':' || old.id);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER sessions_revoke AFTER DELETE ON sessions
FOR EACH ROW EXECUTE FUNCTION revoke_tokens('session');

CREATE TRIGGER grants_revoke AFTER DELETE ON grants
FOR EACH ROW EXECUTE FUNCTION revoke_tokens('grant');

CREATE TRIGGER clients_revoke AFTER DELETE ON clients
FOR EACH ROW EXECUTE FUNCTION revoke_tokens('client');

CREATE TRIGGER clients_rotated AFTER UPDATE ON clients
FOR EACH ROW WHEN (old.secret_hash <> new.secret_hash)
EXECUTE FUNCTION revoke_tokens('client');

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION users_revoke() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revocations (subject) VALUES ('user:' || new.id);
    DELETE FROM sessions WHERE user_id = new.id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION passwords_revoke() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revocations (subject) VALUES ('user:' || old.user_id);
    DELETE FROM sessions WHERE user_id = old.user_id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER passwords_revoke AFTER UPDATE OR DELETE ON passwords
FOR EACH ROW EXECUTE FUNCTION passwords_revoke();

-- +goose Down
DROP TRIGGER users_email_changed ON users;
DROP FUNCTION users_email_changed;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION users_revoke() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revocations (subject) VALUES ('user:' || new.id);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
DROP TABLE refresh_tokens, authorization_codes, grants, consents, sessions, clients, email_codes, passwords;
DROP FUNCTION passwords_revoke;
DROP FUNCTION revoke_tokens;
ALTER TABLE users
DROP COLUMN email_verified_at;

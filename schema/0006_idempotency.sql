-- What was answered under an Idempotency-Key, so that the same request again gets the same answer.

-- +goose Up
CREATE TABLE idempotency_keys (
    id          bytea NOT NULL, -- a hash of the caller and the key, which itself is not kept
    fingerprint bytea NOT NULL, -- a hash of the request
    status      integer NOT NULL,
    content_type text COLLATE "C" NOT NULL,
    location    text COLLATE "C" NOT NULL,
    etag        text COLLATE "C" NOT NULL,
    body        bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (id),
    CONSTRAINT idempotency_keys_id_check CHECK (octet_length(id) = 32),
    CONSTRAINT idempotency_keys_fingerprint_check CHECK (octet_length(fingerprint) = 32),
    CONSTRAINT idempotency_keys_status_check CHECK (status BETWEEN 200 AND 299),
    -- The largest answer is that of a batch of 1,000 users.
    CONSTRAINT idempotency_keys_body_check CHECK (octet_length(body) <= 16777216)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

-- +goose Down
DROP TABLE idempotency_keys;

-- Where people live. A deleted address is gone: nothing brings one back, so nothing is kept.

-- +goose Up
CREATE TYPE country AS ENUM ('US', 'CA', 'MX');

CREATE TABLE addresses (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    user_id     bigint NOT NULL,
    -- One of the 20 places that a user has for addresses: it makes 20 a limit that no two writers can pass.
    slot        integer NOT NULL,
    street      text COLLATE "C" NOT NULL,
    city        text COLLATE "C" NOT NULL,
    country     country NOT NULL,
    postal_code text COLLATE "C" NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz,
    CONSTRAINT addresses_pkey PRIMARY KEY (id),
    CONSTRAINT addresses_id_check CHECK (id BETWEEN 1 AND 9007199254740991),
    CONSTRAINT addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT addresses_slot_key UNIQUE (user_id, slot),
    CONSTRAINT addresses_slot_check CHECK (slot BETWEEN 1 AND 20),
    CONSTRAINT addresses_street_check CHECK (char_length(street) BETWEEN 5 AND 200),
    CONSTRAINT addresses_city_check CHECK (char_length(city) BETWEEN 2 AND 100),
    CONSTRAINT addresses_postal_code_check CHECK (
        CASE country
            WHEN 'US' THEN postal_code ~ '^[0-9]{5}(-[0-9]{4})?$'
            WHEN 'CA' THEN postal_code ~ '^[A-Z][0-9][A-Z] [0-9][A-Z][0-9]$'
            WHEN 'MX' THEN postal_code ~ '^[0-9]{5}$'
        END
    ),
    CONSTRAINT addresses_version_check CHECK (version BETWEEN 1 AND 9007199254740991)
);

-- +goose Down
DROP TABLE addresses;
DROP TYPE country;

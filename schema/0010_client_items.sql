-- The limits that the contract has for each redirect URI and each scope of a client.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION have_lengths(items text[], shortest integer, longest integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(bool_and(item IS NOT NULL AND char_length(item) BETWEEN shortest AND longest), true)
FROM unnest(items) AS item
$$;
-- +goose StatementEnd

ALTER TABLE clients
DROP CONSTRAINT clients_redirect_uris_check,
DROP CONSTRAINT clients_post_logout_redirect_uris_check,
DROP CONSTRAINT clients_scopes_check,
ADD CONSTRAINT clients_redirect_uris_check CHECK (
    cardinality(redirect_uris) <= 10 AND have_lengths(redirect_uris, 1, 500)
    AND (kind = 'service') = (cardinality(redirect_uris) = 0)
),
ADD CONSTRAINT clients_post_logout_redirect_uris_check CHECK (
    cardinality(post_logout_redirect_uris) <= 10 AND have_lengths(post_logout_redirect_uris, 1, 500)
),
ADD CONSTRAINT clients_scopes_check CHECK (cardinality(scopes) BETWEEN 1 AND 50 AND have_lengths(scopes, 1, 50));

-- +goose Down
ALTER TABLE clients
DROP CONSTRAINT clients_redirect_uris_check,
DROP CONSTRAINT clients_post_logout_redirect_uris_check,
DROP CONSTRAINT clients_scopes_check,
ADD CONSTRAINT clients_redirect_uris_check CHECK (
    cardinality(redirect_uris) <= 10 AND (kind = 'service') = (cardinality(redirect_uris) = 0)
),
ADD CONSTRAINT clients_post_logout_redirect_uris_check CHECK (cardinality(post_logout_redirect_uris) <= 10),
ADD CONSTRAINT clients_scopes_check CHECK (cardinality(scopes) BETWEEN 1 AND 50);
DROP FUNCTION have_lengths;

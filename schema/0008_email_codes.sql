-- A change of address ends the code that was mailed, but not the minute until the next one.

-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION users_email_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.email_verified_at := NULL;
    UPDATE email_codes SET attempts = 5 WHERE user_id = new.id;
    RETURN new;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION users_email_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.email_verified_at := NULL;
    DELETE FROM email_codes WHERE user_id = new.id;
    RETURN new;
END
$$;
-- +goose StatementEnd

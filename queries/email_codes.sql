-- name: UpdateEmailCode :execrows
-- Puts a new code in the place of the last one, unless that is younger than a minute.
INSERT INTO email_codes (user_id, hash, expires_at)
VALUES (@user_id, @hash, now() + interval '10 minutes')
ON CONFLICT (user_id) DO UPDATE
SET hash = excluded.hash, attempts = 0, expires_at = excluded.expires_at, created_at = now()
WHERE email_codes.created_at < now() - interval '1 minute';

-- name: UpdateEmailCodeTried :one
-- Counts an attempt, and tells what it is to be held against; no row: there is no code, or it has had its attempts.
UPDATE email_codes SET attempts = attempts + 1
WHERE user_id = @user_id AND attempts < 5 AND expires_at > now()
RETURNING hash;

-- name: DeleteEmailCode :execrows
-- Of several at once one deletes the row.
DELETE FROM email_codes WHERE user_id = @user_id AND hash = @hash;

-- name: GetConsent :one
SELECT scopes FROM consents WHERE user_id = @user_id AND client_id = @client_id;

-- name: UpdateConsent :exec
INSERT INTO consents (user_id, client_id, scopes) VALUES (@user_id, @client_id, @scopes)
ON CONFLICT (user_id, client_id) DO UPDATE SET scopes = excluded.scopes, created_at = now();

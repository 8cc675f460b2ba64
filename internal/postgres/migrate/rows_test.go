package migrate_test

// everyTable puts a row into every table that the migrations make.
const everyTable = `
	WITH u AS (
		INSERT INTO users (name, email, age, tags) VALUES ('Ann Lee', 'ann@example.com', 34, '{go}') RETURNING id
	), a AS (
		INSERT INTO addresses (user_id, slot, street, city, country, postal_code)
		SELECT id, 1, '12 Main Street', 'Springfield', 'US', '62701' FROM u
	), k AS (
		INSERT INTO signing_keys (id, public_key, private_key) VALUES (repeat('a', 43), '{}', '')
	), i AS (
		INSERT INTO idempotency_keys (id, fingerprint, status, content_type, location, etag, body)
		SELECT sha256('a'), sha256('b'), 201, '', '', '', ''
	), pw AS (
		INSERT INTO passwords (user_id, hash) SELECT id, '$argon2id$' FROM u
	), ec AS (
		INSERT INTO email_codes (user_id, hash, expires_at) SELECT id, sha256('a'), now() FROM u
	), cl AS (
		INSERT INTO clients (id, name, kind, redirect_uris, scopes)
		VALUES ('a', 'App', 'public', '{https://a.example/}', '{openid}') RETURNING id
	), se AS (
		INSERT INTO sessions (user_id, token_hash, user_agent, address, expires_at)
		SELECT id, sha256('a'), '', '', now() FROM u RETURNING id
	), co AS (
		INSERT INTO consents (user_id, client_id, scopes) SELECT u.id, cl.id, '{openid}' FROM u, cl
	), gr AS (
		INSERT INTO grants (session_id, client_id, scopes) SELECT se.id, cl.id, '{openid}' FROM se, cl RETURNING id
	), ac AS (
		INSERT INTO authorization_codes (hash, session_id, client_id, redirect_uri, code_challenge, nonce, scopes)
		SELECT sha256('a'), se.id, cl.id, '', repeat('a', 43), '', '{openid}' FROM se, cl
	), rt AS (
		INSERT INTO refresh_tokens (hash, grant_id) SELECT sha256('a'), id FROM gr
	), r AS (
		INSERT INTO revocations (subject) VALUES ('user:1')
	)
	INSERT INTO posts (author_id, title, content) SELECT id, 'Hello', 'World' FROM u`

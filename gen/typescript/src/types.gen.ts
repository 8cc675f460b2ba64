// Written by make generate from openapi.yaml; do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

/**
 * An id; at most 2^53 - 1, so that every JSON number type holds it
 *
 * @example 1
 */
export type ID = number;

/**
 * Goes up by one with every change, from 1
 *
 * @example 3
 */
export type Version = number;

/**
 * RFC 3339, in UTC
 *
 * @example "2026-01-02T03:04:05.678901Z"
 */
export type Time = string;

/**
 * RFC 3339, in UTC; null until the first change
 *
 * @example "2026-01-02T03:04:05.678901Z"
 */
export type NullableTime = string | null;

/**
 * 2 to 100 characters, no decimal digit of any script; stored in title case
 *
 * @example "Ann Lee"
 */
export type UserName = string;

/**
 * Unique among live users, without regard to case
 *
 * @example "ann@example.com"
 */
export type Email = string;

/**
 * In years
 *
 * @example 34
 */
export type Age = number;

/**
 * 12 to 128 characters, taken as they are. It works once the e-mail address is verified.
 *
 * @example "correct horse battery"
 */
export type Password = string;

/**
 * Whether the person takes part
 *
 * @example "active"
 */
export type UserStatus = 'active' | 'inactive' | 'suspended';

/**
 * Letters, digits and `_`, with at least one letter or digit; stored in lower case
 *
 * @example "climbing"
 */
export type Tag = string;

/**
 * At most 10 as sent, repeats included. `minor` is the server's and does not count; sent, it is ignored.
 *
 * @example ["go","climbing"]
 */
export type TagsWritten = Array<Tag>;

/**
 * In lower case, without repeats, in the order they were first sent; `minor` comes last
 *
 * @example ["go","climbing"]
 */
export type Tags = Array<Tag>;

/**
 * What a person may do beyond what is their own
 *
 * @example "member"
 */
export type UserRole = 'member' | 'admin';

/**
 * The orders of a list of people
 */
export type UserSort = '-created_at' | 'created_at' | 'name' | 'email';

/**
 * What a read of a user can bring along
 */
export type UserInclude = 'posts';

/**
 * A person
 */
export type User = {
    /**
     * An id; at most 2^53 - 1, so that every JSON number type holds it
     *
     * @example 1
     */
    id: ID;
    /**
     * 2 to 100 characters, no decimal digit of any script; stored in title case
     *
     * @example "Ann Lee"
     */
    name: UserName;
    /**
     * Unique among live users, without regard to case
     *
     * @example "ann@example.com"
     */
    email: Email;
    /**
     * In years
     *
     * @example 34
     */
    age: Age;
    /**
     * Whether the person takes part
     *
     * @example "active"
     */
    status: UserStatus;
    /**
     * What a person may do beyond what is their own
     *
     * @example "member"
     */
    role: UserRole;
    /**
     * In lower case, without repeats, in the order they were first sent; `minor` comes last
     *
     * @example ["go","climbing"]
     */
    tags: Tags;
    /**
     * Whether the person is 18 or older
     *
     * @example true
     */
    is_adult: boolean;
    /**
     * The name with the e-mail address
     *
     * @example "Ann Lee (ann@example.com)"
     */
    display_name: string;
    /**
     * Goes up by one with every change, from 1
     *
     * @example 3
     */
    version: Version;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    created_at: Time;
    /**
     * RFC 3339, in UTC; null until the first change
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    updated_at: NullableTime;
    /**
     * The latest 20 posts, only with `include=posts`
     */
    posts?: Array<Post> | undefined;
};

/**
 * What makes a user; `status` is `active` unless it is given
 */
export type UserCreate = {
    /**
     * 2 to 100 characters, no decimal digit of any script; stored in title case
     *
     * @example "Ann Lee"
     */
    name: UserName;
    /**
     * Unique among live users, without regard to case
     *
     * @example "ann@example.com"
     */
    email: Email;
    /**
     * In years
     *
     * @example 34
     */
    age: Age;
    /**
     * Whether the person takes part
     *
     * @example "active"
     */
    status?: UserStatus | undefined;
    /**
     * At most 10 as sent, repeats included. `minor` is the server's and does not count; sent, it is ignored.
     *
     * @example ["go","climbing"]
     */
    tags?: TagsWritten | undefined;
    /**
     * What makes an address
     */
    address?: AddressCreate | undefined;
};

/**
 * A user, as in `UserCreate`, and a password
 */
export type UserSignUp = {
    /**
     * 2 to 100 characters, no decimal digit of any script; stored in title case
     *
     * @example "Ann Lee"
     */
    name: UserName;
    /**
     * Unique among live users, without regard to case
     *
     * @example "ann@example.com"
     */
    email: Email;
    /**
     * In years
     *
     * @example 34
     */
    age: Age;
    /**
     * Whether the person takes part
     *
     * @example "active"
     */
    status?: UserStatus | undefined;
    /**
     * At most 10 as sent, repeats included. `minor` is the server's and does not count; sent, it is ignored.
     *
     * @example ["go","climbing"]
     */
    tags?: TagsWritten | undefined;
    /**
     * What makes an address
     */
    address?: AddressCreate | undefined;
    /**
     * 12 to 128 characters, taken as they are. It works once the e-mail address is verified.
     *
     * @example "correct horse battery"
     */
    password?: Password | undefined;
};

/**
 * A merge patch of a user
 */
export type UserPatch = {
    /**
     * 2 to 100 characters, no decimal digit of any script; stored in title case
     *
     * @example "Ann Lee"
     */
    name?: UserName | undefined;
    /**
     * Unique among live users, without regard to case
     *
     * @example "ann@example.com"
     */
    email?: Email | undefined;
    /**
     * In years
     *
     * @example 34
     */
    age?: Age | undefined;
    /**
     * Whether the person takes part
     *
     * @example "active"
     */
    status?: UserStatus | undefined;
    /**
     * What a person may do beyond what is their own
     *
     * @example "member"
     */
    role?: UserRole | undefined;
    /**
     * At most 10 as sent, repeats included. `minor` is the server's and does not count; sent, it is ignored.
     *
     * @example ["go","climbing"]
     */
    tags?: TagsWritten | undefined;
};

/**
 * Many users to create
 */
export type UserBatch = {
    /**
     * Each item as in `UserCreate`; checked one by one
     */
    users: Array<UserCreate>;
    /**
     * Create all of them or none
     */
    atomic?: boolean | undefined;
};

/**
 * A page of people
 */
export type UserList = {
    /**
     * The people of this page
     */
    items: Array<User>;
    /**
     * How many there are on all pages
     *
     * @example 57
     */
    total: Total;
    /**
     * Whether `total` is all there are; otherwise there are more
     *
     * @example true
     */
    total_is_exact: TotalIsExact;
    /**
     * Which page this is, from 1; null when it was asked for by `cursor`
     *
     * @example 1
     */
    page: PageNumber;
    /**
     * How many items a page has at most
     *
     * @example 20
     */
    size: PageSize;
    /**
     * How many pages `total` makes
     *
     * @example 3
     */
    pages: Pages;
    /**
     * The `cursor` of the next page; null on the last
     *
     * @example "AQEABjYp2cWXAAAAAAAAAAAq"
     */
    next_cursor: NextCursor;
};

/**
 * What became of one item
 */
export type UserBatchResult = {
    /**
     * Which item, from 0
     *
     * @example 0
     */
    index: number;
    /**
     * The HTTP status it would have had alone
     *
     * @example 201
     */
    status: number;
    /**
     * A person
     */
    user?: User | undefined;
    /**
     * An error, in the form of RFC 9457
     */
    problem?: Problem | undefined;
};

/**
 * One entry per item
 */
export type UserBatchResults = {
    /**
     * In the order of the items
     */
    results: Array<UserBatchResult>;
};

/**
 * A new password
 */
export type PasswordChange = {
    /**
     * The password that the person has; needed where there is one
     *
     * @example "correct horse battery"
     */
    current_password?: string | undefined;
    /**
     * 12 to 128 characters, taken as they are. It works once the e-mail address is verified.
     *
     * @example "correct horse battery"
     */
    password: Password;
};

/**
 * The code of a mail
 */
export type EmailVerification = {
    /**
     * Eight digits
     *
     * @example "12345678"
     */
    code: EmailCode;
};

/**
 * Eight digits
 *
 * @example "12345678"
 */
export type EmailCode = string;

/**
 * The id of a session
 *
 * @example "0197c0de-7c1e-4b6a-9f5e-3d2a1b0c9d8e"
 */
export type SessionID = string;

/**
 * A browser in which a person is signed in
 */
export type Session = {
    /**
     * The id of a session
     *
     * @example "0197c0de-7c1e-4b6a-9f5e-3d2a1b0c9d8e"
     */
    id: SessionID;
    /**
     * Whether the token of this call came of it
     *
     * @example true
     */
    is_current: boolean;
    /**
     * What the browser calls itself
     *
     * @example "Mozilla/5.0"
     */
    user_agent: string;
    /**
     * The IP address that the person signed in from
     *
     * @example "192.0.2.7"
     */
    address: string;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    created_at: Time;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    expires_at: Time;
};

/**
 * The sessions of a person
 */
export type SessionList = {
    /**
     * The newest first
     */
    items: Array<Session>;
};

/**
 * Sessions in the envelope
 */
export type SessionListResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * The sessions of a person
     */
    data: SessionList;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * The id of a client
 *
 * @example "example"
 */
export type ClientID = string;

/**
 * What people are shown
 *
 * @example "Town Board"
 */
export type ClientName = string;

/**
 * Whether the client can keep a secret, and for whom it calls
 *
 * @example "public"
 */
export type ClientKind = 'public' | 'confidential' | 'service';

/**
 * An https URI without a fragment; http for loopback addresses alone, at any port; or a private-use scheme as com.example.app:/callback (RFC 8252)
 *
 * @example "https://board.example/callback"
 */
export type RedirectURI = string;

/**
 * Where answers may go
 *
 * @example ["https://board.example/callback"]
 */
export type RedirectURIs = Array<RedirectURI>;

/**
 * What the client may ask for; scopes of this contract
 *
 * @example ["openid","users:read"]
 */
export type ClientScopes = Array<string>;

/**
 * An application or a service
 */
export type Client = {
    /**
     * The id of a client
     *
     * @example "example"
     */
    id: ClientID;
    /**
     * What people are shown
     *
     * @example "Town Board"
     */
    name: ClientName;
    /**
     * Whether the client can keep a secret, and for whom it calls
     *
     * @example "public"
     */
    kind: ClientKind;
    /**
     * Where answers may go
     *
     * @example ["https://board.example/callback"]
     */
    redirect_uris: RedirectURIs;
    /**
     * Where answers may go
     *
     * @example ["https://board.example/callback"]
     */
    post_logout_redirect_uris: RedirectURIs;
    /**
     * What the client may ask for; scopes of this contract
     *
     * @example ["openid","users:read"]
     */
    scopes: ClientScopes;
    /**
     * Goes up by one with every change, from 1
     *
     * @example 3
     */
    version: Version;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    created_at: Time;
    /**
     * RFC 3339, in UTC; null until the first change
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    updated_at: NullableTime;
};

/**
 * What registers a client. A service has no redirect URI, every other client at least one.
 */
export type ClientCreate = {
    /**
     * What people are shown
     *
     * @example "Town Board"
     */
    name: ClientName;
    /**
     * Whether the client can keep a secret, and for whom it calls
     *
     * @example "public"
     */
    kind: ClientKind;
    /**
     * Where answers may go
     *
     * @example ["https://board.example/callback"]
     */
    redirect_uris?: RedirectURIs | undefined;
    /**
     * Where answers may go
     *
     * @example ["https://board.example/callback"]
     */
    post_logout_redirect_uris?: RedirectURIs | undefined;
    /**
     * What the client may ask for; scopes of this contract
     *
     * @example ["openid","users:read"]
     */
    scopes: ClientScopes;
};

/**
 * Clients in the order of their ids
 */
export type ClientList = {
    /**
     * Up to 100
     */
    items: Array<Client>;
};

/**
 * Clients in the envelope
 */
export type ClientListResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * Clients in the order of their ids
     */
    data: ClientList;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * A client with its secret, which is shown this once
 */
export type ClientSecret = {
    /**
     * An application or a service
     */
    client: Client;
    /**
     * What the client authenticates with; null for a public client
     *
     * @example "pzs_1b4f0e9851971998e732078544c96b36"
     */
    client_secret: string | null;
};

/**
 * A client and its secret in the envelope
 */
export type ClientSecretResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * A client with its secret, which is shown this once
     */
    data: ClientSecret;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * An error in OAuth's words
 */
export type OAuthError = {
    /**
     * The code of the error
     *
     * @example "invalid_grant"
     */
    error: string;
    /**
     * For developers
     *
     * @example "The code is not good"
     */
    error_description: string;
};

/**
 * What asks for tokens; the grant type says which parameters it needs
 */
export type TokenRequest = {
    /**
     * `authorization_code`, `refresh_token` or `client_credentials`
     */
    grant_type?: string | undefined;
    /**
     * Who asks
     */
    client_id?: string | undefined;
    /**
     * The code
     */
    code?: string | undefined;
    /**
     * The one that the code was asked for with
     */
    redirect_uri?: string | undefined;
    /**
     * What the challenge was made of (RFC 7636, section 4.1)
     */
    code_verifier?: string | undefined;
    /**
     * The refresh token
     */
    refresh_token?: string | undefined;
    /**
     * No more than was granted
     */
    scope?: string | undefined;
};

/**
 * What ends a token
 */
export type RevocationRequest = {
    /**
     * The token
     */
    token?: string | undefined;
    /**
     * Not needed
     */
    token_type_hint?: string | undefined;
    /**
     * Whose it is
     */
    client_id?: string | undefined;
};

/**
 * What asks about a token
 */
export type IntrospectionRequest = {
    /**
     * The token
     */
    token?: string | undefined;
    /**
     * Not needed
     */
    token_type_hint?: string | undefined;
};

/**
 * Tokens (RFC 6749, section 5.1)
 */
export type TokenResponse = {
    /**
     * What goes into `Authorization`
     *
     * @example "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
     */
    access_token: string;
    /**
     * How it goes there
     */
    token_type: 'Bearer';
    /**
     * In seconds
     *
     * @example 600
     */
    expires_in: number;
    /**
     * What was granted
     *
     * @example "openid users:read"
     */
    scope: string;
    /**
     * Good once for the next tokens
     *
     * @example "tGzv3JOkF0XG5Qx2TlKWIA"
     */
    refresh_token?: string | undefined;
    /**
     * Who has signed in, for the client, with the scope `openid`
     *
     * @example "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
     */
    id_token?: string | undefined;
};

/**
 * What is told of a token (RFC 7662, section 2.2); nothing but `active` where it is of no use
 */
export type Introspection = {
    /**
     * Whether it is of use
     *
     * @example true
     */
    active: boolean;
    /**
     * What it is
     *
     * @example "Bearer"
     */
    token_type?: string | undefined;
    /**
     * What was granted
     *
     * @example "openid users:read"
     */
    scope?: string | undefined;
    /**
     * To whom
     *
     * @example "example"
     */
    client_id?: string | undefined;
    /**
     * Whose it is
     *
     * @example "1"
     */
    sub?: string | undefined;
    /**
     * Who made it
     *
     * @example "https://plaza.example"
     */
    iss?: string | undefined;
    /**
     * Until when, in seconds since 1970
     *
     * @example 1767326645
     */
    exp?: number | undefined;
};

/**
 * The claims of a person
 */
export type UserInfo = {
    /**
     * The user's id
     *
     * @example "1"
     */
    sub: string;
    /**
     * With the scope `profile`
     *
     * @example "Ann Lee"
     */
    name?: string | undefined;
    /**
     * With the scope `email`
     *
     * @example "ann@example.com"
     */
    email?: string | undefined;
    /**
     * With the scope `email`
     *
     * @example true
     */
    email_verified?: boolean | undefined;
};

/**
 * A JSON Web Key Set
 */
export type KeySet = {
    /**
     * The newest first
     */
    keys: Array<Key>;
};

/**
 * A public key (RFC 7517)
 */
export type Key = {
    /**
     * The kind of key
     */
    kty: 'EC';
    /**
     * Its id
     *
     * @example "3VHM5KXWQ2ZL7TDBRNCFJGYAUE"
     */
    kid: string;
    /**
     * Its curve
     */
    crv: 'P-256';
    /**
     * The algorithm
     */
    alg: 'ES256';
    /**
     * What for
     */
    use: 'sig';
    /**
     * A coordinate
     *
     * @example "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
     */
    x: string;
    /**
     * A coordinate
     *
     * @example "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
     */
    y: string;
};

/**
 * An address of this server
 *
 * @example "https://plaza.example/oauth/token"
 */
export type MetadataURL = string;

/**
 * What is offered
 */
export type MetadataWords = Array<string>;

/**
 * What this server offers (RFC 8414, section 2)
 *
 * @example {"issuer":"https://plaza.example","authorization_endpoint":"https://plaza.example/oauth/authorize","token_endpoint":"https://plaza.example/oauth/token","jwks_uri":"https://plaza.example/oauth/keys","userinfo_endpoint":"https://plaza.example/oauth/userinfo","revocation_endpoint":"https://plaza.example/oauth/revoke","introspection_endpoint":"https://plaza.example/oauth/introspect","end_session_endpoint":"https://plaza.example/oauth/logout","scopes_supported":["openid","profile","email","users:read"],"response_types_supported":["code"],"response_modes_supported":["query"],"grant_types_supported":["authorization_code","refresh_token","client_credentials"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["ES256"],"code_challenge_methods_supported":["S256"],"token_endpoint_auth_methods_supported":["none","client_secret_basic"],"revocation_endpoint_auth_methods_supported":["none","client_secret_basic"],"introspection_endpoint_auth_methods_supported":["client_secret_basic"],"prompt_values_supported":["none","login","consent"],"claims_supported":["sub","name","email","email_verified","auth_time","sid"],"authorization_response_iss_parameter_supported":true}
 */
export type ServerMetadata = {
    /**
     * An address of this server
     *
     * @example "https://plaza.example/oauth/token"
     */
    issuer: MetadataURL;
    /**
     * An address of this server
     *
     * @example "https://plaza.example/oauth/token"
     */
    authorization_endpoint: MetadataURL;
    /**
     * An address of this server
     *
     * @example "https://plaza.example/oauth/token"
     */
    token_endpoint: MetadataURL;
    /**
     * An address of this server
     *
     * @example "https://plaza.example/oauth/token"
     */
    jwks_uri: MetadataURL;
    /**
     * An address of this server
     *
     * @example "https://plaza.example/oauth/token"
     */
    userinfo_endpoint?: MetadataURL | undefined;
    /**
     * An address of this server
     *
     * @example "https://plaza.example/oauth/token"
     */
    revocation_endpoint?: MetadataURL | undefined;
    /**
     * An address of this server
     *
     * @example "https://plaza.example/oauth/token"
     */
    introspection_endpoint?: MetadataURL | undefined;
    /**
     * An address of this server
     *
     * @example "https://plaza.example/oauth/token"
     */
    end_session_endpoint?: MetadataURL | undefined;
    /**
     * What is offered
     */
    scopes_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    response_types_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    response_modes_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    grant_types_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    subject_types_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    id_token_signing_alg_values_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    code_challenge_methods_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    token_endpoint_auth_methods_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    revocation_endpoint_auth_methods_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    introspection_endpoint_auth_methods_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    prompt_values_supported?: MetadataWords | undefined;
    /**
     * What is offered
     */
    claims_supported?: MetadataWords | undefined;
    /**
     * Whether answers carry `iss` (RFC 9207)
     */
    authorization_response_iss_parameter_supported?: boolean | undefined;
};

/**
 * ISO 3166-1 alpha-2
 *
 * @example "CA"
 */
export type Country = 'US' | 'CA' | 'MX';

/**
 * Street and number
 *
 * @example "24 Sussex Drive"
 */
export type Street = string;

/**
 * City or town
 *
 * @example "Ottawa"
 */
export type City = string;

/**
 * By country: US `12345` or `12345-6789`, MX `12345`, CA `A1A 1A1`
 *
 * @example "K1M 1M4"
 */
export type PostalCode = string;

/**
 * Where a person lives
 */
export type Address = {
    /**
     * An id; at most 2^53 - 1, so that every JSON number type holds it
     *
     * @example 1
     */
    id: ID;
    /**
     * An id; at most 2^53 - 1, so that every JSON number type holds it
     *
     * @example 1
     */
    user_id: ID;
    /**
     * Street and number
     *
     * @example "24 Sussex Drive"
     */
    street: Street;
    /**
     * City or town
     *
     * @example "Ottawa"
     */
    city: City;
    /**
     * ISO 3166-1 alpha-2
     *
     * @example "CA"
     */
    country: Country;
    /**
     * By country: US `12345` or `12345-6789`, MX `12345`, CA `A1A 1A1`
     *
     * @example "K1M 1M4"
     */
    postal_code: PostalCode;
    /**
     * Goes up by one with every change, from 1
     *
     * @example 3
     */
    version: Version;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    created_at: Time;
    /**
     * RFC 3339, in UTC; null until the first change
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    updated_at: NullableTime;
};

/**
 * What makes an address
 */
export type AddressCreate = {
    /**
     * Street and number
     *
     * @example "24 Sussex Drive"
     */
    street: Street;
    /**
     * City or town
     *
     * @example "Ottawa"
     */
    city: City;
    /**
     * ISO 3166-1 alpha-2
     *
     * @example "CA"
     */
    country: Country;
    /**
     * By country: US `12345` or `12345-6789`, MX `12345`, CA `A1A 1A1`
     *
     * @example "K1M 1M4"
     */
    postal_code: PostalCode;
};

/**
 * A merge patch of an address
 */
export type AddressPatch = {
    /**
     * Street and number
     *
     * @example "24 Sussex Drive"
     */
    street?: Street | undefined;
    /**
     * City or town
     *
     * @example "Ottawa"
     */
    city?: City | undefined;
    /**
     * ISO 3166-1 alpha-2
     *
     * @example "CA"
     */
    country?: Country | undefined;
    /**
     * By country: US `12345` or `12345-6789`, MX `12345`, CA `A1A 1A1`
     *
     * @example "K1M 1M4"
     */
    postal_code?: PostalCode | undefined;
};

/**
 * All addresses of a user
 */
export type AddressList = {
    /**
     * The newest first
     */
    items: Array<Address>;
};

/**
 * Who wrote it
 */
export type Author = {
    /**
     * An id; at most 2^53 - 1, so that every JSON number type holds it
     *
     * @example 1
     */
    id: ID;
    /**
     * 2 to 100 characters, no decimal digit of any script; stored in title case
     *
     * @example "Ann Lee"
     */
    name: UserName;
};

/**
 * The headline
 *
 * @example "Hello"
 */
export type PostTitle = string;

/**
 * The text, exactly as it was sent
 *
 * @example "A first post."
 */
export type PostContent = string;

/**
 * What a person wrote
 */
export type Post = {
    /**
     * An id; at most 2^53 - 1, so that every JSON number type holds it
     *
     * @example 1
     */
    id: ID;
    /**
     * An id; at most 2^53 - 1, so that every JSON number type holds it
     *
     * @example 1
     */
    author_id: ID;
    /**
     * Who wrote it
     */
    author: Author;
    /**
     * The headline
     *
     * @example "Hello"
     */
    title: PostTitle;
    /**
     * The text, exactly as it was sent
     *
     * @example "A first post."
     */
    content: PostContent;
    /**
     * Goes up by one with every change, from 1
     *
     * @example 3
     */
    version: Version;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    created_at: Time;
    /**
     * RFC 3339, in UTC; null until the first change
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    updated_at: NullableTime;
};

/**
 * What makes a post
 */
export type PostCreate = {
    /**
     * The headline
     *
     * @example "Hello"
     */
    title: PostTitle;
    /**
     * The text, exactly as it was sent
     *
     * @example "A first post."
     */
    content: PostContent;
};

/**
 * A merge patch of a post
 */
export type PostPatch = {
    /**
     * The headline
     *
     * @example "Hello"
     */
    title?: PostTitle | undefined;
    /**
     * The text, exactly as it was sent
     *
     * @example "A first post."
     */
    content?: PostContent | undefined;
};

/**
 * A page of posts
 */
export type PostList = {
    /**
     * The posts of this page
     */
    items: Array<Post>;
    /**
     * How many there are on all pages
     *
     * @example 57
     */
    total: Total;
    /**
     * Whether `total` is all there are; otherwise there are more
     *
     * @example true
     */
    total_is_exact: TotalIsExact;
    /**
     * Which page this is, from 1; null when it was asked for by `cursor`
     *
     * @example 1
     */
    page: PageNumber;
    /**
     * How many items a page has at most
     *
     * @example 20
     */
    size: PageSize;
    /**
     * How many pages `total` makes
     *
     * @example 3
     */
    pages: Pages;
    /**
     * The `cursor` of the next page; null on the last
     *
     * @example "AQEABjYp2cWXAAAAAAAAAAAq"
     */
    next_cursor: NextCursor;
};

/**
 * How many there are on all pages
 *
 * @example 57
 */
export type Total = number;

/**
 * Whether `total` is all there are; otherwise there are more
 *
 * @example true
 */
export type TotalIsExact = boolean;

/**
 * Which page this is, from 1; null when it was asked for by `cursor`
 *
 * @example 1
 */
export type PageNumber = number | null;

/**
 * How many items a page has at most
 *
 * @example 20
 */
export type PageSize = number;

/**
 * How many pages `total` makes
 *
 * @example 3
 */
export type Pages = number;

/**
 * The `cursor` of the next page; null on the last
 *
 * @example "AQEABjYp2cWXAAAAAAAAAAAq"
 */
export type NextCursor = string | null;

/**
 * Always true; what fails is a problem
 *
 * @example true
 */
export type Success = true;

/**
 * What happened, for people
 *
 * @example "Retrieved 20 users"
 */
export type Message = string;

/**
 * The envelope of User
 */
export type UserResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * A person
     */
    data: User;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * The envelope of UserList
 */
export type UserListResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * A page of people
     */
    data: UserList;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * The envelope of UserBatchResults
 */
export type UserBatchResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * One entry per item
     */
    data: UserBatchResults;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * The envelope of Address
 */
export type AddressResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * Where a person lives
     */
    data: Address;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * The envelope of AddressList
 */
export type AddressListResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * All addresses of a user
     */
    data: AddressList;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * The envelope of Post
 */
export type PostResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * What a person wrote
     */
    data: Post;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * The envelope of PostList
 */
export type PostListResponse = {
    /**
     * Always true; what fails is a problem
     *
     * @example true
     */
    success: Success;
    /**
     * A page of posts
     */
    data: PostList;
    /**
     * What happened, for people
     *
     * @example "Retrieved 20 users"
     */
    message: Message;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
};

/**
 * What sort of problem it is; the key that programs may rely on
 *
 * @example "urn:plaza:problem:invalid"
 */
export type ProblemType = 'urn:plaza:problem:malformed' | 'urn:plaza:problem:unauthorized' | 'urn:plaza:problem:forbidden' | 'urn:plaza:problem:not-found' | 'urn:plaza:problem:method-not-allowed' | 'urn:plaza:problem:not-acceptable' | 'urn:plaza:problem:request-timeout' | 'urn:plaza:problem:conflict' | 'urn:plaza:problem:stale-version' | 'urn:plaza:problem:too-large' | 'urn:plaza:problem:unsupported-media-type' | 'urn:plaza:problem:invalid' | 'urn:plaza:problem:precondition-required' | 'urn:plaza:problem:too-many-requests' | 'urn:plaza:problem:headers-too-large' | 'urn:plaza:problem:internal' | 'urn:plaza:problem:unavailable' | 'urn:plaza:problem:timeout';

/**
 * One fault, in the body (`pointer`) or in a parameter (`in` and `name`)
 */
export type ProblemField = {
    /**
     * Where in the body, as a JSON pointer (RFC 6901)
     *
     * @example "/email"
     */
    pointer?: string | undefined;
    /**
     * Where the parameter stands
     *
     * @example "query"
     */
    in?: 'path' | 'query' | 'header' | undefined;
    /**
     * The parameter's name
     *
     * @example "page"
     */
    name?: string | undefined;
    /**
     * What is wrong, for people
     *
     * @example "must be an e-mail address"
     */
    detail: string;
};

/**
 * An error, in the form of RFC 9457
 */
export type Problem = {
    /**
     * What sort of problem it is; the key that programs may rely on
     *
     * @example "urn:plaza:problem:invalid"
     */
    type: ProblemType;
    /**
     * The same for every problem of this type
     *
     * @example "Unprocessable Content"
     */
    title: string;
    /**
     * The HTTP status
     *
     * @example 422
     */
    status: number;
    /**
     * What went wrong this time, for people
     *
     * @example "2 faults in the request"
     */
    detail: string;
    /**
     * The path that was asked for
     *
     * @example "/users"
     */
    instance: string;
    /**
     * RFC 3339, in UTC
     *
     * @example "2026-01-02T03:04:05.678901Z"
     */
    timestamp: Time;
    /**
     * Names this request in the server's log
     *
     * @example "4FZQ5N3JX7W2K6TB"
     */
    request_id: string;
    /**
     * Every fault of the request, in the order of this contract
     */
    errors?: Array<ProblemField> | undefined;
};

/**
 * The server lives
 */
export type Health = {
    /**
     * Always `alive`
     *
     * @example "alive"
     */
    status: 'alive';
};

/**
 * Something that the server needs
 */
export type Dependency = {
    /**
     * Its name
     *
     * @example "database"
     */
    name: string;
    /**
     * Always `ready`; a dependency that is not makes the answer a problem
     *
     * @example "ready"
     */
    status: 'ready';
};

/**
 * Every dependency answers
 */
export type Readiness = {
    /**
     * Always `ready`
     *
     * @example "ready"
     */
    status: 'ready';
    /**
     * What was asked
     */
    dependencies: Array<Dependency>;
};

/**
 * The user's id
 */
export type UserID = ID;

/**
 * The address's id
 */
export type AddressID = ID;

/**
 * The post's id
 */
export type PostID = ID;

/**
 * Which page, from 1, which is the default; not together with `cursor`. `page` times `size` is at most 10,000.
 */
export type Page = number;

/**
 * How many items a page has at most
 */
export type Size = number;

/**
 * The `next_cursor` of an earlier page of the same list, with the same filter and order
 */
export type Cursor = string;

/**
 * The `ETag` that was read, or `*` for whatever is there (RFC 9110, section 13.1.1). Missing answers 428.
 */
export type IfMatch = string;

/**
 * Delete only what has this `ETag` (RFC 9110, section 13.1.1)
 */
export type IfMatchOptional = string;

/**
 * A key of the caller's choice, best a UUID. The same key with the same request answers what it answered the first
 * time, for 24 hours; with another request 422; while the first is at work 409. What was refused is not kept. Callers who
 * are not signed in share a key with nobody whose request differs.
 *
 */
export type IdempotencyKey = string;

/**
 * Answer 304 without a body if the `ETag` is still one of these (RFC 9110, section 13.1.2)
 */
export type IfNoneMatch = string;

export type ListUsersData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Which page, from 1, which is the default; not together with `cursor`. `page` times `size` is at most 10,000.
         */
        page?: number | undefined;
        /**
         * How many items a page has at most
         */
        size?: number | undefined;
        /**
         * The `next_cursor` of an earlier page of the same list, with the same filter and order
         */
        cursor?: string | undefined;
        /**
         * Only people with this status
         */
        status?: UserStatus | undefined;
        /**
         * Only people who carry this tag; without regard to case
         */
        tag?: Tag | undefined;
        /**
         * The beginning of a name, or of an e-mail address when it holds an `@`; without regard to case
         */
        q?: string | undefined;
        /**
         * The order; a leading `-` means descending
         */
        sort?: UserSort | undefined;
    };
    url: '/users';
};

export type ListUsersErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type ListUsersError = ListUsersErrors[keyof ListUsersErrors];

export type ListUsersResponses = {
    /**
     * A page of people
     */
    200: UserListResponse;
};

export type ListUsersResponse = ListUsersResponses[keyof ListUsersResponses];

export type CreateUserData = {
    /**
     * A user, as in `UserCreate`, and a password
     */
    body: UserSignUp;
    headers?: {
        /**
         * A key of the caller's choice, best a UUID. The same key with the same request answers what it answered the first
         * time, for 24 hours; with another request 422; while the first is at work 409. What was refused is not kept. Callers who
         * are not signed in share a key with nobody whose request differs.
         *
         */
        'Idempotency-Key'?: string | undefined;
    };
    path?: never;
    query?: never;
    url: '/users';
};

export type CreateUserErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type CreateUserError = CreateUserErrors[keyof CreateUserErrors];

export type CreateUserResponses = {
    /**
     * The user was made
     */
    201: UserResponse;
};

export type CreateUserResponse = CreateUserResponses[keyof CreateUserResponses];

export type CreateUsersData = {
    /**
     * Many users to create
     */
    body: UserBatch;
    headers?: {
        /**
         * A key of the caller's choice, best a UUID. The same key with the same request answers what it answered the first
         * time, for 24 hours; with another request 422; while the first is at work 409. What was refused is not kept. Callers who
         * are not signed in share a key with nobody whose request differs.
         *
         */
        'Idempotency-Key'?: string | undefined;
    };
    path?: never;
    query?: never;
    url: '/users/batch';
};

export type CreateUsersErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type CreateUsersError = CreateUsersErrors[keyof CreateUsersErrors];

export type CreateUsersResponses = {
    /**
     * One result per item
     */
    200: UserBatchResponse;
};

export type CreateUsersResponse = CreateUsersResponses[keyof CreateUsersResponses];

export type DeleteUserData = {
    body?: never;
    headers?: {
        /**
         * Delete only what has this `ETag` (RFC 9110, section 13.1.1)
         */
        'If-Match'?: string | undefined;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
    };
    query?: never;
    url: '/users/{user_id}';
};

export type DeleteUserErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type DeleteUserError = DeleteUserErrors[keyof DeleteUserErrors];

export type DeleteUserResponses = {
    /**
     * It is deleted; no body
     */
    204: void;
};

export type DeleteUserResponse = DeleteUserResponses[keyof DeleteUserResponses];

export type GetUserData = {
    body?: never;
    headers?: {
        /**
         * Answer 304 without a body if the `ETag` is still one of these (RFC 9110, section 13.1.2)
         */
        'If-None-Match'?: string | undefined;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
    };
    query?: {
        /**
         * What to bring along
         */
        include?: UserInclude | undefined;
    };
    url: '/users/{user_id}';
};

export type GetUserErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type GetUserError = GetUserErrors[keyof GetUserErrors];

export type GetUserResponses = {
    /**
     * The user
     */
    200: User;
};

export type GetUserResponse = GetUserResponses[keyof GetUserResponses];

export type UpdateUserData = {
    /**
     * A merge patch of a user
     */
    body: UserPatch;
    headers: {
        /**
         * The `ETag` that was read, or `*` for whatever is there (RFC 9110, section 13.1.1). Missing answers 428.
         */
        'If-Match': string;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
    };
    query?: never;
    url: '/users/{user_id}';
};

export type UpdateUserErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type UpdateUserError = UpdateUserErrors[keyof UpdateUserErrors];

export type UpdateUserResponses = {
    /**
     * The user as it is now
     */
    200: UserResponse;
};

export type UpdateUserResponse = UpdateUserResponses[keyof UpdateUserResponses];

export type RestoreUserData = {
    body?: never;
    path: {
        /**
         * The user's id
         */
        user_id: ID;
    };
    query?: never;
    url: '/users/{user_id}/restore';
};

export type RestoreUserErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type RestoreUserError = RestoreUserErrors[keyof RestoreUserErrors];

export type RestoreUserResponses = {
    /**
     * The user, restored
     */
    200: UserResponse;
};

export type RestoreUserResponse = RestoreUserResponses[keyof RestoreUserResponses];

export type GetMeData = {
    body?: never;
    headers?: {
        /**
         * Answer 304 without a body if the `ETag` is still one of these (RFC 9110, section 13.1.2)
         */
        'If-None-Match'?: string | undefined;
    };
    path?: never;
    query?: never;
    url: '/me';
};

export type GetMeErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type GetMeError = GetMeErrors[keyof GetMeErrors];

export type GetMeResponses = {
    /**
     * The user
     */
    200: User;
};

export type GetMeResponse = GetMeResponses[keyof GetMeResponses];

export type ChangePasswordData = {
    /**
     * A new password
     */
    body: PasswordChange;
    path?: never;
    query?: never;
    url: '/me/password';
};

export type ChangePasswordErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type ChangePasswordError = ChangePasswordErrors[keyof ChangePasswordErrors];

export type ChangePasswordResponses = {
    /**
     * The password is changed; no body
     */
    204: void;
};

export type ChangePasswordResponse = ChangePasswordResponses[keyof ChangePasswordResponses];

export type SendEmailCodeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/me/email/code';
};

export type SendEmailCodeErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type SendEmailCodeError = SendEmailCodeErrors[keyof SendEmailCodeErrors];

export type SendEmailCodeResponses = {
    /**
     * The code is on its way; no body
     */
    202: unknown;
};

export type VerifyEmailData = {
    /**
     * The code of a mail
     */
    body: EmailVerification;
    path?: never;
    query?: never;
    url: '/me/email/verification';
};

export type VerifyEmailErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type VerifyEmailError = VerifyEmailErrors[keyof VerifyEmailErrors];

export type VerifyEmailResponses = {
    /**
     * The address is verified; no body
     */
    204: void;
};

export type VerifyEmailResponse = VerifyEmailResponses[keyof VerifyEmailResponses];

export type ListSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/me/sessions';
};

export type ListSessionsErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type ListSessionsError = ListSessionsErrors[keyof ListSessionsErrors];

export type ListSessionsResponses = {
    /**
     * The sessions
     */
    200: SessionListResponse;
};

export type ListSessionsResponse = ListSessionsResponses[keyof ListSessionsResponses];

export type DeleteSessionData = {
    body?: never;
    path: {
        /**
         * The session's id
         */
        session_id: SessionID;
    };
    query?: never;
    url: '/me/sessions/{session_id}';
};

export type DeleteSessionErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type DeleteSessionError = DeleteSessionErrors[keyof DeleteSessionErrors];

export type DeleteSessionResponses = {
    /**
     * It is deleted; no body
     */
    204: void;
};

export type DeleteSessionResponse = DeleteSessionResponses[keyof DeleteSessionResponses];

export type ListAddressesData = {
    body?: never;
    path: {
        /**
         * The user's id
         */
        user_id: ID;
    };
    query?: never;
    url: '/users/{user_id}/addresses';
};

export type ListAddressesErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type ListAddressesError = ListAddressesErrors[keyof ListAddressesErrors];

export type ListAddressesResponses = {
    /**
     * The addresses
     */
    200: AddressListResponse;
};

export type ListAddressesResponse = ListAddressesResponses[keyof ListAddressesResponses];

export type CreateAddressData = {
    /**
     * What makes an address
     */
    body: AddressCreate;
    headers?: {
        /**
         * A key of the caller's choice, best a UUID. The same key with the same request answers what it answered the first
         * time, for 24 hours; with another request 422; while the first is at work 409. What was refused is not kept. Callers who
         * are not signed in share a key with nobody whose request differs.
         *
         */
        'Idempotency-Key'?: string | undefined;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
    };
    query?: never;
    url: '/users/{user_id}/addresses';
};

export type CreateAddressErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type CreateAddressError = CreateAddressErrors[keyof CreateAddressErrors];

export type CreateAddressResponses = {
    /**
     * The address was made
     */
    201: AddressResponse;
};

export type CreateAddressResponse = CreateAddressResponses[keyof CreateAddressResponses];

export type DeleteAddressData = {
    body?: never;
    headers?: {
        /**
         * Delete only what has this `ETag` (RFC 9110, section 13.1.1)
         */
        'If-Match'?: string | undefined;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
        /**
         * The address's id
         */
        address_id: ID;
    };
    query?: never;
    url: '/users/{user_id}/addresses/{address_id}';
};

export type DeleteAddressErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type DeleteAddressError = DeleteAddressErrors[keyof DeleteAddressErrors];

export type DeleteAddressResponses = {
    /**
     * It is deleted; no body
     */
    204: void;
};

export type DeleteAddressResponse = DeleteAddressResponses[keyof DeleteAddressResponses];

export type GetAddressData = {
    body?: never;
    headers?: {
        /**
         * Answer 304 without a body if the `ETag` is still one of these (RFC 9110, section 13.1.2)
         */
        'If-None-Match'?: string | undefined;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
        /**
         * The address's id
         */
        address_id: ID;
    };
    query?: never;
    url: '/users/{user_id}/addresses/{address_id}';
};

export type GetAddressErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type GetAddressError = GetAddressErrors[keyof GetAddressErrors];

export type GetAddressResponses = {
    /**
     * The address
     */
    200: Address;
};

export type GetAddressResponse = GetAddressResponses[keyof GetAddressResponses];

export type UpdateAddressData = {
    /**
     * A merge patch of an address
     */
    body: AddressPatch;
    headers: {
        /**
         * The `ETag` that was read, or `*` for whatever is there (RFC 9110, section 13.1.1). Missing answers 428.
         */
        'If-Match': string;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
        /**
         * The address's id
         */
        address_id: ID;
    };
    query?: never;
    url: '/users/{user_id}/addresses/{address_id}';
};

export type UpdateAddressErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type UpdateAddressError = UpdateAddressErrors[keyof UpdateAddressErrors];

export type UpdateAddressResponses = {
    /**
     * The address as it is now
     */
    200: AddressResponse;
};

export type UpdateAddressResponse = UpdateAddressResponses[keyof UpdateAddressResponses];

export type ListUserPostsData = {
    body?: never;
    path: {
        /**
         * The user's id
         */
        user_id: ID;
    };
    query?: {
        /**
         * Which page, from 1, which is the default; not together with `cursor`. `page` times `size` is at most 10,000.
         */
        page?: number | undefined;
        /**
         * How many items a page has at most
         */
        size?: number | undefined;
        /**
         * The `next_cursor` of an earlier page of the same list, with the same filter and order
         */
        cursor?: string | undefined;
    };
    url: '/users/{user_id}/posts';
};

export type ListUserPostsErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type ListUserPostsError = ListUserPostsErrors[keyof ListUserPostsErrors];

export type ListUserPostsResponses = {
    /**
     * A page of posts
     */
    200: PostListResponse;
};

export type ListUserPostsResponse = ListUserPostsResponses[keyof ListUserPostsResponses];

export type CreatePostData = {
    /**
     * What makes a post
     */
    body: PostCreate;
    headers?: {
        /**
         * A key of the caller's choice, best a UUID. The same key with the same request answers what it answered the first
         * time, for 24 hours; with another request 422; while the first is at work 409. What was refused is not kept. Callers who
         * are not signed in share a key with nobody whose request differs.
         *
         */
        'Idempotency-Key'?: string | undefined;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
    };
    query?: never;
    url: '/users/{user_id}/posts';
};

export type CreatePostErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type CreatePostError = CreatePostErrors[keyof CreatePostErrors];

export type CreatePostResponses = {
    /**
     * The post was made
     */
    201: PostResponse;
};

export type CreatePostResponse = CreatePostResponses[keyof CreatePostResponses];

export type DeletePostData = {
    body?: never;
    headers?: {
        /**
         * Delete only what has this `ETag` (RFC 9110, section 13.1.1)
         */
        'If-Match'?: string | undefined;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
        /**
         * The post's id
         */
        post_id: ID;
    };
    query?: never;
    url: '/users/{user_id}/posts/{post_id}';
};

export type DeletePostErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type DeletePostError = DeletePostErrors[keyof DeletePostErrors];

export type DeletePostResponses = {
    /**
     * It is deleted; no body
     */
    204: void;
};

export type DeletePostResponse = DeletePostResponses[keyof DeletePostResponses];

export type UpdatePostData = {
    /**
     * A merge patch of a post
     */
    body: PostPatch;
    headers: {
        /**
         * The `ETag` that was read, or `*` for whatever is there (RFC 9110, section 13.1.1). Missing answers 428.
         */
        'If-Match': string;
    };
    path: {
        /**
         * The user's id
         */
        user_id: ID;
        /**
         * The post's id
         */
        post_id: ID;
    };
    query?: never;
    url: '/users/{user_id}/posts/{post_id}';
};

export type UpdatePostErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type UpdatePostError = UpdatePostErrors[keyof UpdatePostErrors];

export type UpdatePostResponses = {
    /**
     * The post as it is now
     */
    200: PostResponse;
};

export type UpdatePostResponse = UpdatePostResponses[keyof UpdatePostResponses];

export type ListPostsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Which page, from 1, which is the default; not together with `cursor`. `page` times `size` is at most 10,000.
         */
        page?: number | undefined;
        /**
         * How many items a page has at most
         */
        size?: number | undefined;
        /**
         * The `next_cursor` of an earlier page of the same list, with the same filter and order
         */
        cursor?: string | undefined;
    };
    url: '/posts';
};

export type ListPostsErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type ListPostsError = ListPostsErrors[keyof ListPostsErrors];

export type ListPostsResponses = {
    /**
     * A page of posts
     */
    200: PostListResponse;
};

export type ListPostsResponse = ListPostsResponses[keyof ListPostsResponses];

export type GetPostData = {
    body?: never;
    headers?: {
        /**
         * Answer 304 without a body if the `ETag` is still one of these (RFC 9110, section 13.1.2)
         */
        'If-None-Match'?: string | undefined;
    };
    path: {
        /**
         * The post's id
         */
        post_id: ID;
    };
    query?: never;
    url: '/posts/{post_id}';
};

export type GetPostErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type GetPostError = GetPostErrors[keyof GetPostErrors];

export type GetPostResponses = {
    /**
     * The post
     */
    200: Post;
};

export type GetPostResponse = GetPostResponses[keyof GetPostResponses];

export type ListClientsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Only clients whose id comes after this one
         */
        after?: ClientID | undefined;
    };
    url: '/clients';
};

export type ListClientsErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type ListClientsError = ListClientsErrors[keyof ListClientsErrors];

export type ListClientsResponses = {
    /**
     * The clients
     */
    200: ClientListResponse;
};

export type ListClientsResponse = ListClientsResponses[keyof ListClientsResponses];

export type CreateClientData = {
    /**
     * What registers a client. A service has no redirect URI, every other client at least one.
     */
    body: ClientCreate;
    path?: never;
    query?: never;
    url: '/clients';
};

export type CreateClientErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type CreateClientError = CreateClientErrors[keyof CreateClientErrors];

export type CreateClientResponses = {
    /**
     * The client, and its secret
     */
    201: ClientSecretResponse;
};

export type CreateClientResponse = CreateClientResponses[keyof CreateClientResponses];

export type DeleteClientData = {
    body?: never;
    path: {
        /**
         * The client's id
         */
        client_id: ClientID;
    };
    query?: never;
    url: '/clients/{client_id}';
};

export type DeleteClientErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type DeleteClientError = DeleteClientErrors[keyof DeleteClientErrors];

export type DeleteClientResponses = {
    /**
     * It is deleted; no body
     */
    204: void;
};

export type DeleteClientResponse = DeleteClientResponses[keyof DeleteClientResponses];

export type GetClientData = {
    body?: never;
    headers?: {
        /**
         * Answer 304 without a body if the `ETag` is still one of these (RFC 9110, section 13.1.2)
         */
        'If-None-Match'?: string | undefined;
    };
    path: {
        /**
         * The client's id
         */
        client_id: ClientID;
    };
    query?: never;
    url: '/clients/{client_id}';
};

export type GetClientErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type GetClientError = GetClientErrors[keyof GetClientErrors];

export type GetClientResponses = {
    /**
     * The client
     */
    200: Client;
};

export type GetClientResponse = GetClientResponses[keyof GetClientResponses];

export type RotateClientSecretData = {
    body?: never;
    path: {
        /**
         * The client's id
         */
        client_id: ClientID;
    };
    query?: never;
    url: '/clients/{client_id}/secret';
};

export type RotateClientSecretErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type RotateClientSecretError = RotateClientSecretErrors[keyof RotateClientSecretErrors];

export type RotateClientSecretResponses = {
    /**
     * The client, and its new secret
     */
    200: ClientSecretResponse;
};

export type RotateClientSecretResponse = RotateClientSecretResponses[keyof RotateClientSecretResponses];

export type GetOpenIdConfigurationData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/openid-configuration';
};

export type GetOpenIdConfigurationErrors = {
    /**
     * What is wrong, in OAuth's words (RFC 6749, section 5.2; RFC 6750, section 3.1)
     */
    400: OAuthError;
};

export type GetOpenIdConfigurationError = GetOpenIdConfigurationErrors[keyof GetOpenIdConfigurationErrors];

export type GetOpenIdConfigurationResponses = {
    /**
     * What this OpenID provider offers
     */
    200: ServerMetadata;
};

export type GetOpenIdConfigurationResponse = GetOpenIdConfigurationResponses[keyof GetOpenIdConfigurationResponses];

export type GetServerMetadataData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/oauth-authorization-server';
};

export type GetServerMetadataErrors = {
    /**
     * What is wrong, in OAuth's words (RFC 6749, section 5.2; RFC 6750, section 3.1)
     */
    400: OAuthError;
};

export type GetServerMetadataError = GetServerMetadataErrors[keyof GetServerMetadataErrors];

export type GetServerMetadataResponses = {
    /**
     * What this authorization server offers
     */
    200: ServerMetadata;
};

export type GetServerMetadataResponse = GetServerMetadataResponses[keyof GetServerMetadataResponses];

export type GetKeysData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/oauth/keys';
};

export type GetKeysErrors = {
    /**
     * What is wrong, in OAuth's words (RFC 6749, section 5.2; RFC 6750, section 3.1)
     */
    400: OAuthError;
};

export type GetKeysError = GetKeysErrors[keyof GetKeysErrors];

export type GetKeysResponses = {
    /**
     * The keys
     */
    200: KeySet;
};

export type GetKeysResponse = GetKeysResponses[keyof GetKeysResponses];

export type ExchangeTokenData = {
    /**
     * What asks for tokens; the grant type says which parameters it needs
     */
    body: TokenRequest;
    path?: never;
    query?: never;
    url: '/oauth/token';
};

export type ExchangeTokenErrors = {
    /**
     * What is wrong, in OAuth's words (RFC 6749, section 5.2; RFC 6750, section 3.1)
     */
    400: OAuthError;
};

export type ExchangeTokenError = ExchangeTokenErrors[keyof ExchangeTokenErrors];

export type ExchangeTokenResponses = {
    /**
     * The tokens
     */
    200: TokenResponse;
};

export type ExchangeTokenResponse = ExchangeTokenResponses[keyof ExchangeTokenResponses];

export type RevokeTokenData = {
    /**
     * What ends a token
     */
    body: RevocationRequest;
    path?: never;
    query?: never;
    url: '/oauth/revoke';
};

export type RevokeTokenErrors = {
    /**
     * What is wrong, in OAuth's words (RFC 6749, section 5.2; RFC 6750, section 3.1)
     */
    400: OAuthError;
};

export type RevokeTokenError = RevokeTokenErrors[keyof RevokeTokenErrors];

export type RevokeTokenResponses = {
    /**
     * The token is of no use; no body
     */
    200: unknown;
};

export type IntrospectTokenData = {
    /**
     * What asks about a token
     */
    body: IntrospectionRequest;
    path?: never;
    query?: never;
    url: '/oauth/introspect';
};

export type IntrospectTokenErrors = {
    /**
     * What is wrong, in OAuth's words (RFC 6749, section 5.2; RFC 6750, section 3.1)
     */
    400: OAuthError;
};

export type IntrospectTokenError = IntrospectTokenErrors[keyof IntrospectTokenErrors];

export type IntrospectTokenResponses = {
    /**
     * What is to be told
     */
    200: Introspection;
};

export type IntrospectTokenResponse = IntrospectTokenResponses[keyof IntrospectTokenResponses];

export type GetUserInfoData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/oauth/userinfo';
};

export type GetUserInfoErrors = {
    /**
     * What is wrong, in OAuth's words (RFC 6749, section 5.2; RFC 6750, section 3.1)
     */
    400: OAuthError;
};

export type GetUserInfoError = GetUserInfoErrors[keyof GetUserInfoErrors];

export type GetUserInfoResponses = {
    /**
     * The claims
     */
    200: UserInfo;
};

export type GetUserInfoResponse = GetUserInfoResponses[keyof GetUserInfoResponses];

export type GetHealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/healthz';
};

export type GetHealthErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type GetHealthError = GetHealthErrors[keyof GetHealthErrors];

export type GetHealthResponses = {
    /**
     * The server lives
     */
    200: Health;
};

export type GetHealthResponse = GetHealthResponses[keyof GetHealthResponses];

export type GetReadinessData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/readyz';
};

export type GetReadinessErrors = {
    /**
     * What cannot be parsed: JSON, repeated keys, bad UTF-8, a broken query
     */
    400: Problem;
};

export type GetReadinessError = GetReadinessErrors[keyof GetReadinessErrors];

export type GetReadinessResponses = {
    /**
     * Every dependency answers
     */
    200: Readiness;
};

export type GetReadinessResponse = GetReadinessResponses[keyof GetReadinessResponses];

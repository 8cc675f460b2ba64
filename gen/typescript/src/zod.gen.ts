// Written by make generate from openapi.yaml; do not edit.

import * as z from 'zod';

/**
 * An id; at most 2^53 - 1, so that every JSON number type holds it
 *
 * @example 1
 */
export const zID = z.int().gte(1).lte(9007199254740991);

/**
 * Goes up by one with every change, from 1
 *
 * @example 3
 */
export const zVersion = z.int().gte(1).lte(9007199254740991);

/**
 * RFC 3339, in UTC
 *
 * @example "2026-01-02T03:04:05.678901Z"
 */
export const zTime = z.iso.datetime().max(40);

/**
 * RFC 3339, in UTC; null until the first change
 *
 * @example "2026-01-02T03:04:05.678901Z"
 */
export const zNullableTime = z.iso.datetime().max(40).nullable();

/**
 * 2 to 100 characters, no decimal digit of any script; stored in title case
 *
 * @example "Ann Lee"
 */
export const zUserName = z.string().min(2).max(100);

/**
 * Unique among live users, without regard to case
 *
 * @example "ann@example.com"
 */
export const zEmail = z.string().max(254).regex(/^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/);

/**
 * In years
 *
 * @example 34
 */
export const zAge = z.int().gte(13).lte(120);

/**
 * 12 to 128 characters, taken as they are. It works once the e-mail address is verified.
 *
 * @example "correct horse battery"
 */
export const zPassword = z.string().min(12).max(128);

/**
 * Whether the person takes part
 *
 * @example "active"
 */
export const zUserStatus = z.enum([
    'active',
    'inactive',
    'suspended'
]);

/**
 * Letters, digits and `_`, with at least one letter or digit; stored in lower case
 *
 * @example "climbing"
 */
export const zTag = z.string().min(1).max(50);

/**
 * At most 10 as sent, repeats included. `minor` is the server's and does not count; sent, it is ignored.
 *
 * @example ["go","climbing"]
 */
export const zTagsWritten = z.array(zTag).max(11);

/**
 * In lower case, without repeats, in the order they were first sent; `minor` comes last
 *
 * @example ["go","climbing"]
 */
export const zTags = z.array(zTag).max(11);

/**
 * What a person may do beyond what is their own
 *
 * @example "member"
 */
export const zUserRole = z.enum(['member', 'admin']);

/**
 * The orders of a list of people
 */
export const zUserSort = z.enum([
    '-created_at',
    'created_at',
    'name',
    'email'
]);

/**
 * What a read of a user can bring along
 */
export const zUserInclude = z.enum(['posts']);

/**
 * A merge patch of a user
 */
export const zUserPatch = z.object({
    name: zUserName.optional(),
    email: zEmail.optional(),
    age: zAge.optional(),
    status: zUserStatus.optional(),
    role: zUserRole.optional(),
    tags: zTagsWritten.optional()
});

/**
 * A new password
 */
export const zPasswordChange = z.object({
    current_password: z.string().max(128).optional(),
    password: zPassword
});

/**
 * Eight digits
 *
 * @example "12345678"
 */
export const zEmailCode = z.string().max(8).regex(/^[0-9]{8}$/);

/**
 * The code of a mail
 */
export const zEmailVerification = z.object({
    code: zEmailCode
});

/**
 * The id of a session
 *
 * @example "0197c0de-7c1e-4b6a-9f5e-3d2a1b0c9d8e"
 */
export const zSessionID = z.string().max(36).regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

/**
 * A browser in which a person is signed in
 */
export const zSession = z.object({
    id: zSessionID,
    is_current: z.boolean(),
    user_agent: z.string().max(300),
    address: z.string().max(100),
    created_at: zTime,
    expires_at: zTime
});

/**
 * The sessions of a person
 */
export const zSessionList = z.object({
    items: z.array(zSession).max(100)
});

/**
 * The id of a client
 *
 * @example "example"
 */
export const zClientID = z.string().min(1).max(64).regex(/^[a-z0-9-]{1,64}$/);

/**
 * What people are shown
 *
 * @example "Town Board"
 */
export const zClientName = z.string().min(2).max(100);

/**
 * Whether the client can keep a secret, and for whom it calls
 *
 * @example "public"
 */
export const zClientKind = z.enum([
    'public',
    'confidential',
    'service'
]);

/**
 * An https URI without a fragment; http for loopback addresses alone, at any port; or a private-use scheme as com.example.app:/callback (RFC 8252)
 *
 * @example "https://board.example/callback"
 */
export const zRedirectURI = z.string().min(1).max(500);

/**
 * Where answers may go
 *
 * @example ["https://board.example/callback"]
 */
export const zRedirectURIs = z.array(zRedirectURI).max(10);

/**
 * What the client may ask for; scopes of this contract
 *
 * @example ["openid","users:read"]
 */
export const zClientScopes = z.array(z.string().min(1).max(50)).min(1).max(50);

/**
 * An application or a service
 */
export const zClient = z.object({
    id: zClientID,
    name: zClientName,
    kind: zClientKind,
    redirect_uris: zRedirectURIs,
    post_logout_redirect_uris: zRedirectURIs,
    scopes: zClientScopes,
    version: zVersion,
    created_at: zTime,
    updated_at: zNullableTime
});

/**
 * What registers a client. A service has no redirect URI, every other client at least one.
 */
export const zClientCreate = z.object({
    name: zClientName,
    kind: zClientKind,
    redirect_uris: zRedirectURIs.optional(),
    post_logout_redirect_uris: zRedirectURIs.optional(),
    scopes: zClientScopes
});

/**
 * Clients in the order of their ids
 */
export const zClientList = z.object({
    items: z.array(zClient).max(100)
});

/**
 * A client with its secret, which is shown this once
 */
export const zClientSecret = z.object({
    client: zClient,
    client_secret: z.string().max(100).nullable()
});

/**
 * An error in OAuth's words
 */
export const zOAuthError = z.object({
    error: z.string().max(50),
    error_description: z.string().max(500)
});

/**
 * What asks for tokens; the grant type says which parameters it needs
 */
export const zTokenRequest = z.object({
    grant_type: z.string().max(100).optional(),
    client_id: z.string().max(100).optional(),
    code: z.string().max(200).optional(),
    redirect_uri: z.string().max(500).optional(),
    code_verifier: z.string().max(200).optional(),
    refresh_token: z.string().max(200).optional(),
    scope: z.string().max(1000).optional()
});

/**
 * What ends a token
 */
export const zRevocationRequest = z.object({
    token: z.string().max(8000).optional(),
    token_type_hint: z.string().max(100).optional(),
    client_id: z.string().max(100).optional()
});

/**
 * What asks about a token
 */
export const zIntrospectionRequest = z.object({
    token: z.string().max(8000).optional(),
    token_type_hint: z.string().max(100).optional()
});

/**
 * Tokens (RFC 6749, section 5.1)
 */
export const zTokenResponse = z.object({
    access_token: z.string().max(8000),
    token_type: z.enum(['Bearer']),
    expires_in: z.int().gte(1).lte(86400),
    scope: z.string().max(1000),
    refresh_token: z.string().max(200).optional(),
    id_token: z.string().max(8000).optional()
});

/**
 * What is told of a token (RFC 7662, section 2.2); nothing but `active` where it is of no use
 */
export const zIntrospection = z.object({
    active: z.boolean(),
    token_type: z.string().max(50).optional(),
    scope: z.string().max(1000).optional(),
    client_id: z.string().max(100).optional(),
    sub: z.string().max(100).optional(),
    iss: z.string().max(500).optional(),
    exp: z.int().gte(0).lte(9007199254740991).optional()
});

/**
 * The claims of a person
 */
export const zUserInfo = z.object({
    sub: z.string().max(100),
    name: z.string().max(100).optional(),
    email: z.string().max(254).optional(),
    email_verified: z.boolean().optional()
});

/**
 * A public key (RFC 7517)
 */
export const zKey = z.object({
    kty: z.enum(['EC']),
    kid: z.string().max(100),
    crv: z.enum(['P-256']),
    alg: z.enum(['ES256']),
    use: z.enum(['sig']),
    x: z.string().max(100),
    y: z.string().max(100)
});

/**
 * A JSON Web Key Set
 */
export const zKeySet = z.object({
    keys: z.array(zKey).max(100)
});

/**
 * An address of this server
 *
 * @example "https://plaza.example/oauth/token"
 */
export const zMetadataURL = z.string().max(500);

/**
 * What is offered
 */
export const zMetadataWords = z.array(z.string().max(100)).max(100);

/**
 * What this server offers (RFC 8414, section 2)
 *
 * @example {"issuer":"https://plaza.example","authorization_endpoint":"https://plaza.example/oauth/authorize","token_endpoint":"https://plaza.example/oauth/token","jwks_uri":"https://plaza.example/oauth/keys","userinfo_endpoint":"https://plaza.example/oauth/userinfo","revocation_endpoint":"https://plaza.example/oauth/revoke","introspection_endpoint":"https://plaza.example/oauth/introspect","end_session_endpoint":"https://plaza.example/oauth/logout","scopes_supported":["openid","profile","email","users:read"],"response_types_supported":["code"],"response_modes_supported":["query"],"grant_types_supported":["authorization_code","refresh_token","client_credentials"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["ES256"],"code_challenge_methods_supported":["S256"],"token_endpoint_auth_methods_supported":["none","client_secret_basic"],"revocation_endpoint_auth_methods_supported":["none","client_secret_basic"],"introspection_endpoint_auth_methods_supported":["client_secret_basic"],"prompt_values_supported":["none","login","consent"],"claims_supported":["sub","name","email","email_verified","auth_time","sid"],"authorization_response_iss_parameter_supported":true}
 */
export const zServerMetadata = z.object({
    issuer: zMetadataURL,
    authorization_endpoint: zMetadataURL,
    token_endpoint: zMetadataURL,
    jwks_uri: zMetadataURL,
    userinfo_endpoint: zMetadataURL.optional(),
    revocation_endpoint: zMetadataURL.optional(),
    introspection_endpoint: zMetadataURL.optional(),
    end_session_endpoint: zMetadataURL.optional(),
    scopes_supported: zMetadataWords.optional(),
    response_types_supported: zMetadataWords.optional(),
    response_modes_supported: zMetadataWords.optional(),
    grant_types_supported: zMetadataWords.optional(),
    subject_types_supported: zMetadataWords.optional(),
    id_token_signing_alg_values_supported: zMetadataWords.optional(),
    code_challenge_methods_supported: zMetadataWords.optional(),
    token_endpoint_auth_methods_supported: zMetadataWords.optional(),
    revocation_endpoint_auth_methods_supported: zMetadataWords.optional(),
    introspection_endpoint_auth_methods_supported: zMetadataWords.optional(),
    prompt_values_supported: zMetadataWords.optional(),
    claims_supported: zMetadataWords.optional(),
    authorization_response_iss_parameter_supported: z.boolean().optional()
});

/**
 * ISO 3166-1 alpha-2
 *
 * @example "CA"
 */
export const zCountry = z.enum([
    'US',
    'CA',
    'MX'
]);

/**
 * Street and number
 *
 * @example "24 Sussex Drive"
 */
export const zStreet = z.string().min(5).max(200);

/**
 * City or town
 *
 * @example "Ottawa"
 */
export const zCity = z.string().min(2).max(100);

/**
 * By country: US `12345` or `12345-6789`, MX `12345`, CA `A1A 1A1`
 *
 * @example "K1M 1M4"
 */
export const zPostalCode = z.string().min(5).max(10);

/**
 * Where a person lives
 */
export const zAddress = z.object({
    id: zID,
    user_id: zID,
    street: zStreet,
    city: zCity,
    country: zCountry,
    postal_code: zPostalCode,
    version: zVersion,
    created_at: zTime,
    updated_at: zNullableTime
});

/**
 * What makes an address
 */
export const zAddressCreate = z.object({
    street: zStreet,
    city: zCity,
    country: zCountry,
    postal_code: zPostalCode
});

/**
 * What makes a user; `status` is `active` unless it is given
 */
export const zUserCreate = z.object({
    name: zUserName,
    email: zEmail,
    age: zAge,
    status: zUserStatus.optional(),
    tags: zTagsWritten.optional(),
    address: zAddressCreate.optional()
});

/**
 * A user, as in `UserCreate`, and a password
 */
export const zUserSignUp = z.object({
    name: zUserName,
    email: zEmail,
    age: zAge,
    status: zUserStatus.optional(),
    tags: zTagsWritten.optional(),
    address: zAddressCreate.optional(),
    password: zPassword.optional()
});

/**
 * Many users to create
 */
export const zUserBatch = z.object({
    users: z.array(zUserCreate).min(1).max(1000),
    atomic: z.boolean().optional().default(false)
});

/**
 * A merge patch of an address
 */
export const zAddressPatch = z.object({
    street: zStreet.optional(),
    city: zCity.optional(),
    country: zCountry.optional(),
    postal_code: zPostalCode.optional()
});

/**
 * All addresses of a user
 */
export const zAddressList = z.object({
    items: z.array(zAddress).max(20)
});

/**
 * Who wrote it
 */
export const zAuthor = z.object({
    id: zID,
    name: zUserName
});

/**
 * The headline
 *
 * @example "Hello"
 */
export const zPostTitle = z.string().min(1).max(200);

/**
 * The text, exactly as it was sent
 *
 * @example "A first post."
 */
export const zPostContent = z.string().min(1).max(100000);

/**
 * What a person wrote
 */
export const zPost = z.object({
    id: zID,
    author_id: zID,
    author: zAuthor,
    title: zPostTitle,
    content: zPostContent,
    version: zVersion,
    created_at: zTime,
    updated_at: zNullableTime
});

/**
 * A person
 */
export const zUser = z.object({
    id: zID,
    name: zUserName,
    email: zEmail,
    age: zAge,
    status: zUserStatus,
    role: zUserRole,
    tags: zTags,
    is_adult: z.boolean(),
    display_name: z.string().max(357),
    version: zVersion,
    created_at: zTime,
    updated_at: zNullableTime,
    posts: z.array(zPost).max(20).optional()
});

/**
 * What makes a post
 */
export const zPostCreate = z.object({
    title: zPostTitle,
    content: zPostContent
});

/**
 * A merge patch of a post
 */
export const zPostPatch = z.object({
    title: zPostTitle.optional(),
    content: zPostContent.optional()
});

/**
 * How many there are on all pages
 *
 * @example 57
 */
export const zTotal = z.int().gte(0).lte(9007199254740991);

/**
 * Whether `total` is all there are; otherwise there are more
 *
 * @example true
 */
export const zTotalIsExact = z.boolean();

/**
 * Which page this is, from 1; null when it was asked for by `cursor`
 *
 * @example 1
 */
export const zPageNumber = z.int().gte(1).lte(10000).nullable();

/**
 * How many items a page has at most
 *
 * @example 20
 */
export const zPageSize = z.int().gte(1).lte(100);

/**
 * How many pages `total` makes
 *
 * @example 3
 */
export const zPages = z.int().gte(0).lte(9007199254740991);

/**
 * The `cursor` of the next page; null on the last
 *
 * @example "AQEABjYp2cWXAAAAAAAAAAAq"
 */
export const zNextCursor = z.string().max(1500).nullable();

/**
 * A page of people
 */
export const zUserList = z.object({
    items: z.array(zUser).max(100),
    total: zTotal,
    total_is_exact: zTotalIsExact,
    page: zPageNumber,
    size: zPageSize,
    pages: zPages,
    next_cursor: zNextCursor
});

/**
 * A page of posts
 */
export const zPostList = z.object({
    items: z.array(zPost).max(100),
    total: zTotal,
    total_is_exact: zTotalIsExact,
    page: zPageNumber,
    size: zPageSize,
    pages: zPages,
    next_cursor: zNextCursor
});

/**
 * Always true; what fails is a problem
 *
 * @example true
 */
export const zSuccess = z.literal(true);

/**
 * What happened, for people
 *
 * @example "Retrieved 20 users"
 */
export const zMessage = z.string().max(200);

/**
 * Sessions in the envelope
 */
export const zSessionListResponse = z.object({
    success: zSuccess,
    data: zSessionList,
    message: zMessage,
    timestamp: zTime
});

/**
 * Clients in the envelope
 */
export const zClientListResponse = z.object({
    success: zSuccess,
    data: zClientList,
    message: zMessage,
    timestamp: zTime
});

/**
 * A client and its secret in the envelope
 */
export const zClientSecretResponse = z.object({
    success: zSuccess,
    data: zClientSecret,
    message: zMessage,
    timestamp: zTime
});

/**
 * The envelope of User
 */
export const zUserResponse = z.object({
    success: zSuccess,
    data: zUser,
    message: zMessage,
    timestamp: zTime
});

/**
 * The envelope of UserList
 */
export const zUserListResponse = z.object({
    success: zSuccess,
    data: zUserList,
    message: zMessage,
    timestamp: zTime
});

/**
 * The envelope of Address
 */
export const zAddressResponse = z.object({
    success: zSuccess,
    data: zAddress,
    message: zMessage,
    timestamp: zTime
});

/**
 * The envelope of AddressList
 */
export const zAddressListResponse = z.object({
    success: zSuccess,
    data: zAddressList,
    message: zMessage,
    timestamp: zTime
});

/**
 * The envelope of Post
 */
export const zPostResponse = z.object({
    success: zSuccess,
    data: zPost,
    message: zMessage,
    timestamp: zTime
});

/**
 * The envelope of PostList
 */
export const zPostListResponse = z.object({
    success: zSuccess,
    data: zPostList,
    message: zMessage,
    timestamp: zTime
});

/**
 * What sort of problem it is; the key that programs may rely on
 *
 * @example "urn:plaza:problem:invalid"
 */
export const zProblemType = z.enum([
    'urn:plaza:problem:malformed',
    'urn:plaza:problem:unauthorized',
    'urn:plaza:problem:forbidden',
    'urn:plaza:problem:not-found',
    'urn:plaza:problem:method-not-allowed',
    'urn:plaza:problem:not-acceptable',
    'urn:plaza:problem:request-timeout',
    'urn:plaza:problem:conflict',
    'urn:plaza:problem:stale-version',
    'urn:plaza:problem:too-large',
    'urn:plaza:problem:unsupported-media-type',
    'urn:plaza:problem:invalid',
    'urn:plaza:problem:precondition-required',
    'urn:plaza:problem:too-many-requests',
    'urn:plaza:problem:headers-too-large',
    'urn:plaza:problem:internal',
    'urn:plaza:problem:unavailable',
    'urn:plaza:problem:timeout'
]);

/**
 * One fault, in the body (`pointer`) or in a parameter (`in` and `name`)
 */
export const zProblemField = z.object({
    pointer: z.string().max(1000).optional(),
    in: z.enum([
        'path',
        'query',
        'header'
    ]).optional(),
    name: z.string().max(200).optional(),
    detail: z.string().max(500)
});

/**
 * An error, in the form of RFC 9457
 */
export const zProblem = z.object({
    type: zProblemType,
    title: z.string().max(100),
    status: z.int().gte(400).lte(599),
    detail: z.string().max(1000),
    instance: z.string().max(2000),
    timestamp: zTime,
    request_id: z.string().max(64),
    errors: z.array(zProblemField).max(10000).optional()
});

/**
 * What became of one item
 */
export const zUserBatchResult = z.object({
    index: z.int().gte(0).lte(999),
    status: z.int().gte(200).lte(599),
    user: zUser.optional(),
    problem: zProblem.optional()
});

/**
 * One entry per item
 */
export const zUserBatchResults = z.object({
    results: z.array(zUserBatchResult).max(1000)
});

/**
 * The envelope of UserBatchResults
 */
export const zUserBatchResponse = z.object({
    success: zSuccess,
    data: zUserBatchResults,
    message: zMessage,
    timestamp: zTime
});

/**
 * The server lives
 */
export const zHealth = z.object({
    status: z.enum(['alive'])
});

/**
 * Something that the server needs
 */
export const zDependency = z.object({
    name: z.string().max(50),
    status: z.enum(['ready'])
});

/**
 * Every dependency answers
 */
export const zReadiness = z.object({
    status: z.enum(['ready']),
    dependencies: z.array(zDependency).max(20)
});

/**
 * The user's id
 */
export const zUserID = zID;

/**
 * The address's id
 */
export const zAddressID = zID;

/**
 * The post's id
 */
export const zPostID = zID;

/**
 * Which page, from 1, which is the default; not together with `cursor`. `page` times `size` is at most 10,000.
 */
export const zPage = z.int().gte(1).lte(10000);

/**
 * How many items a page has at most
 */
export const zSize = z.int().gte(1).lte(100).default(20);

/**
 * The `next_cursor` of an earlier page of the same list, with the same filter and order
 */
export const zCursor = z.string().min(1).max(1500);

/**
 * The `ETag` that was read, or `*` for whatever is there (RFC 9110, section 13.1.1). Missing answers 428.
 */
export const zIfMatch = z.string().max(1000);

/**
 * Delete only what has this `ETag` (RFC 9110, section 13.1.1)
 */
export const zIfMatchOptional = z.string().max(1000);

/**
 * A key of the caller's choice, best a UUID. The same key with the same request answers what it answered the first
 * time, for 24 hours; with another request 422; while the first is at work 409. What was refused is not kept. Callers who
 * are not signed in share a key with nobody whose request differs.
 *
 */
export const zIdempotencyKey = z.string().min(1).max(255).regex(/^[!-~]+$/);

/**
 * Answer 304 without a body if the `ETag` is still one of these (RFC 9110, section 13.1.2)
 */
export const zIfNoneMatch = z.string().max(1000);

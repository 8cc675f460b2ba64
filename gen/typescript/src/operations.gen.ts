// Written by make generate from openapi.yaml; do not edit.
import { path } from './connect.js'
import { type List, list } from './list.js'
import type { CallOptions, Connection, Dated, Once, Versioned } from './types.js'
import type {
  Address,
  AddressCreate,
  AddressList,
  AddressPatch,
  Client,
  ClientCreate,
  ClientList,
  ClientSecret,
  EmailVerification,
  GetUserData,
  Health,
  Introspection,
  IntrospectionRequest,
  KeySet,
  ListClientsData,
  ListPostsData,
  ListUserPostsData,
  ListUsersData,
  PasswordChange,
  Post,
  PostCreate,
  PostList,
  PostPatch,
  Readiness,
  RevocationRequest,
  ServerMetadata,
  Session,
  SessionList,
  TokenRequest,
  TokenResponse,
  User,
  UserBatch,
  UserBatchResults,
  UserInfo,
  UserList,
  UserPatch,
  UserSignUp,
} from './types.gen.js'
import { orCurrent, updateWith } from './version.js'

/** What may be said of `listUsers`. */
export type ListUsersOptions = CallOptions & NonNullable<ListUsersData['query']>

/**
 * List people
 *
 * The newest first, ties by id. `page` reaches 10,000 rows; `cursor` goes on from any `next_cursor` and
 * costs the same at any depth.
 *
 * One of `status`, `tag` and `q` may be given at a time. Each has an index and an order of its own: `status` and
 * `tag` keep newest first, `q` is ordered by the name, or by the e-mail address when it holds an `@`. A `sort`
 * that contradicts that order is refused. Without a filter, `sort` chooses the order.
 *
 * Without a filter `total` is exact; with one it is counted up to 10,000, and
 * `total_is_exact` says whether that was all.
 *
 * `GET /users`
 */
export const listUsers = <D extends boolean = false>(
  connection: Connection<D>,
  options?: ListUsersOptions,
): List<Dated<User, D>, Dated<UserList, D>> =>
  list<User, UserList, D>(connection, { id: 'listUsers', method: 'GET', path: '/users', enveloped: true }, options, 'cursor')

/** What may be said of `createUser`. */
export type CreateUserOptions = CallOptions & Once

/**
 * Sign up
 *
 * Makes a user, and with `address` the first address in the same transaction.
 *
 * The name is stored in title case, the tags in lower case without repeats. An active user under 18 carries the
 * tag `minor`, which is the server's: it comes and goes with the rule. An e-mail address that a live user has
 * already, in whatever case, answers 409.
 *
 * Anyone may sign up, unless the server is set to let only admins create users (`PLAZA_SIGN_UP=closed`).
 *
 * `POST /users`
 */
export const createUser = <D extends boolean = false>(
  connection: Connection<D>,
  body: UserSignUp,
  options?: CreateUserOptions,
): Promise<Dated<User, D>> =>
  connection.call<User>({ id: 'createUser', method: 'POST', path: '/users', body, enveloped: true, once: true }, options)

/** What may be said of `createUsers`. */
export type CreateUsersOptions = CallOptions & Once

/**
 * Create many users at once
 *
 * Up to 1,000 users. Each item is checked as in `createUser`.
 *
 * Without `atomic` each item stands on its own: the answer is 200, and `data.results` has one entry per item, in
 * order, with the `status` it would have had alone and the `user` or the `problem`. With `atomic` all are made
 * or none: one bad item answers with a problem whose `errors` names the faults of all items by pointer (409
 * when e-mail addresses in use are all there is to say, else 422), and nothing is stored.
 *
 * `POST /users/batch`
 */
export const createUsers = <D extends boolean = false>(
  connection: Connection<D>,
  body: UserBatch,
  options?: CreateUsersOptions,
): Promise<Dated<UserBatchResults, D>> =>
  connection.call<UserBatchResults>({ id: 'createUsers', method: 'POST', path: '/users/batch', body, enveloped: true, once: true, limit: 30000 }, options)

/** What may be said of `getUser`. */
export type GetUserOptions = CallOptions & NonNullable<GetUserData['query']>

/**
 * Read a user
 *
 * Answers 404 for a user who does not exist or is deleted. With `include=posts` the user's latest 20 posts
 * come along.
 *
 * `GET /users/{user_id}`
 */
export const getUser = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  options?: GetUserOptions,
): Promise<Dated<User, D>> =>
  connection.call<User>({ id: 'getUser', method: 'GET', path: path`/users/${userId}` }, options)

/** What may be said of `updateUser`. */
export type UpdateUserOptions = CallOptions & Versioned

/**
 * Change a user
 *
 * A JSON merge patch; the rules of `createUser` hold for what comes of it. The version goes up by one, even when
 * nothing differs. To change `email` takes the scope `account:write`; the old address, where it was verified, is told.
 *
 * `PATCH /users/{user_id}`
 */
export const updateUser = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  body: UserPatch,
  options: UpdateUserOptions,
): Promise<Dated<User, D>> =>
  orCurrent(
    connection.call<User>({ id: 'updateUser', method: 'PATCH', path: path`/users/${userId}`, body, type: 'application/merge-patch+json', enveloped: true }, options),
    () => getUser(connection, userId, { signal: options?.signal }),
  )

/**
 * Reads, asks `change` what to send, and changes; and again from what is there now, where somebody else was faster: five
 * times, then it throws StaleVersionError.
 *
 * @example
 * await updateUserWith(connection, 1, (user) => ({ … }))
 */
export const updateUserWith = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  change: (current: Dated<User, D>) => UserPatch | Promise<UserPatch>,
  options?: Omit<UpdateUserOptions, 'version'>,
): Promise<Dated<User, D>> =>
  updateWith(
    () => getUser(connection, userId, options),
    change,
    (body, version) => updateUser(connection, userId, body, { ...options, version }),
  )

/** What may be said of `deleteUser`. */
export type DeleteUserOptions = CallOptions & Partial<Versioned>

/**
 * Delete a user
 *
 * The user disappears from every read, with addresses and posts, and the e-mail address becomes free. An admin can restore
 * the user.
 *
 * `DELETE /users/{user_id}`
 */
export const deleteUser = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  options?: DeleteUserOptions,
): Promise<void> =>
  orCurrent(
    connection.call<void>({ id: 'deleteUser', method: 'DELETE', path: path`/users/${userId}` }, options),
    () => getUser(connection, userId, { signal: options?.signal }),
  )

/**
 * Restore a deleted user
 *
 * Brings a deleted user back, with addresses and posts; 409 if another user has taken the e-mail address since. A user who is
 * not deleted is answered as it is.
 *
 * `POST /users/{user_id}/restore`
 */
export const restoreUser = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  options?: CallOptions,
): Promise<Dated<User, D>> =>
  connection.call<User>({ id: 'restoreUser', method: 'POST', path: path`/users/${userId}/restore`, enveloped: true }, options)

/**
 * Read who is signed in
 *
 * The user whose token this is. A service is no user and gets 404.
 *
 * `GET /me`
 */
export const getMe = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
): Promise<Dated<User, D>> =>
  connection.call<User>({ id: 'getMe', method: 'GET', path: '/me' }, options)

/**
 * Change the own password
 *
 * Sets a password, be it the first one. Who has one sends it as `current_password`; wrong ones count as failed sign-ins.
 * A change ends all of the person's sessions and tokens, also the one that it was made with.
 *
 * `PUT /me/password`
 */
export const changePassword = <D extends boolean = false>(
  connection: Connection<D>,
  body: PasswordChange,
  options?: CallOptions,
): Promise<void> =>
  connection.call<void>({ id: 'changePassword', method: 'PUT', path: '/me/password', body, limit: 10000 }, options)

/**
 * Mail a code to the own address
 *
 * Mails a one-time code of eight digits to the person's e-mail address, good for ten minutes and five attempts; at
 * most one a minute.
 *
 * `POST /me/email/code`
 */
export const sendEmailCode = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
): Promise<void> =>
  connection.call<void>({ id: 'sendEmailCode', method: 'POST', path: '/me/email/code' }, options)

/**
 * Verify the own address
 *
 * Shows by the code of the mail that the e-mail address is the person's. A password works only then. Wrong codes count as
 * failed sign-ins.
 *
 * `POST /me/email/verification`
 */
export const verifyEmail = <D extends boolean = false>(
  connection: Connection<D>,
  body: EmailVerification,
  options?: CallOptions,
): Promise<void> =>
  connection.call<void>({ id: 'verifyEmail', method: 'POST', path: '/me/email/verification', body }, options)

/**
 * List the own sessions
 *
 * The browsers in which the person is signed in, the newest first, up to 100.
 *
 * `GET /me/sessions`
 */
export const listSessions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
): List<Dated<Session, D>, Dated<SessionList, D>> =>
  list<Session, SessionList, D>(connection, { id: 'listSessions', method: 'GET', path: '/me/sessions', enveloped: true }, options)

/**
 * End one of the own sessions
 *
 * Signs that browser out. Its tokens stop within a second, on every server.
 *
 * `DELETE /me/sessions/{session_id}`
 */
export const deleteSession = <D extends boolean = false>(
  connection: Connection<D>,
  sessionId: string,
  options?: CallOptions,
): Promise<void> =>
  connection.call<void>({ id: 'deleteSession', method: 'DELETE', path: path`/me/sessions/${sessionId}` }, options)

/**
 * List the addresses of a user
 *
 * All of them, at most 20, the newest first.
 *
 * `GET /users/{user_id}/addresses`
 */
export const listAddresses = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  options?: CallOptions,
): List<Dated<Address, D>, Dated<AddressList, D>> =>
  list<Address, AddressList, D>(connection, { id: 'listAddresses', method: 'GET', path: path`/users/${userId}/addresses`, enveloped: true }, options)

/** What may be said of `createAddress`. */
export type CreateAddressOptions = CallOptions & Once

/**
 * Add an address
 *
 * A user has at most 20 addresses; one more answers 409.
 *
 * `POST /users/{user_id}/addresses`
 */
export const createAddress = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  body: AddressCreate,
  options?: CreateAddressOptions,
): Promise<Dated<Address, D>> =>
  connection.call<Address>({ id: 'createAddress', method: 'POST', path: path`/users/${userId}/addresses`, body, enveloped: true, once: true }, options)

/**
 * Read an address
 *
 * Answers 404 while its user is deleted.
 *
 * `GET /users/{user_id}/addresses/{address_id}`
 */
export const getAddress = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  addressId: number,
  options?: CallOptions,
): Promise<Dated<Address, D>> =>
  connection.call<Address>({ id: 'getAddress', method: 'GET', path: path`/users/${userId}/addresses/${addressId}` }, options)

/** What may be said of `updateAddress`. */
export type UpdateAddressOptions = CallOptions & Versioned

/**
 * Change an address
 *
 * A JSON merge patch. The postal code is checked against the country that comes of it.
 *
 * `PATCH /users/{user_id}/addresses/{address_id}`
 */
export const updateAddress = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  addressId: number,
  body: AddressPatch,
  options: UpdateAddressOptions,
): Promise<Dated<Address, D>> =>
  orCurrent(
    connection.call<Address>({ id: 'updateAddress', method: 'PATCH', path: path`/users/${userId}/addresses/${addressId}`, body, type: 'application/merge-patch+json', enveloped: true }, options),
    () => getAddress(connection, userId, addressId, { signal: options?.signal }),
  )

/**
 * Reads, asks `change` what to send, and changes; and again from what is there now, where somebody else was faster: five
 * times, then it throws StaleVersionError.
 *
 * @example
 * await updateAddressWith(connection, 1, 1, (address) => ({ … }))
 */
export const updateAddressWith = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  addressId: number,
  change: (current: Dated<Address, D>) => AddressPatch | Promise<AddressPatch>,
  options?: Omit<UpdateAddressOptions, 'version'>,
): Promise<Dated<Address, D>> =>
  updateWith(
    () => getAddress(connection, userId, addressId, options),
    change,
    (body, version) => updateAddress(connection, userId, addressId, body, { ...options, version }),
  )

/** What may be said of `deleteAddress`. */
export type DeleteAddressOptions = CallOptions & Partial<Versioned>

/**
 * Delete an address
 *
 * For good: nothing of it is kept.
 *
 * `DELETE /users/{user_id}/addresses/{address_id}`
 */
export const deleteAddress = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  addressId: number,
  options?: DeleteAddressOptions,
): Promise<void> =>
  orCurrent(
    connection.call<void>({ id: 'deleteAddress', method: 'DELETE', path: path`/users/${userId}/addresses/${addressId}` }, options),
    () => getAddress(connection, userId, addressId, { signal: options?.signal }),
  )

/** What may be said of `listUserPosts`. */
export type ListUserPostsOptions = CallOptions & NonNullable<ListUserPostsData['query']>

/**
 * List the posts of a user
 *
 * The newest first, ties by id. `page` reaches 10,000 rows; `cursor` goes on from any `next_cursor` and costs the
 * same at any depth. `total` is counted up to 10,000; `total_is_exact` says whether that was all.
 *
 * `GET /users/{user_id}/posts`
 */
export const listUserPosts = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  options?: ListUserPostsOptions,
): List<Dated<Post, D>, Dated<PostList, D>> =>
  list<Post, PostList, D>(connection, { id: 'listUserPosts', method: 'GET', path: path`/users/${userId}/posts`, enveloped: true }, options, 'cursor')

/** What may be said of `createPost`. */
export type CreatePostOptions = CallOptions & Once

/**
 * Write a post
 *
 * The content is kept as it was sent, white space and all.
 *
 * `POST /users/{user_id}/posts`
 */
export const createPost = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  body: PostCreate,
  options?: CreatePostOptions,
): Promise<Dated<Post, D>> =>
  connection.call<Post>({ id: 'createPost', method: 'POST', path: path`/users/${userId}/posts`, body, enveloped: true, once: true, limit: 30000 }, options)

/** What may be said of `updatePost`. */
export type UpdatePostOptions = CallOptions & Versioned

/**
 * Change a post
 *
 * A JSON merge patch.
 *
 * `PATCH /users/{user_id}/posts/{post_id}`
 */
export const updatePost = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  postId: number,
  body: PostPatch,
  options: UpdatePostOptions,
): Promise<Dated<Post, D>> =>
  orCurrent(
    connection.call<Post>({ id: 'updatePost', method: 'PATCH', path: path`/users/${userId}/posts/${postId}`, body, type: 'application/merge-patch+json', enveloped: true, limit: 30000 }, options),
    () => getPost(connection, postId, { signal: options?.signal }),
  )

/**
 * Reads, asks `change` what to send, and changes; and again from what is there now, where somebody else was faster: five
 * times, then it throws StaleVersionError.
 *
 * @example
 * await updatePostWith(connection, 1, 1, (post) => ({ … }))
 */
export const updatePostWith = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  postId: number,
  change: (current: Dated<Post, D>) => PostPatch | Promise<PostPatch>,
  options?: Omit<UpdatePostOptions, 'version'>,
): Promise<Dated<Post, D>> =>
  updateWith(
    () => getPost(connection, postId, options),
    change,
    (body, version) => updatePost(connection, userId, postId, body, { ...options, version }),
  )

/** What may be said of `deletePost`. */
export type DeletePostOptions = CallOptions & Partial<Versioned>

/**
 * Delete a post
 *
 * The post disappears from every read.
 *
 * `DELETE /users/{user_id}/posts/{post_id}`
 */
export const deletePost = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  postId: number,
  options?: DeletePostOptions,
): Promise<void> =>
  orCurrent(
    connection.call<void>({ id: 'deletePost', method: 'DELETE', path: path`/users/${userId}/posts/${postId}` }, options),
    () => getPost(connection, postId, { signal: options?.signal }),
  )

/** What may be said of `listPosts`. */
export type ListPostsOptions = CallOptions & NonNullable<ListPostsData['query']>

/**
 * List posts
 *
 * The newest first, ties by id. `page` reaches 10,000 rows; `cursor` goes on from any `next_cursor` and costs the
 * same at any depth. `total` is exact.
 *
 * `GET /posts`
 */
export const listPosts = <D extends boolean = false>(
  connection: Connection<D>,
  options?: ListPostsOptions,
): List<Dated<Post, D>, Dated<PostList, D>> =>
  list<Post, PostList, D>(connection, { id: 'listPosts', method: 'GET', path: '/posts', enveloped: true }, options, 'cursor')

/**
 * Read a post
 *
 * Answers 404 while its author is deleted.
 *
 * `GET /posts/{post_id}`
 */
export const getPost = <D extends boolean = false>(
  connection: Connection<D>,
  postId: number,
  options?: CallOptions,
): Promise<Dated<Post, D>> =>
  connection.call<Post>({ id: 'getPost', method: 'GET', path: path`/posts/${postId}` }, options)

/** What may be said of `listClients`. */
export type ListClientsOptions = CallOptions & NonNullable<ListClientsData['query']>

/**
 * List clients
 *
 * In the order of their ids, up to 100; `after` goes on from the last one.
 *
 * `GET /clients`
 */
export const listClients = <D extends boolean = false>(
  connection: Connection<D>,
  options?: ListClientsOptions,
): List<Dated<Client, D>, Dated<ClientList, D>> =>
  list<Client, ClientList, D>(connection, { id: 'listClients', method: 'GET', path: '/clients', enveloped: true }, options, 100)

/**
 * Register a client
 *
 * A `public` client is an application that can keep no secret, in a browser or on a phone; a `confidential` one runs on a server; a
 * `service` calls on its own behalf and signs nobody in. The answer shows the secret of the latter two, this once: it is not
 * kept.
 *
 * `POST /clients`
 */
export const createClient = <D extends boolean = false>(
  connection: Connection<D>,
  body: ClientCreate,
  options?: CallOptions,
): Promise<Dated<ClientSecret, D>> =>
  connection.call<ClientSecret>({ id: 'createClient', method: 'POST', path: '/clients', body, enveloped: true }, options)

/**
 * Read a client
 *
 * Answers 404 for a client that does not exist.
 *
 * `GET /clients/{client_id}`
 */
export const getClient = <D extends boolean = false>(
  connection: Connection<D>,
  clientId: string,
  options?: CallOptions,
): Promise<Dated<Client, D>> =>
  connection.call<Client>({ id: 'getClient', method: 'GET', path: path`/clients/${clientId}` }, options)

/**
 * Delete a client
 *
 * Its tokens stop within a second, on every server.
 *
 * `DELETE /clients/{client_id}`
 */
export const deleteClient = <D extends boolean = false>(
  connection: Connection<D>,
  clientId: string,
  options?: CallOptions,
): Promise<void> =>
  connection.call<void>({ id: 'deleteClient', method: 'DELETE', path: path`/clients/${clientId}` }, options)

/**
 * Give a client a new secret
 *
 * The old secret ends at once, and with it the tokens that the client got for itself. A public client has none and answers 404.
 *
 * `POST /clients/{client_id}/secret`
 */
export const rotateClientSecret = <D extends boolean = false>(
  connection: Connection<D>,
  clientId: string,
  options?: CallOptions,
): Promise<Dated<ClientSecret, D>> =>
  connection.call<ClientSecret>({ id: 'rotateClientSecret', method: 'POST', path: path`/clients/${clientId}/secret`, enveloped: true }, options)

/**
 * What this OpenID provider offers
 *
 * What this server offers (OpenID Connect Discovery 1.0; RFC 8414), and nothing that it does not.
 *
 * `GET /.well-known/openid-configuration`
 */
export const getOpenIDConfiguration = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
): Promise<Dated<ServerMetadata, D>> =>
  connection.call<ServerMetadata>({ id: 'getOpenIDConfiguration', method: 'GET', path: '/.well-known/openid-configuration' }, options)

/**
 * What this authorization server offers
 *
 * What this server offers (OpenID Connect Discovery 1.0; RFC 8414), and nothing that it does not.
 *
 * `GET /.well-known/oauth-authorization-server`
 */
export const getServerMetadata = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
): Promise<Dated<ServerMetadata, D>> =>
  connection.call<ServerMetadata>({ id: 'getServerMetadata', method: 'GET', path: '/.well-known/oauth-authorization-server' }, options)

/**
 * The keys that tokens are signed with
 *
 * The public keys, as a JSON Web Key Set (RFC 7517).
 *
 * `GET /oauth/keys`
 */
export const getKeys = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
): Promise<Dated<KeySet, D>> =>
  connection.call<KeySet>({ id: 'getKeys', method: 'GET', path: '/oauth/keys' }, options)

/**
 * Get tokens
 *
 * Exchanges a code or a refresh token, or signs a service in (RFC 6749, sections 4.1.3, 6 and 4.4.2). PKCE with S256 is needed of every client (RFC 7636).
 * Confidential clients and services authenticate by HTTP Basic; public ones name their `client_id`.
 *
 * A refresh token is good once: the answer has its successor. Within ten seconds the same one is given again; after
 * that, a second use ends all that came of the same sign-in to this client. Parameters that are not known are ignored.
 *
 * `POST /oauth/token`
 */
export const exchangeToken = <D extends boolean = false>(
  connection: Connection<D>,
  body: TokenRequest,
  options?: CallOptions,
): Promise<Dated<TokenResponse, D>> =>
  connection.call<TokenResponse>({ id: 'exchangeToken', method: 'POST', path: '/oauth/token', body, type: 'application/x-www-form-urlencoded' }, options)

/**
 * End a token
 *
 * Ends a refresh token with all that came of it, or one access token (RFC 7009). A token that is not known answers 200 as well.
 *
 * `POST /oauth/revoke`
 */
export const revokeToken = <D extends boolean = false>(
  connection: Connection<D>,
  body: RevocationRequest,
  options?: CallOptions,
): Promise<void> =>
  connection.call<void>({ id: 'revokeToken', method: 'POST', path: '/oauth/revoke', body, type: 'application/x-www-form-urlencoded' }, options)

/**
 * Tell about a token
 *
 * Whether an access token or refresh token is active, and whose it is (RFC 7662). For confidential clients and services, of their own tokens; services also of
 * every access token.
 *
 * `POST /oauth/introspect`
 */
export const introspectToken = <D extends boolean = false>(
  connection: Connection<D>,
  body: IntrospectionRequest,
  options?: CallOptions,
): Promise<Dated<Introspection, D>> =>
  connection.call<Introspection>({ id: 'introspectToken', method: 'POST', path: '/oauth/introspect', body, type: 'application/x-www-form-urlencoded' }, options)

/**
 * Read who has signed in
 *
 * The claims of the person whose token this is (OpenID Connect Core 1.0, section 5.3): `name` with the scope `profile`, `email` with `email`.
 *
 * `GET /oauth/userinfo`
 */
export const getUserInfo = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
): Promise<Dated<UserInfo, D>> =>
  connection.call<UserInfo>({ id: 'getUserInfo', method: 'GET', path: '/oauth/userinfo' }, options)

/**
 * Whether the server lives
 *
 * Answers 200 as long as the process can answer at all; it asks nothing else.
 *
 * `GET /healthz`
 */
export const getHealth = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
): Promise<Dated<Health, D>> =>
  connection.call<Health>({ id: 'getHealth', method: 'GET', path: '/healthz' }, options)

/**
 * Whether the server is ready
 *
 * Asks every dependency at once. 503 while one does not answer, which `detail` names, and while the server is stopping.
 *
 * `GET /readyz`
 */
export const getReadiness = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
): Promise<Dated<Readiness, D>> =>
  connection.call<Readiness>({ id: 'getReadiness', method: 'GET', path: '/readyz' }, options)


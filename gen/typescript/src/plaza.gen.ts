// Written by make generate from openapi.yaml; do not edit.
import { connect } from './connect.js'
import type { List } from './list.js'
import * as operations from './operations.gen.js'
import type { Auth, CallOptions, Connection, Dated, Options } from './types.js'
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
  Health,
  Introspection,
  IntrospectionRequest,
  KeySet,
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
import type {
  CreateAddressOptions,
  CreatePostOptions,
  CreateUserOptions,
  CreateUsersOptions,
  DeleteAddressOptions,
  DeletePostOptions,
  DeleteUserOptions,
  GetUserOptions,
  ListClientsOptions,
  ListPostsOptions,
  ListUserPostsOptions,
  ListUsersOptions,
  UpdateAddressOptions,
  UpdatePostOptions,
  UpdateUserOptions,
} from './operations.gen.js'

/** People: signing up, reading, changing, deleting and restoring them. */
export interface UsersCalls<D extends boolean = false> {
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
  list(options?: ListUsersOptions): List<Dated<User, D>, Dated<UserList, D>>
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
  create(body: UserSignUp, options?: CreateUserOptions): Promise<Dated<User, D>>
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
  createMany(body: UserBatch, options?: CreateUsersOptions): Promise<Dated<UserBatchResults, D>>
  /**
   * Read a user
   *
   * Answers 404 for a user who does not exist or is deleted. With `include=posts` the user's latest 20 posts
   * come along.
   *
   * `GET /users/{user_id}`
   */
  get(userId: number, options?: GetUserOptions): Promise<Dated<User, D>>
  /**
   * Change a user
   *
   * A JSON merge patch; the rules of `createUser` hold for what comes of it. The version goes up by one, even when
   * nothing differs. To change `email` takes the scope `account:write`; the old address, where it was verified, is told.
   *
   * `PATCH /users/{user_id}`
   */
  update(userId: number, body: UserPatch, options: UpdateUserOptions): Promise<Dated<User, D>>
  /**
   * Reads, asks `change` what to send, and changes; and again from what is there now, where somebody else was faster: five
   * times, then it throws StaleVersionError.
   */
  updateWith(userId: number, change: (current: Dated<User, D>) => UserPatch | Promise<UserPatch>, options?: Omit<UpdateUserOptions, 'version'>): Promise<Dated<User, D>>
  /**
   * Delete a user
   *
   * The user disappears from every read, with addresses and posts, and the e-mail address becomes free. An admin can restore
   * the user.
   *
   * `DELETE /users/{user_id}`
   */
  delete(userId: number, options?: DeleteUserOptions): Promise<void>
  /**
   * Restore a deleted user
   *
   * Brings a deleted user back, with addresses and posts; 409 if another user has taken the e-mail address since. A user who is
   * not deleted is answered as it is.
   *
   * `POST /users/{user_id}/restore`
   */
  restore(userId: number, options?: CallOptions): Promise<Dated<User, D>>
  /**
   * Read who is signed in
   *
   * The user whose token this is. A service is no user and gets 404.
   *
   * `GET /me`
   */
  getMe(options?: CallOptions): Promise<Dated<User, D>>
}

/** How people sign in here: password, e-mail address and sessions of who is signed in. */
export interface SessionsCalls<D extends boolean = false> {
  /**
   * Change the own password
   *
   * Sets a password, be it the first one. Who has one sends it as `current_password`; wrong ones count as failed sign-ins.
   * A change ends all of the person's sessions and tokens, also the one that it was made with.
   *
   * `PUT /me/password`
   */
  changePassword(body: PasswordChange, options?: CallOptions): Promise<void>
  /**
   * Mail a code to the own address
   *
   * Mails a one-time code of eight digits to the person's e-mail address, good for ten minutes and five attempts; at
   * most one a minute.
   *
   * `POST /me/email/code`
   */
  sendEmailCode(options?: CallOptions): Promise<void>
  /**
   * Verify the own address
   *
   * Shows by the code of the mail that the e-mail address is the person's. A password works only then. Wrong codes count as
   * failed sign-ins.
   *
   * `POST /me/email/verification`
   */
  verifyEmail(body: EmailVerification, options?: CallOptions): Promise<void>
  /**
   * List the own sessions
   *
   * The browsers in which the person is signed in, the newest first, up to 100.
   *
   * `GET /me/sessions`
   */
  list(options?: CallOptions): List<Dated<Session, D>, Dated<SessionList, D>>
  /**
   * End one of the own sessions
   *
   * Signs that browser out. Its tokens stop within a second, on every server.
   *
   * `DELETE /me/sessions/{session_id}`
   */
  delete(sessionId: string, options?: CallOptions): Promise<void>
}

/** Where a person lives: up to 20 addresses each. */
export interface AddressesCalls<D extends boolean = false> {
  /**
   * List the addresses of a user
   *
   * All of them, at most 20, the newest first.
   *
   * `GET /users/{user_id}/addresses`
   */
  list(userId: number, options?: CallOptions): List<Dated<Address, D>, Dated<AddressList, D>>
  /**
   * Add an address
   *
   * A user has at most 20 addresses; one more answers 409.
   *
   * `POST /users/{user_id}/addresses`
   */
  create(userId: number, body: AddressCreate, options?: CreateAddressOptions): Promise<Dated<Address, D>>
  /**
   * Read an address
   *
   * Answers 404 while its user is deleted.
   *
   * `GET /users/{user_id}/addresses/{address_id}`
   */
  get(userId: number, addressId: number, options?: CallOptions): Promise<Dated<Address, D>>
  /**
   * Change an address
   *
   * A JSON merge patch. The postal code is checked against the country that comes of it.
   *
   * `PATCH /users/{user_id}/addresses/{address_id}`
   */
  update(userId: number, addressId: number, body: AddressPatch, options: UpdateAddressOptions): Promise<Dated<Address, D>>
  /**
   * Reads, asks `change` what to send, and changes; and again from what is there now, where somebody else was faster: five
   * times, then it throws StaleVersionError.
   */
  updateWith(userId: number, addressId: number, change: (current: Dated<Address, D>) => AddressPatch | Promise<AddressPatch>, options?: Omit<UpdateAddressOptions, 'version'>): Promise<Dated<Address, D>>
  /**
   * Delete an address
   *
   * For good: nothing of it is kept.
   *
   * `DELETE /users/{user_id}/addresses/{address_id}`
   */
  delete(userId: number, addressId: number, options?: DeleteAddressOptions): Promise<void>
}

/** What people write. */
export interface PostsCalls<D extends boolean = false> {
  /**
   * List the posts of a user
   *
   * The newest first, ties by id. `page` reaches 10,000 rows; `cursor` goes on from any `next_cursor` and costs the
   * same at any depth. `total` is counted up to 10,000; `total_is_exact` says whether that was all.
   *
   * `GET /users/{user_id}/posts`
   */
  listByUser(userId: number, options?: ListUserPostsOptions): List<Dated<Post, D>, Dated<PostList, D>>
  /**
   * Write a post
   *
   * The content is kept as it was sent, white space and all.
   *
   * `POST /users/{user_id}/posts`
   */
  create(userId: number, body: PostCreate, options?: CreatePostOptions): Promise<Dated<Post, D>>
  /**
   * Change a post
   *
   * A JSON merge patch.
   *
   * `PATCH /users/{user_id}/posts/{post_id}`
   */
  update(userId: number, postId: number, body: PostPatch, options: UpdatePostOptions): Promise<Dated<Post, D>>
  /**
   * Reads, asks `change` what to send, and changes; and again from what is there now, where somebody else was faster: five
   * times, then it throws StaleVersionError.
   */
  updateWith(userId: number, postId: number, change: (current: Dated<Post, D>) => PostPatch | Promise<PostPatch>, options?: Omit<UpdatePostOptions, 'version'>): Promise<Dated<Post, D>>
  /**
   * Delete a post
   *
   * The post disappears from every read.
   *
   * `DELETE /users/{user_id}/posts/{post_id}`
   */
  delete(userId: number, postId: number, options?: DeletePostOptions): Promise<void>
  /**
   * List posts
   *
   * The newest first, ties by id. `page` reaches 10,000 rows; `cursor` goes on from any `next_cursor` and costs the
   * same at any depth. `total` is exact.
   *
   * `GET /posts`
   */
  list(options?: ListPostsOptions): List<Dated<Post, D>, Dated<PostList, D>>
  /**
   * Read a post
   *
   * Answers 404 while its author is deleted.
   *
   * `GET /posts/{post_id}`
   */
  get(postId: number, options?: CallOptions): Promise<Dated<Post, D>>
}

/** Applications and services that may ask for tokens. */
export interface ClientsCalls<D extends boolean = false> {
  /**
   * List clients
   *
   * In the order of their ids, up to 100; `after` goes on from the last one.
   *
   * `GET /clients`
   */
  list(options?: ListClientsOptions): List<Dated<Client, D>, Dated<ClientList, D>>
  /**
   * Register a client
   *
   * A `public` client is an application that can keep no secret, in a browser or on a phone; a `confidential` one runs on a server; a
   * `service` calls on its own behalf and signs nobody in. The answer shows the secret of the latter two, this once: it is not
   * kept.
   *
   * `POST /clients`
   */
  create(body: ClientCreate, options?: CallOptions): Promise<Dated<ClientSecret, D>>
  /**
   * Read a client
   *
   * Answers 404 for a client that does not exist.
   *
   * `GET /clients/{client_id}`
   */
  get(clientId: string, options?: CallOptions): Promise<Dated<Client, D>>
  /**
   * Delete a client
   *
   * Its tokens stop within a second, on every server.
   *
   * `DELETE /clients/{client_id}`
   */
  delete(clientId: string, options?: CallOptions): Promise<void>
  /**
   * Give a client a new secret
   *
   * The old secret ends at once, and with it the tokens that the client got for itself. A public client has none and answers 404.
   *
   * `POST /clients/{client_id}/secret`
   */
  rotateSecret(clientId: string, options?: CallOptions): Promise<Dated<ClientSecret, D>>
}

/** The authorization server (OAuth 2.1) and OpenID provider; errors are in its own format. */
export interface OAuthCalls<D extends boolean = false> {
  /**
   * What this OpenID provider offers
   *
   * What this server offers (OpenID Connect Discovery 1.0; RFC 8414), and nothing that it does not.
   *
   * `GET /.well-known/openid-configuration`
   */
  getOpenIDConfiguration(options?: CallOptions): Promise<Dated<ServerMetadata, D>>
  /**
   * What this authorization server offers
   *
   * What this server offers (OpenID Connect Discovery 1.0; RFC 8414), and nothing that it does not.
   *
   * `GET /.well-known/oauth-authorization-server`
   */
  getServerMetadata(options?: CallOptions): Promise<Dated<ServerMetadata, D>>
  /**
   * The keys that tokens are signed with
   *
   * The public keys, as a JSON Web Key Set (RFC 7517).
   *
   * `GET /oauth/keys`
   */
  getKeys(options?: CallOptions): Promise<Dated<KeySet, D>>
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
  exchangeToken(body: TokenRequest, options?: CallOptions): Promise<Dated<TokenResponse, D>>
  /**
   * End a token
   *
   * Ends a refresh token with all that came of it, or one access token (RFC 7009). A token that is not known answers 200 as well.
   *
   * `POST /oauth/revoke`
   */
  revokeToken(body: RevocationRequest, options?: CallOptions): Promise<void>
  /**
   * Tell about a token
   *
   * Whether an access token or refresh token is active, and whose it is (RFC 7662). For confidential clients and services, of their own tokens; services also of
   * every access token.
   *
   * `POST /oauth/introspect`
   */
  introspectToken(body: IntrospectionRequest, options?: CallOptions): Promise<Dated<Introspection, D>>
  /**
   * Read who has signed in
   *
   * The claims of the person whose token this is (OpenID Connect Core 1.0, section 5.3): `name` with the scope `profile`, `email` with `email`.
   *
   * `GET /oauth/userinfo`
   */
  getUserInfo(options?: CallOptions): Promise<Dated<UserInfo, D>>
}

/** Whether the server lives, and whether it is ready. */
export interface SystemCalls<D extends boolean = false> {
  /**
   * Whether the server lives
   *
   * Answers 200 as long as the process can answer at all; it asks nothing else.
   *
   * `GET /healthz`
   */
  getHealth(options?: CallOptions): Promise<Dated<Health, D>>
  /**
   * Whether the server is ready
   *
   * Asks every dependency at once. 503 while one does not answer, which `detail` names, and while the server is stopping.
   *
   * `GET /readyz`
   */
  getReadiness(options?: CallOptions): Promise<Dated<Readiness, D>>
}

/** A server with every operation of the contract, and who calls it. */
export interface Plaza<D extends boolean = false, A extends Auth = Auth> extends Connection<D, A> {
  /** People: signing up, reading, changing, deleting and restoring them. */
  readonly users: UsersCalls<D>
  /** How people sign in here: password, e-mail address and sessions of who is signed in. */
  readonly sessions: SessionsCalls<D>
  /** Where a person lives: up to 20 addresses each. */
  readonly addresses: AddressesCalls<D>
  /** What people write. */
  readonly posts: PostsCalls<D>
  /** Applications and services that may ask for tokens. */
  readonly clients: ClientsCalls<D>
  /** The authorization server (OAuth 2.1) and OpenID provider; errors are in its own format. */
  readonly oauth: OAuthCalls<D>
  /** Whether the server lives, and whether it is ready. */
  readonly system: SystemCalls<D>
}

type Call = (connection: never, ...rest: never[]) => unknown

/** Gives every operation the connection first. */
const bind = (connection: unknown, calls: Record<string, Call>): never =>
  Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [name, (...rest: never[]) => call(connection as never, ...rest)]),
  ) as never

/**
 * Makes a client of a server with every operation. Nothing is sent yet.
 *
 * @example
 * const plaza = createPlaza({ baseUrl: 'https://plaza.example' })
 * const user = await plaza.users.get(5)
 */
export const createPlaza = <A extends Auth = Auth, const D extends boolean = false>(
  options: Options<A, D>,
): Plaza<D, A> => {
  const connection = connect(options)
  return {
    ...connection,
    users: bind(connection, {
      list: operations.listUsers,
      create: operations.createUser,
      createMany: operations.createUsers,
      get: operations.getUser,
      update: operations.updateUser,
      updateWith: operations.updateUserWith,
      delete: operations.deleteUser,
      restore: operations.restoreUser,
      getMe: operations.getMe,
    }),
    sessions: bind(connection, {
      changePassword: operations.changePassword,
      sendEmailCode: operations.sendEmailCode,
      verifyEmail: operations.verifyEmail,
      list: operations.listSessions,
      delete: operations.deleteSession,
    }),
    addresses: bind(connection, {
      list: operations.listAddresses,
      create: operations.createAddress,
      get: operations.getAddress,
      update: operations.updateAddress,
      updateWith: operations.updateAddressWith,
      delete: operations.deleteAddress,
    }),
    posts: bind(connection, {
      listByUser: operations.listUserPosts,
      create: operations.createPost,
      update: operations.updatePost,
      updateWith: operations.updatePostWith,
      delete: operations.deletePost,
      list: operations.listPosts,
      get: operations.getPost,
    }),
    clients: bind(connection, {
      list: operations.listClients,
      create: operations.createClient,
      get: operations.getClient,
      delete: operations.deleteClient,
      rotateSecret: operations.rotateClientSecret,
    }),
    oauth: bind(connection, {
      getOpenIDConfiguration: operations.getOpenIDConfiguration,
      getServerMetadata: operations.getServerMetadata,
      getKeys: operations.getKeys,
      exchangeToken: operations.exchangeToken,
      revokeToken: operations.revokeToken,
      introspectToken: operations.introspectToken,
      getUserInfo: operations.getUserInfo,
    }),
    system: bind(connection, {
      getHealth: operations.getHealth,
      getReadiness: operations.getReadiness,
    }),
  }
}

// Written by make generate from openapi.yaml; do not edit.
import { type InfiniteData, infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query'
import { queryOf } from './connect.js'
import type { PlazaError } from './errors.js'
import * as operations from './operations.gen.js'
import type { CallOptions, Connection, Dated } from './types.js'
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

/** Calls repeat by themselves what is safe to repeat; a second layer of retries would only multiply them. */
const retry = false

/** The arguments of a call: all in an array, or the only one that it needs, or none. */
const tuple = <A extends unknown[]>(given: A | A[0] | void) =>
  (Array.isArray(given) ? given : given === undefined ? [] : [given]) as A

/** The key of all that was read of a namespace, to invalidate it: `queryClient.invalidateQueries({ queryKey: namespaceKey('users') })`. */
export const namespaceKey = (namespace: 'users' | 'sessions' | 'addresses' | 'posts' | 'clients' | 'oauth' | 'system') => ['plaza', namespace] as const

/** The key of listUsers. */
export const listUsersQueryKey = (options?: operations.ListUsersOptions) =>
  ['plaza', 'users', 'list', queryOf({ ...options })] as const

/** List people: options for `useQuery` and its like. */
export const listUsersOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: operations.ListUsersOptions,
) =>
  queryOptions<Dated<UserList, D>, PlazaError, Dated<UserList, D>, ReturnType<typeof listUsersQueryKey>>({
    queryKey: listUsersQueryKey(options),
    queryFn: async ({ signal }) => operations.listUsers(connection, { ...options, signal }),
    retry,
  })

/** List people, page by page: options for `useInfiniteQuery`. */
export const listUsersInfiniteOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: Omit<operations.ListUsersOptions, 'page' | 'cursor'>,
) =>
  infiniteQueryOptions<
    Dated<UserList, D>,
    PlazaError,
    InfiniteData<Dated<UserList, D>, string>,
    readonly [...ReturnType<typeof listUsersQueryKey>, 'pages'],
    string
  >({
    queryKey: [...listUsersQueryKey(options), 'pages'] as const,
    queryFn: async ({ signal, pageParam }) =>
      operations.listUsers(connection, { ...options, signal, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => (page as UserList).next_cursor ?? undefined,
    retry,
  })

/** Sign up: options for `useMutation`, which is given the `body`, or `[body, options]`. */
export const createUserMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<User, D>, PlazaError, UserSignUp | [body: UserSignUp, options?: operations.CreateUserOptions]>({
    mutationKey: ['plaza', 'users', 'create'],
    mutationFn: (given) => operations.createUser(connection, ...tuple<[body: UserSignUp, options?: operations.CreateUserOptions]>(given)),
    retry,
  })

/** Create many users at once: options for `useMutation`, which is given the `body`, or `[body, options]`. */
export const createUsersMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<UserBatchResults, D>, PlazaError, UserBatch | [body: UserBatch, options?: operations.CreateUsersOptions]>({
    mutationKey: ['plaza', 'users', 'createMany'],
    mutationFn: (given) => operations.createUsers(connection, ...tuple<[body: UserBatch, options?: operations.CreateUsersOptions]>(given)),
    retry,
  })

/** The key of getUser. */
export const getUserQueryKey = (userId: number, options?: operations.GetUserOptions) =>
  ['plaza', 'users', 'get', userId, queryOf({ ...options })] as const

/** Read a user: options for `useQuery` and its like. */
export const getUserOptions = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  options?: operations.GetUserOptions,
) =>
  queryOptions<Dated<User, D>, PlazaError, Dated<User, D>, ReturnType<typeof getUserQueryKey>>({
    queryKey: getUserQueryKey(userId, options),
    queryFn: async ({ signal }) => operations.getUser(connection, userId, { ...options, signal }),
    retry,
  })

/** Change a user: options for `useMutation`, which is given `[userId, body, options]`. */
export const updateUserMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<User, D>, PlazaError, [userId: number, body: UserPatch, options: operations.UpdateUserOptions]>({
    mutationKey: ['plaza', 'users', 'update'],
    mutationFn: (given) => operations.updateUser(connection, ...tuple<[userId: number, body: UserPatch, options: operations.UpdateUserOptions]>(given)),
    retry,
  })

/** Delete a user: options for `useMutation`, which is given the `userId`, or `[userId, options]`. */
export const deleteUserMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<void, D>, PlazaError, number | [userId: number, options?: operations.DeleteUserOptions]>({
    mutationKey: ['plaza', 'users', 'delete'],
    mutationFn: (given) => operations.deleteUser(connection, ...tuple<[userId: number, options?: operations.DeleteUserOptions]>(given)),
    retry,
  })

/** Restore a deleted user: options for `useMutation`, which is given the `userId`, or `[userId, options]`. */
export const restoreUserMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<User, D>, PlazaError, number | [userId: number, options?: CallOptions]>({
    mutationKey: ['plaza', 'users', 'restore'],
    mutationFn: (given) => operations.restoreUser(connection, ...tuple<[userId: number, options?: CallOptions]>(given)),
    retry,
  })

/** The key of getMe. */
export const getMeQueryKey = (options?: CallOptions) =>
  ['plaza', 'users', 'getMe', queryOf({ ...options })] as const

/** Read who is signed in: options for `useQuery` and its like. */
export const getMeOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
) =>
  queryOptions<Dated<User, D>, PlazaError, Dated<User, D>, ReturnType<typeof getMeQueryKey>>({
    queryKey: getMeQueryKey(options),
    queryFn: async ({ signal }) => operations.getMe(connection, { ...options, signal }),
    retry,
  })

/** Change the own password: options for `useMutation`, which is given the `body`, or `[body, options]`. */
export const changePasswordMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<void, D>, PlazaError, PasswordChange | [body: PasswordChange, options?: CallOptions]>({
    mutationKey: ['plaza', 'sessions', 'changePassword'],
    mutationFn: (given) => operations.changePassword(connection, ...tuple<[body: PasswordChange, options?: CallOptions]>(given)),
    retry,
  })

/** Mail a code to the own address: options for `useMutation`. */
export const sendEmailCodeMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<void, D>, PlazaError, void | [options?: CallOptions]>({
    mutationKey: ['plaza', 'sessions', 'sendEmailCode'],
    mutationFn: (given) => operations.sendEmailCode(connection, ...tuple<[options?: CallOptions]>(given)),
    retry,
  })

/** Verify the own address: options for `useMutation`, which is given the `body`, or `[body, options]`. */
export const verifyEmailMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<void, D>, PlazaError, EmailVerification | [body: EmailVerification, options?: CallOptions]>({
    mutationKey: ['plaza', 'sessions', 'verifyEmail'],
    mutationFn: (given) => operations.verifyEmail(connection, ...tuple<[body: EmailVerification, options?: CallOptions]>(given)),
    retry,
  })

/** The key of listSessions. */
export const listSessionsQueryKey = (options?: CallOptions) =>
  ['plaza', 'sessions', 'list', queryOf({ ...options })] as const

/** List the own sessions: options for `useQuery` and its like. */
export const listSessionsOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
) =>
  queryOptions<Dated<SessionList, D>, PlazaError, Dated<SessionList, D>, ReturnType<typeof listSessionsQueryKey>>({
    queryKey: listSessionsQueryKey(options),
    queryFn: async ({ signal }) => operations.listSessions(connection, { ...options, signal }),
    retry,
  })

/** End one of the own sessions: options for `useMutation`, which is given the `sessionId`, or `[sessionId, options]`. */
export const deleteSessionMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<void, D>, PlazaError, string | [sessionId: string, options?: CallOptions]>({
    mutationKey: ['plaza', 'sessions', 'delete'],
    mutationFn: (given) => operations.deleteSession(connection, ...tuple<[sessionId: string, options?: CallOptions]>(given)),
    retry,
  })

/** The key of listAddresses. */
export const listAddressesQueryKey = (userId: number, options?: CallOptions) =>
  ['plaza', 'addresses', 'list', userId, queryOf({ ...options })] as const

/** List the addresses of a user: options for `useQuery` and its like. */
export const listAddressesOptions = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  options?: CallOptions,
) =>
  queryOptions<Dated<AddressList, D>, PlazaError, Dated<AddressList, D>, ReturnType<typeof listAddressesQueryKey>>({
    queryKey: listAddressesQueryKey(userId, options),
    queryFn: async ({ signal }) => operations.listAddresses(connection, userId, { ...options, signal }),
    retry,
  })

/** Add an address: options for `useMutation`, which is given `[userId, body, options]`. */
export const createAddressMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<Address, D>, PlazaError, [userId: number, body: AddressCreate, options?: operations.CreateAddressOptions]>({
    mutationKey: ['plaza', 'addresses', 'create'],
    mutationFn: (given) => operations.createAddress(connection, ...tuple<[userId: number, body: AddressCreate, options?: operations.CreateAddressOptions]>(given)),
    retry,
  })

/** The key of getAddress. */
export const getAddressQueryKey = (userId: number, addressId: number, options?: CallOptions) =>
  ['plaza', 'addresses', 'get', userId, addressId, queryOf({ ...options })] as const

/** Read an address: options for `useQuery` and its like. */
export const getAddressOptions = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  addressId: number,
  options?: CallOptions,
) =>
  queryOptions<Dated<Address, D>, PlazaError, Dated<Address, D>, ReturnType<typeof getAddressQueryKey>>({
    queryKey: getAddressQueryKey(userId, addressId, options),
    queryFn: async ({ signal }) => operations.getAddress(connection, userId, addressId, { ...options, signal }),
    retry,
  })

/** Change an address: options for `useMutation`, which is given `[userId, addressId, body, options]`. */
export const updateAddressMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<Address, D>, PlazaError, [userId: number, addressId: number, body: AddressPatch, options: operations.UpdateAddressOptions]>({
    mutationKey: ['plaza', 'addresses', 'update'],
    mutationFn: (given) => operations.updateAddress(connection, ...tuple<[userId: number, addressId: number, body: AddressPatch, options: operations.UpdateAddressOptions]>(given)),
    retry,
  })

/** Delete an address: options for `useMutation`, which is given `[userId, addressId, options]`. */
export const deleteAddressMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<void, D>, PlazaError, [userId: number, addressId: number, options?: operations.DeleteAddressOptions]>({
    mutationKey: ['plaza', 'addresses', 'delete'],
    mutationFn: (given) => operations.deleteAddress(connection, ...tuple<[userId: number, addressId: number, options?: operations.DeleteAddressOptions]>(given)),
    retry,
  })

/** The key of listUserPosts. */
export const listUserPostsQueryKey = (userId: number, options?: operations.ListUserPostsOptions) =>
  ['plaza', 'posts', 'listByUser', userId, queryOf({ ...options })] as const

/** List the posts of a user: options for `useQuery` and its like. */
export const listUserPostsOptions = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  options?: operations.ListUserPostsOptions,
) =>
  queryOptions<Dated<PostList, D>, PlazaError, Dated<PostList, D>, ReturnType<typeof listUserPostsQueryKey>>({
    queryKey: listUserPostsQueryKey(userId, options),
    queryFn: async ({ signal }) => operations.listUserPosts(connection, userId, { ...options, signal }),
    retry,
  })

/** List the posts of a user, page by page: options for `useInfiniteQuery`. */
export const listUserPostsInfiniteOptions = <D extends boolean = false>(
  connection: Connection<D>,
  userId: number,
  options?: Omit<operations.ListUserPostsOptions, 'page' | 'cursor'>,
) =>
  infiniteQueryOptions<
    Dated<PostList, D>,
    PlazaError,
    InfiniteData<Dated<PostList, D>, string>,
    readonly [...ReturnType<typeof listUserPostsQueryKey>, 'pages'],
    string
  >({
    queryKey: [...listUserPostsQueryKey(userId, options), 'pages'] as const,
    queryFn: async ({ signal, pageParam }) =>
      operations.listUserPosts(connection, userId, { ...options, signal, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => (page as PostList).next_cursor ?? undefined,
    retry,
  })

/** Write a post: options for `useMutation`, which is given `[userId, body, options]`. */
export const createPostMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<Post, D>, PlazaError, [userId: number, body: PostCreate, options?: operations.CreatePostOptions]>({
    mutationKey: ['plaza', 'posts', 'create'],
    mutationFn: (given) => operations.createPost(connection, ...tuple<[userId: number, body: PostCreate, options?: operations.CreatePostOptions]>(given)),
    retry,
  })

/** Change a post: options for `useMutation`, which is given `[userId, postId, body, options]`. */
export const updatePostMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<Post, D>, PlazaError, [userId: number, postId: number, body: PostPatch, options: operations.UpdatePostOptions]>({
    mutationKey: ['plaza', 'posts', 'update'],
    mutationFn: (given) => operations.updatePost(connection, ...tuple<[userId: number, postId: number, body: PostPatch, options: operations.UpdatePostOptions]>(given)),
    retry,
  })

/** Delete a post: options for `useMutation`, which is given `[userId, postId, options]`. */
export const deletePostMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<void, D>, PlazaError, [userId: number, postId: number, options?: operations.DeletePostOptions]>({
    mutationKey: ['plaza', 'posts', 'delete'],
    mutationFn: (given) => operations.deletePost(connection, ...tuple<[userId: number, postId: number, options?: operations.DeletePostOptions]>(given)),
    retry,
  })

/** The key of listPosts. */
export const listPostsQueryKey = (options?: operations.ListPostsOptions) =>
  ['plaza', 'posts', 'list', queryOf({ ...options })] as const

/** List posts: options for `useQuery` and its like. */
export const listPostsOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: operations.ListPostsOptions,
) =>
  queryOptions<Dated<PostList, D>, PlazaError, Dated<PostList, D>, ReturnType<typeof listPostsQueryKey>>({
    queryKey: listPostsQueryKey(options),
    queryFn: async ({ signal }) => operations.listPosts(connection, { ...options, signal }),
    retry,
  })

/** List posts, page by page: options for `useInfiniteQuery`. */
export const listPostsInfiniteOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: Omit<operations.ListPostsOptions, 'page' | 'cursor'>,
) =>
  infiniteQueryOptions<
    Dated<PostList, D>,
    PlazaError,
    InfiniteData<Dated<PostList, D>, string>,
    readonly [...ReturnType<typeof listPostsQueryKey>, 'pages'],
    string
  >({
    queryKey: [...listPostsQueryKey(options), 'pages'] as const,
    queryFn: async ({ signal, pageParam }) =>
      operations.listPosts(connection, { ...options, signal, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => (page as PostList).next_cursor ?? undefined,
    retry,
  })

/** The key of getPost. */
export const getPostQueryKey = (postId: number, options?: CallOptions) =>
  ['plaza', 'posts', 'get', postId, queryOf({ ...options })] as const

/** Read a post: options for `useQuery` and its like. */
export const getPostOptions = <D extends boolean = false>(
  connection: Connection<D>,
  postId: number,
  options?: CallOptions,
) =>
  queryOptions<Dated<Post, D>, PlazaError, Dated<Post, D>, ReturnType<typeof getPostQueryKey>>({
    queryKey: getPostQueryKey(postId, options),
    queryFn: async ({ signal }) => operations.getPost(connection, postId, { ...options, signal }),
    retry,
  })

/** The key of listClients. */
export const listClientsQueryKey = (options?: operations.ListClientsOptions) =>
  ['plaza', 'clients', 'list', queryOf({ ...options })] as const

/** List clients: options for `useQuery` and its like. */
export const listClientsOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: operations.ListClientsOptions,
) =>
  queryOptions<Dated<ClientList, D>, PlazaError, Dated<ClientList, D>, ReturnType<typeof listClientsQueryKey>>({
    queryKey: listClientsQueryKey(options),
    queryFn: async ({ signal }) => operations.listClients(connection, { ...options, signal }),
    retry,
  })

/** Register a client: options for `useMutation`, which is given the `body`, or `[body, options]`. */
export const createClientMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<ClientSecret, D>, PlazaError, ClientCreate | [body: ClientCreate, options?: CallOptions]>({
    mutationKey: ['plaza', 'clients', 'create'],
    mutationFn: (given) => operations.createClient(connection, ...tuple<[body: ClientCreate, options?: CallOptions]>(given)),
    retry,
  })

/** The key of getClient. */
export const getClientQueryKey = (clientId: string, options?: CallOptions) =>
  ['plaza', 'clients', 'get', clientId, queryOf({ ...options })] as const

/** Read a client: options for `useQuery` and its like. */
export const getClientOptions = <D extends boolean = false>(
  connection: Connection<D>,
  clientId: string,
  options?: CallOptions,
) =>
  queryOptions<Dated<Client, D>, PlazaError, Dated<Client, D>, ReturnType<typeof getClientQueryKey>>({
    queryKey: getClientQueryKey(clientId, options),
    queryFn: async ({ signal }) => operations.getClient(connection, clientId, { ...options, signal }),
    retry,
  })

/** Delete a client: options for `useMutation`, which is given the `clientId`, or `[clientId, options]`. */
export const deleteClientMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<void, D>, PlazaError, string | [clientId: string, options?: CallOptions]>({
    mutationKey: ['plaza', 'clients', 'delete'],
    mutationFn: (given) => operations.deleteClient(connection, ...tuple<[clientId: string, options?: CallOptions]>(given)),
    retry,
  })

/** Give a client a new secret: options for `useMutation`, which is given the `clientId`, or `[clientId, options]`. */
export const rotateClientSecretMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<ClientSecret, D>, PlazaError, string | [clientId: string, options?: CallOptions]>({
    mutationKey: ['plaza', 'clients', 'rotateSecret'],
    mutationFn: (given) => operations.rotateClientSecret(connection, ...tuple<[clientId: string, options?: CallOptions]>(given)),
    retry,
  })

/** The key of getOpenIDConfiguration. */
export const getOpenIDConfigurationQueryKey = (options?: CallOptions) =>
  ['plaza', 'oauth', 'getOpenIDConfiguration', queryOf({ ...options })] as const

/** What this OpenID provider offers: options for `useQuery` and its like. */
export const getOpenIDConfigurationOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
) =>
  queryOptions<Dated<ServerMetadata, D>, PlazaError, Dated<ServerMetadata, D>, ReturnType<typeof getOpenIDConfigurationQueryKey>>({
    queryKey: getOpenIDConfigurationQueryKey(options),
    queryFn: async ({ signal }) => operations.getOpenIDConfiguration(connection, { ...options, signal }),
    retry,
  })

/** The key of getServerMetadata. */
export const getServerMetadataQueryKey = (options?: CallOptions) =>
  ['plaza', 'oauth', 'getServerMetadata', queryOf({ ...options })] as const

/** What this authorization server offers: options for `useQuery` and its like. */
export const getServerMetadataOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
) =>
  queryOptions<Dated<ServerMetadata, D>, PlazaError, Dated<ServerMetadata, D>, ReturnType<typeof getServerMetadataQueryKey>>({
    queryKey: getServerMetadataQueryKey(options),
    queryFn: async ({ signal }) => operations.getServerMetadata(connection, { ...options, signal }),
    retry,
  })

/** The key of getKeys. */
export const getKeysQueryKey = (options?: CallOptions) =>
  ['plaza', 'oauth', 'getKeys', queryOf({ ...options })] as const

/** The keys that tokens are signed with: options for `useQuery` and its like. */
export const getKeysOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
) =>
  queryOptions<Dated<KeySet, D>, PlazaError, Dated<KeySet, D>, ReturnType<typeof getKeysQueryKey>>({
    queryKey: getKeysQueryKey(options),
    queryFn: async ({ signal }) => operations.getKeys(connection, { ...options, signal }),
    retry,
  })

/** Get tokens: options for `useMutation`, which is given the `body`, or `[body, options]`. */
export const exchangeTokenMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<TokenResponse, D>, PlazaError, TokenRequest | [body: TokenRequest, options?: CallOptions]>({
    mutationKey: ['plaza', 'oauth', 'exchangeToken'],
    mutationFn: (given) => operations.exchangeToken(connection, ...tuple<[body: TokenRequest, options?: CallOptions]>(given)),
    retry,
  })

/** End a token: options for `useMutation`, which is given the `body`, or `[body, options]`. */
export const revokeTokenMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<void, D>, PlazaError, RevocationRequest | [body: RevocationRequest, options?: CallOptions]>({
    mutationKey: ['plaza', 'oauth', 'revokeToken'],
    mutationFn: (given) => operations.revokeToken(connection, ...tuple<[body: RevocationRequest, options?: CallOptions]>(given)),
    retry,
  })

/** Tell about a token: options for `useMutation`, which is given the `body`, or `[body, options]`. */
export const introspectTokenMutation = <D extends boolean = false>(connection: Connection<D>) =>
  mutationOptions<Dated<Introspection, D>, PlazaError, IntrospectionRequest | [body: IntrospectionRequest, options?: CallOptions]>({
    mutationKey: ['plaza', 'oauth', 'introspectToken'],
    mutationFn: (given) => operations.introspectToken(connection, ...tuple<[body: IntrospectionRequest, options?: CallOptions]>(given)),
    retry,
  })

/** The key of getUserInfo. */
export const getUserInfoQueryKey = (options?: CallOptions) =>
  ['plaza', 'oauth', 'getUserInfo', queryOf({ ...options })] as const

/** Read who has signed in: options for `useQuery` and its like. */
export const getUserInfoOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
) =>
  queryOptions<Dated<UserInfo, D>, PlazaError, Dated<UserInfo, D>, ReturnType<typeof getUserInfoQueryKey>>({
    queryKey: getUserInfoQueryKey(options),
    queryFn: async ({ signal }) => operations.getUserInfo(connection, { ...options, signal }),
    retry,
  })

/** The key of getHealth. */
export const getHealthQueryKey = (options?: CallOptions) =>
  ['plaza', 'system', 'getHealth', queryOf({ ...options })] as const

/** Whether the server lives: options for `useQuery` and its like. */
export const getHealthOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
) =>
  queryOptions<Dated<Health, D>, PlazaError, Dated<Health, D>, ReturnType<typeof getHealthQueryKey>>({
    queryKey: getHealthQueryKey(options),
    queryFn: async ({ signal }) => operations.getHealth(connection, { ...options, signal }),
    retry,
  })

/** The key of getReadiness. */
export const getReadinessQueryKey = (options?: CallOptions) =>
  ['plaza', 'system', 'getReadiness', queryOf({ ...options })] as const

/** Whether the server is ready: options for `useQuery` and its like. */
export const getReadinessOptions = <D extends boolean = false>(
  connection: Connection<D>,
  options?: CallOptions,
) =>
  queryOptions<Dated<Readiness, D>, PlazaError, Dated<Readiness, D>, ReturnType<typeof getReadinessQueryKey>>({
    queryKey: getReadinessQueryKey(options),
    queryFn: async ({ signal }) => operations.getReadiness(connection, { ...options, signal }),
    retry,
  })


// Package redis opens the connection to Redis or Valkey, alone or a cluster, that limits and caches share.
//
// Redis is a help, never a need: whoever asks it goes on without it when no answer comes. So nothing here waits long
// for a server that is gone or stalled, nothing is sent twice, and every call has to bring a deadline: a call without
// one may hang for as long as the operating system takes to give up on the connection.
package redis

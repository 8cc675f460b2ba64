package redis

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/redis/rueidis"
)

const (
	// connectTimeout bounds a connect, and apart from it the first words on the connection.
	connectTimeout = 200 * time.Millisecond
	// silence is how long a connection may say nothing before it is asked whether it lives.
	silence = 200 * time.Millisecond
	// answerTimeout bounds the wait for any answer, after which the connection is given up.
	answerTimeout = 300 * time.Millisecond
	// bufferSize is that of each of a connection's two buffers, in bytes: what is stored is small.
	bufferSize = 64 << 10
)

// Watch is what a client wants to hear of the keys that others change.
type Watch struct {
	// Prefix begins the names of those keys. None: nothing is watched.
	Prefix string
	// Changed is called for each that another client has set or deleted, or that has expired, in the order of the
	// answers on the connection. It must not wait.
	Changed func(key string)
	// Lost is called when changes may have gone unnoticed: all keys were deleted, or the connection was lost.
	Lost func()
}

// Open connects to the server that a URL names, and returns an error unless it answers:
//
//	redis://user:password@host:6379/0             rediss:// over TLS, valkey:// and valkeys:// alike
//	redis://host:6379?addr=host2:6379             a cluster, by some of its nodes
//	unix:///run/redis.sock?db=0
//
// The error does not contain the URL, which may hold a password. The caller closes the client.
//
//nolint:ireturn // the library's only type
func Open(ctx context.Context, address string, watch Watch) (rueidis.Client, error) {
	option, err := rueidis.ParseURL(address)
	if err != nil {
		if parse, ok := errors.AsType[*url.Error](err); ok {
			err = parse.Err
		}
		return nil, fmt.Errorf("redis: the URL cannot be read: %w", err)
	}
	option.Dialer.Timeout = connectTimeout
	option.Dialer.KeepAlive = silence
	option.ConnWriteTimeout = answerTimeout
	option.ReadBufferEachConn, option.WriteBufferEachConn = bufferSize, bufferSize
	option.DisableRetry = true
	// One connection to a server, over which all requests are pipelined: when one of them has got an answer after an
	// outage, no other connection is left to find broken.
	option.PipelineMultiplex = -1
	watch.apply(&option)

	client, err := rueidis.NewClient(option)
	if err != nil {
		return nil, fmt.Errorf("redis: connecting: %w", err)
	}
	if err := Ping(ctx, client); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

// apply asks for the news of a prefix, whoever reads its keys (tracking in broadcasting mode).
func (w Watch) apply(option *rueidis.ClientOption) {
	if option.DisableCache = w.Prefix == ""; option.DisableCache {
		return
	}
	option.ClientTrackingOptions = []string{"BCAST", "PREFIX", w.Prefix, "NOLOOP"}
	option.OnInvalidations = func(keys []rueidis.RedisMessage) {
		if keys == nil {
			w.Lost()
		}
		for _, k := range keys {
			if key, err := k.ToString(); err == nil {
				w.Changed(key)
			}
		}
	}
}

// Ping asks the server whether it answers, for 300 ms at most.
func Ping(ctx context.Context, client rueidis.Client) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	if err := client.Do(ctx, client.B().Ping().Build()).Error(); err != nil {
		return fmt.Errorf("redis: no answer: %w", err)
	}
	return nil
}

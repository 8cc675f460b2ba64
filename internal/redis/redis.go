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

// Open connects to the server that a URL names, and returns an error unless it answers:
//
//	redis://user:password@host:6379/0             rediss:// over TLS, valkey:// and valkeys:// alike
//	redis://host:6379?addr=host2:6379             a cluster, by some of its nodes
//	unix:///run/redis.sock?db=0
//
// The error does not contain the URL, which may hold a password. The caller closes the client.
func Open(ctx context.Context, address string) (rueidis.Client, error) { //nolint:ireturn // the library's only type
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

// Ping asks the server whether it answers, for 300 ms at most.
func Ping(ctx context.Context, client rueidis.Client) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	if err := client.Do(ctx, client.B().Ping().Build()).Error(); err != nil {
		return fmt.Errorf("redis: no answer: %w", err)
	}
	return nil
}

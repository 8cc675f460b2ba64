package testkit

import (
	"context"
	"net"
	"strings"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

// Proxy is what lies between a server and something that it speaks to over TCP, and can hurt the connection.
type Proxy struct {
	// Address is where the proxy listens, as host:port. It stays the same over a cut.
	Address string

	t     testing.TB
	proxy *toxiproxy.Proxy
}

// NewProxy starts a proxy in front of an address, until the test ends.
func NewProxy(t testing.TB, upstream string) *Proxy {
	t.Helper()
	p := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), t.Name(),
		"127.0.0.1:0", upstream)
	require.NoError(t, p.Start())
	t.Cleanup(p.Stop)
	return &Proxy{Address: p.Listen, t: t, proxy: p}
}

// Cut ends all connections and takes no new ones until Mend.
func (p *Proxy) Cut() { p.proxy.Stop() }

// Stall lets connections stand and swallows what comes over them until Mend.
func (p *Proxy) Stall() {
	for _, direction := range []string{"upstream", "downstream"} {
		p.hurt(`{"type": "timeout", "stream": "` + direction + `", "attributes": {"timeout": 0}}`)
	}
}

// CutAnswers ends each connection after the first bytes of an answer, until Mend: what was asked for has been done.
func (p *Proxy) CutAnswers() {
	p.hurt(`{"type": "limit_data", "stream": "downstream", "attributes": {"bytes": 20}}`)
}

// Reset ends each connection with a TCP reset, until Mend.
func (p *Proxy) Reset() {
	p.hurt(`{"type": "reset_peer", "stream": "downstream", "attributes": {"timeout": 0}}`)
}

// Slow makes each answer come so many milliseconds later, until Mend.
func (p *Proxy) Slow(milliseconds string) {
	p.hurt(`{"type": "latency", "stream": "downstream", "attributes": {"latency": ` + milliseconds + `}}`)
}

func (p *Proxy) hurt(toxic string) {
	p.t.Helper()
	_, err := p.proxy.Toxics.AddToxicJson(strings.NewReader(toxic))
	require.NoError(p.t, err)
}

// Mend ends what was done to the connections.
func (p *Proxy) Mend() {
	p.t.Helper()
	p.proxy.Toxics.ResetToxics(context.Background())
	if p.proxy.Enabled {
		return
	}
	require.NoError(p.t, p.proxy.Start())
}

// freeAddress is one of this machine that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

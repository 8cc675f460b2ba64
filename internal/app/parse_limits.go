package app

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/plaza-api/plaza/internal/httpapi"
)

// parseRedisURL never repeats the value, which may hold a password.
func parseRedisURL(c *Config, value string) error {
	u, err := url.Parse(value)
	if err != nil || !slices.Contains([]string{"redis", "rediss", "valkey", "valkeys", "unix"}, u.Scheme) ||
		u.Host == "" && u.Scheme != "unix" {
		return errors.New("is not a Redis address, which looks like redis://user:password@host:6379/0")
	}
	c.RedisURL = value
	return nil
}

func parseRateLimits(c *Config, value string) error {
	limits := httpapi.RateLimits(value)
	if !slices.Contains([]httpapi.RateLimits{
		httpapi.RateLimitsEnforced, httpapi.RateLimitsObserved, httpapi.RateLimitsOff,
	}, limits) {
		return fmt.Errorf("is %q, but must be enforce, observe or off", value)
	}
	c.RateLimits = limits
	return nil
}

func parseProxies(c *Config, value string) error {
	var strange []string
	for text := range strings.SplitSeq(value, ",") {
		text = strings.TrimSpace(text)
		network, err := netip.ParsePrefix(text)
		if err != nil {
			address, addressErr := netip.ParseAddr(text)
			network, err = netip.PrefixFrom(address, address.BitLen()), addressErr
		}
		if err != nil {
			strange = append(strange, strconv.Quote(text))
			continue
		}
		c.Proxies = append(c.Proxies, network)
	}
	if len(strange) > 0 {
		return fmt.Errorf("has %s, but must be addresses or networks, separated by commas", strings.Join(strange, ", "))
	}
	return nil
}

package embedded

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
)

// fixed are the settings that the package's promises rest on.
func (l layout) fixed() map[string]string {
	return map[string]string{
		"cluster_name":            l.name,
		"listen_addresses":        "",
		"port":                    strconv.Itoa(port),
		"unix_socket_directories": l.socket,
		"unix_socket_permissions": "0700",
	}
}

// defaults suit a small machine that PostgreSQL shares with the program it serves.
func defaults() map[string]string {
	return map[string]string{
		"jit":             "off", // costs more than it brings for short statements
		"log_checkpoints": "off",
		"log_line_prefix": "%m [%p] ",
		// Starts, ends and crashes. Failed statements are their callers' to report, and
		// their values are nobody else's business.
		"log_min_messages": "log",
		"log_timezone":     "UTC",
		"max_connections":  "100",
		// Bounds what a recovery has to read, and so the time it takes.
		"max_wal_size":   "512MB",
		"min_wal_size":   "128MB",
		"shared_buffers": "128MB",
		"timezone":       "UTC",
	}
}

// arguments is postgres's command line: later settings win over earlier ones.
func (l layout) arguments(settings map[string]string) []string {
	args := []string{"-D", l.data}
	for _, group := range []map[string]string{defaults(), settings, l.fixed()} {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			args = append(args, "-c", name+"="+group[name])
		}
	}
	return args
}

func checkSettings(settings map[string]string) error {
	reserved := layout{}.fixed()
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if _, taken := reserved[name]; taken {
			return fmt.Errorf("the setting %s belongs to the embedded server and cannot be given", name)
		}
	}
	return nil
}

// remember keeps the settings for the restart after a crash, which any holder may
// have to do, whatever it asked for itself.
func (l layout) remember(settings map[string]string) error {
	text, err := json.Marshal(settings)
	if err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	if err := os.WriteFile(l.settings, text, 0o600); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	return nil
}

func (l layout) recall() (map[string]string, error) {
	text, err := os.ReadFile(l.settings)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	var settings map[string]string
	if err := json.Unmarshal(text, &settings); err != nil {
		return nil, fmt.Errorf("read settings from %s: %w", l.settings, err)
	}
	return settings, nil
}

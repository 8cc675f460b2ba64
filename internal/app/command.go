package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// What a program exits with.
const (
	ExitOK      = 0
	ExitFailure = 1
	ExitUsage   = 2 // the command line or the configuration is wrong
)

// Process is what the operating system gives a program.
type Process struct {
	Args    []string // without the program's name
	Environ []string
	Stdout  io.Writer
	Stderr  io.Writer
}

// Command runs the command line of a program: commands is a kong grammar, whose Run methods may take a
// context.Context and a *Process. The context ends with the first SIGINT or SIGTERM; the second one kills the
// program. It returns the exit code, and has printed what went wrong.
func Command(p *Process, commands any, options ...kong.Option) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)() // from then on signals do again what they do to any program
	return p.run(ctx, commands, options...)
}

func (p *Process) run(ctx context.Context, commands any, options ...kong.Option) int {
	helped := false
	parser, err := kong.New(commands, append(options,
		kong.Exit(func(int) { helped = true }),
		kong.Writers(p.Stdout, p.Stderr),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(p),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)...)
	if err != nil {
		return p.fail(err, ExitFailure)
	}
	command, err := parser.Parse(p.Args)
	if helped {
		return ExitOK
	}
	if err != nil {
		return p.fail(fmt.Errorf("%w (--help tells more)", err), ExitUsage)
	}
	if err := command.Run(); err != nil {
		if exit := (*ExitError)(nil); errors.As(err, &exit) {
			return exit.end(p)
		}
		if wrong := (*ConfigError)(nil); errors.As(err, &wrong) {
			return p.fail(err, ExitUsage)
		}
		return p.fail(err, ExitFailure)
	}
	return ExitOK
}

// ExitError ends a program with a code of its own.
type ExitError struct {
	Code int
	Err  error // what to print; nil: it has been said
}

// Exit makes an ExitError.
func Exit(code int, err error) error { return &ExitError{Code: code, Err: err} }

// Error says why.
func (e *ExitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit status %d", e.Code)
	}
	return e.Err.Error()
}

func (e *ExitError) end(p *Process) int {
	if e.Err == nil {
		return e.Code
	}
	return p.fail(e.Err, e.Code)
}

func (p *Process) fail(err error, code int) int {
	_, _ = fmt.Fprintf(p.Stderr, "error: %v\n", err) // there is nobody left to tell
	return code
}

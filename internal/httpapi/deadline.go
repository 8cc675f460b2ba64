package httpapi

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
)

// allowance is how long the answer may take to write after the time that an operation has, and how long all of a
// request may take that no operation answers.
const allowance = 10 * time.Second

// bounded gives every request an end. What an operation allows comes after it and wins.
func bounded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := endAfter(c, allowance, allowance); err != nil {
			return err
		}
		return next(c)
	}
}

// deadlines let the body of a request arrive within x-timeout, and the answer leave a while after it.
func deadlines(c echo.Context, p contract.Policy) error {
	read := p.Timeout
	if p.BodyLimit == 0 {
		read += allowance
	}
	return endAfter(c, read, p.Timeout+allowance)
}

// bodyArrived takes back the deadline for the body. The HTTP server goes on reading, to see the caller leave, and
// would take a deadline that passes for that: the request would end as cancelled instead of timed out.
func bodyArrived(c echo.Context, p contract.Policy) error {
	if p.BodyLimit == 0 { // deadlines has said so
		return nil
	}
	return endAfter(c, p.Timeout+allowance, p.Timeout+allowance)
}

// endAfter lets the request arrive within read, and the answer leave within write.
func endAfter(c echo.Context, read, write time.Duration) error {
	now := time.Now()
	control := http.NewResponseController(c.Response())
	if err := control.SetReadDeadline(now.Add(read)); err != nil {
		return fmt.Errorf("read deadline: %w", err)
	}
	if err := control.SetWriteDeadline(now.Add(write)); err != nil {
		return fmt.Errorf("write deadline: %w", err)
	}
	return nil
}

package httpapi

import "github.com/labstack/echo/v4"

// NewRouter makes a router.
func NewRouter() router { return router{echo.New()} }

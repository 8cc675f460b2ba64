package httpapi

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/labstack/echo/v4"
	swagger "github.com/swaggo/files/v2"

	"github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/fault"
)

// docsPolicy lets the reference page load what this server serves, and nothing else. Swagger UI sets styles of
// its own and draws with data: images.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; frame-ancestors 'none'"

//go:embed docs
var docsFiles embed.FS

const mimeScript = "text/javascript"

// docsAssets are the files of the reference page, by name: ours, and those of Swagger UI that it loads.
var docsAssets = map[string]struct { //nolint:gochecknoglobals // a table
	from fs.FS
	path string
	mime string
}{
	"start.js":             {docsFiles, "docs/start.js", mimeScript},
	"swagger-ui.css":       {swagger.FS, "swagger-ui.css", "text/css"},
	"swagger-ui-bundle.js": {swagger.FS, "swagger-ui-bundle.js", mimeScript},
}

// mountDocs serves the contract and the reference page that is made of it.
func (s *Server) mountDocs(perOperation map[string][]echo.MiddlewareFunc) error {
	page, err := docsFiles.ReadFile("docs/index.html")
	if err != nil {
		return fmt.Errorf("reference page: %w", err)
	}
	asJSON, err := json.Marshal(s.config.Contract.Document)
	if err != nil {
		return fmt.Errorf("contract as JSON: %w", err)
	}
	router := withHead{s.echo}
	blob := func(mime string, body []byte) echo.HandlerFunc {
		return func(c echo.Context) error { return c.Blob(http.StatusOK, mime, body) }
	}
	router.GET("/docs", func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderContentSecurityPolicy, docsPolicy)
		return c.Blob(http.StatusOK, "text/html; charset=utf-8", page)
	}, perOperation["getDocs"]...)
	router.GET("/docs/:asset", docsAsset, perOperation["getDocsAsset"]...)
	router.GET("/openapi.json", blob(echo.MIMEApplicationJSON, asJSON), perOperation["getContractJSON"]...)
	router.GET("/openapi.yaml", blob("application/yaml", contract.YAML), perOperation["getContractYAML"]...)
	return nil
}

func docsAsset(c echo.Context) error {
	asset, known := docsAssets[c.Param("asset")]
	if !known {
		return fault.New(fault.NotFound, "No such file")
	}
	body, err := fs.ReadFile(asset.from, asset.path)
	if err != nil {
		return fmt.Errorf("reference page: %w", err)
	}
	return c.Blob(http.StatusOK, asset.mime, body)
}

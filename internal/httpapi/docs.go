package httpapi

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"

	"github.com/labstack/echo/v4"
	swagger "github.com/swaggo/files/v2"

	"github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity"
)

// docsPolicy lets the reference page load what this server serves, and nothing else. Swagger UI draws with data:
// images.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

//go:embed docs
var docsFiles embed.FS

const (
	mimeScript = "text/javascript"
	mimeStyle  = "text/css"
)

// docsAssets are the files of the reference page, by name: ours, those of Swagger UI that it loads, and the samples.
var docsAssets = map[string]struct { //nolint:gochecknoglobals // a table
	from fs.FS
	path string
	mime string
}{
	"start.js":             {docsFiles, "docs/start.js", mimeScript},
	"access.js":            {docsFiles, "docs/access.js", mimeScript},
	"pkce.js":              {docsFiles, "docs/pkce.js", mimeScript},
	"samples.js":           {docsFiles, "docs/samples.js", mimeScript},
	"tryout.js":            {docsFiles, "docs/tryout.js", mimeScript},
	"samples.json":         {contract.Samples, "samples.json", echo.MIMEApplicationJSON},
	"style.css":            {docsFiles, "docs/style.css", mimeStyle},
	"swagger-ui.css":       {swagger.FS, "swagger-ui.css", mimeStyle},
	"swagger-ui-bundle.js": {swagger.FS, "swagger-ui-bundle.js", mimeScript},
}

// mountDocs serves the contract and the reference page that is made of it.
func (s *Server) mountDocs(perOperation map[string][]echo.MiddlewareFunc) error {
	page, err := s.docsPage()
	if err != nil {
		return fmt.Errorf("reference page: %w", err)
	}
	asJSON, err := json.Marshal(s.config.Contract.Document)
	if err != nil {
		return fmt.Errorf("contract as JSON: %w", err)
	}
	routes := router{s.echo}
	blob := func(mime string, body []byte) echo.HandlerFunc {
		return func(c echo.Context) error { return c.Blob(http.StatusOK, mime, body) }
	}
	routes.GET("/docs", func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderContentSecurityPolicy, docsPolicy)
		return c.Blob(http.StatusOK, "text/html; charset=utf-8", page)
	}, perOperation["getDocs"]...)
	routes.GET("/docs/:asset", docsAsset, perOperation["getDocsAsset"]...)
	routes.GET("/openapi.json", blob(echo.MIMEApplicationJSON, asJSON), perOperation["getContractJSON"]...)
	routes.GET("/openapi.yaml", blob("application/yaml", contract.YAML), perOperation["getContractYAML"]...)
	return nil
}

// docsPage makes the page: where this server signs people in, with the client that they sign in to there.
func (s *Server) docsPage() ([]byte, error) {
	page, err := template.ParseFS(docsFiles, "docs/index.html")
	if err != nil {
		return nil, err //nolint:wrapcheck // wrapped by the caller
	}
	client := ""
	if s.config.Identity != nil {
		client = identity.DocsID
	}
	var body bytes.Buffer
	err = page.Execute(&body, client)
	return body.Bytes(), err
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

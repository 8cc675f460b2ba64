package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnExceptionThatIsOfNoUseIsToldWithItsFault(t *testing.T) {
	t.Parallel()
	const at = "/components/schemas/Name"
	drift := Finding{Rule: "sql/pattern", Pointer: at + "/pattern"}
	for _, row := range []struct {
		name, exception string
		findings        []Finding
		want            []string // rule and pointer
		says            string
	}{
		{"in use", "{sql/pattern: why}", []Finding{drift}, nil, ""},
		{"of no rule", "{sql/patern: why}", nil, []string{"sql/exception " + at + "/x-lint-ignore/sql~1patern"}, "there is no rule sql/patern"},
		{"without a reason", "{sql/pattern: ''}", []Finding{drift}, []string{"sql/exception " + at + "/x-lint-ignore/sql~1pattern"}, "says no reason"},
		{"of nothing", "{sql/pattern: why}", nil, []string{"sql/exception " + at + "/x-lint-ignore/sql~1pattern"}, "nothing here breaks sql/pattern"},
		{"of another rule", "{sql/wider: why}", []Finding{drift}, []string{"sql/pattern " + at + "/pattern", "sql/exception " + at + "/x-lint-ignore/sql~1wider"}, "nothing here breaks sql/wider"},
		{"of another layer", "{max-length: why}", []Finding{drift}, []string{"sql/pattern " + at + "/pattern"}, ""},
		{
			name: "of another schema", exception: "{sql/pattern: why}",
			findings: []Finding{{Rule: "sql/pattern", Pointer: at + "s/pattern"}},
			want:     []string{"sql/pattern " + at + "s/pattern", "sql/exception " + at + "/x-lint-ignore/sql~1pattern"},
			says:     "nothing here breaks",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			source, err := ReadSource("openapi.yaml", []byte(`{openapi: 3.0.3, info: {title: T, version: 1.0.0}, paths: {},`+
				` components: {schemas: {Name: {type: string, x-lint-ignore: `+row.exception+`}}}}`))
			require.NoError(t, err)
			var found []string
			message := ""
			for _, f := range sqlExcept(source, row.findings) {
				found = append(found, f.Rule+" "+f.Pointer)
				message = f.Message
			}
			assert.Equal(t, row.want, found)
			assert.Contains(t, message, row.says)
		})
	}
}

package bench_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/bench"
)

// report is one of everything that a report may hold.
func report() bench.Report {
	return bench.Report{
		Measures: []bench.Measure{
			{
				Name: "a / b", Value: 0.5, Target: 0.85,
				Ours:   &bench.Side{Rate: 1000, Least: 900, Most: 1100, P99: 2, CPU: 50, Turns: []float64{1100, 900}},
				Theirs: &bench.Side{Rate: 2000, Least: 2000, Most: 2000, P99: 1, CPU: 10, Turns: []float64{2000, 2000}},
			},
			{Name: "memory", Value: 39.5, Unit: "MiB", Target: 40, AtMost: true, Met: true},
			{Name: "c <shown>", Value: 1.5, Met: true, Note: "3 / 2"},
		},
		Operations: []bench.Operation{
			{Name: "updateUser", Rate: 60, P50: 1, P95: 2, P99: 3, Statuses: map[int]int{412: 2, 200: 118}},
		},
		Charts: []bench.Chart{
			{
				Title: "Latency", X: bench.Axis{Label: "percent", Scale: "percentiles"},
				Y: bench.Axis{Label: "ms", Scale: "logarithmic"},
				Lines: []bench.Line{
					{Name: "reads", Points: []bench.Point{{X: 0, Y: 0.2}, {X: 90, Y: 2}, {X: 99.9, Y: 200}}},
					{Name: "writes", Points: []bench.Point{{X: 50, Y: 1}, {X: 99, Y: 7}}},
				},
			},
			{
				Title: "Throughput", X: bench.Axis{Label: "connections", Scale: "logarithmic"}, Y: bench.Axis{Label: "a second"},
				Lines: []bench.Line{{Name: "Plaza", Points: []bench.Point{{X: 1, Y: 10_000}, {X: 128, Y: 40_000}}}},
			},
			{
				Title: "Hits", X: bench.Axis{Label: "s"}, Y: bench.Axis{Label: "%", Most: 100},
				Lines: []bench.Line{{Name: "none yet"}},
			},
		},
	}
}

func TestTheTableSaysWhatWasWantedAndWhetherItWasReached(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, report().WriteTable(&out))
	assert.Equal(t, ""+
		"      ratio  target             ours/s  theirs/s  p99 ms  theirs  CPU µs  theirs  measure\n"+
		"       0.50  ≥ 0.85  missed  1000 ±10%  2000 ±0%     2.0     1.0      50      10  a / b\n"+
		"  39.50 MiB    ≤ 40     met                                                       memory\n"+
		"       1.50       –                                                               c <shown>\n"+
		"\n"+
		"  c <shown>:\n"+
		"      3 / 2\n"+
		"\n"+
		"  a second  p50 ms  p95 ms  p99 ms           answers  operation of the mixed load\n"+
		"        60     1.0     2.0     3.0  200: 118, 412: 2  updateUser\n", out.String())
}

func TestATargetIsMissedWhereOneIs(t *testing.T) {
	t.Parallel()
	r := report()
	assert.True(t, r.Missed())
	r.Measures = r.Measures[1:]
	assert.False(t, r.Missed())
}

func TestMachinesReadWhatPeopleDo(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, report().WriteJSON(&out))
	var again bench.Report
	require.NoError(t, json.Unmarshal(out.Bytes(), &again))
	assert.Equal(t, report(), again)
}

func TestThePageHoldsEveryRowAndEveryPoint(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, report().WriteHTML(&out))
	p := readPage(t, out.String())
	assert.Equal(t, []string{"a / b", "memory", "c <shown>", "updateUser", "a / b"}, p.rows)
	for _, shown := range []string{"missed", "39.50 MiB", "≥ 0.85", "1000 ±10%", "3 / 2", "1100 · 900", "200: 118, 412: 2"} {
		assert.Contains(t, p.text, shown)
	}
	assert.Equal(t, []string{"Latency", "Throughput", "Hits"}, p.titles)
	require.Len(t, p.lines, 4)
	for i, points := range []int{3, 2, 2, 0} {
		assert.Len(t, p.lines[i], points)
	}
	// Where points are: from the left edge to the right one, and values that are greater are higher.
	first, last := p.lines[0][0], p.lines[0][2]
	assert.InDelta(t, 64, first[0], 0.1)
	assert.InDelta(t, 64+(620-64)/1.05, last[0], 0.1, "nearly at the end")
	assert.Greater(t, first[1], p.lines[0][1][1])
	assert.InDelta(t, (first[1]-p.lines[0][1][1])*2, p.lines[0][1][1]-last[1], 0.2, "100 times is twice as high as 10 times")
	assert.InDelta(t, (first[0]-p.lines[1][1][0])*3, (first[0]-last[0])*2, 0.2, "99.9 is as far from 99 as that from 90")
}

// webPage is what a reader finds.
type webPage struct {
	text         string
	rows, titles []string // of tables; of drawings
	lines        [][][2]float64
}

// readPage reads a page, and refuses one that needs anything else.
func readPage(t *testing.T, text string) webPage {
	t.Helper()
	var p webPage
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict, d.AutoClose, d.Entity = false, []string{"meta"}, xml.HTMLEntity
	var within, row string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			within, row = token.Name.Local, ""
			assert.NotContains(t, []string{"script", "link", "img", "iframe"}, within)
			for _, a := range token.Attr {
				assert.NotContains(t, []string{"src", "href"}, a.Name.Local)
				switch {
				case a.Name.Local == "scope" && a.Value == "row":
					row = "row"
				case a.Name.Local == "points":
					p.lines = append(p.lines, points(t, a.Value))
				}
			}
		case xml.CharData:
			p.text += string(token)
			switch {
			case within == "th" && row != "":
				p.rows = append(p.rows, string(token))
			case within == "title" && strings.Contains(p.text, "Targets"):
				p.titles = append(p.titles, string(token))
			}
		case xml.EndElement:
			within = ""
		}
	}
}

func points(t *testing.T, attribute string) [][2]float64 {
	t.Helper()
	var all [][2]float64
	for point := range strings.FieldsSeq(attribute) {
		x, y, ok := strings.Cut(point, ",")
		require.True(t, ok, point)
		var at [2]float64
		for i, number := range []string{x, y} {
			var err error
			at[i], err = strconv.ParseFloat(number, 64)
			require.NoError(t, err)
		}
		assert.True(t, at[0] >= 64 && at[0] <= 620 && at[1] >= 36 && at[1] <= 304, "%v is outside", at)
		all = append(all, at)
	}
	return all
}

package bench

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Chart is what is drawn of a report. The drawing is SVG, which a page shows in its own colours.
type Chart struct {
	Title string `json:"title"`
	About string `json:"about"` // what it shows, for those who do not see it
	X     Axis   `json:"x"`
	Y     Axis   `json:"y"`
	Lines []Line `json:"lines"`
}

// Line is one line of a chart.
type Line struct {
	Name   string  `json:"name"`
	Points []Point `json:"points"`
}

// Point is a point of a line, as measured.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Axis is one of a chart's two.
type Axis struct {
	Label string  `json:"label"`
	Scale scale   `json:"scale,omitempty"`
	Most  float64 `json:"most,omitempty"` // where it ends; 0: where the greatest value is
}

// scale is how values lie on an axis.
type scale string

const (
	linear      scale = ""            // from 0 on
	logarithmic scale = "logarithmic" // from the least value on
	percentiles scale = "percentiles" // 90, 99, 99.9 are as far apart as 0 and 90
)

// Where the lines of a drawing are, beside labels, in its own units: it is 640 wide and 360 high.
const (
	left, right, top, bottom = 64, 620, 36, 304
)

// Drawing is a chart laid out.
type Drawing struct {
	Chart

	X, Y  []Tick
	Lines []DrawnLine
}

// Tick is a mark on an axis.
type Tick struct {
	At    float64
	Label string
}

// DrawnLine is the line of a chart, laid out.
type DrawnLine struct {
	Line

	Path string // the points attribute of a polyline
}

// Draw lays a chart out.
func (c Chart) Draw() Drawing {
	var xs, ys []float64
	for _, line := range c.Lines {
		for _, p := range line.Points {
			xs, ys = append(xs, p.X), append(ys, p.Y)
		}
	}
	x, y := c.X.span(xs), c.Y.span(ys)
	d := Drawing{Chart: c, X: c.X.marks(x, left, right), Y: c.Y.marks(y, bottom, top)}
	for _, line := range c.Lines {
		drawn := DrawnLine{Line: line}
		var path strings.Builder
		for _, p := range line.Points {
			fmt.Fprintf(&path, "%.1f,%.1f ", x.place(c.X.Scale.of(p.X), left, right), y.place(c.Y.Scale.of(p.Y), bottom, top))
		}
		drawn.Path = strings.TrimSpace(path.String())
		d.Lines = append(d.Lines, drawn)
	}
	return d
}

// of is where a value lies on the scale.
func (s scale) of(v float64) float64 {
	switch s {
	case logarithmic:
		return math.Log10(v)
	case percentiles:
		return -math.Log10(1 - v/100) // percent
	default:
		return v
	}
}

// span is what an axis shows, on its scale.
type span struct{ from, to float64 }

func (s span) place(v, from, to float64) float64 { return from + (to-from)*(v-s.from)/(s.to-s.from) }

// span is what an axis has to show for values to be seen.
func (a Axis) span(values []float64) span {
	least, most := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		least, most = min(least, a.Scale.of(v)), max(most, a.Scale.of(v))
	}
	switch {
	case len(values) == 0:
		return span{0, 1}
	case a.Most > 0:
		return span{0, a.Most}
	case a.Scale != logarithmic:
		return span{0, max(most*1.05, 1e-9)} // some air
	default:
		const air = 0.05
		return span{least - air, most + air}
	}
}

// marks are the ticks of an axis that runs between two places of the drawing.
func (a Axis) marks(s span, from, to float64) []Tick {
	var values []float64
	switch a.Scale {
	case percentiles:
		values = []float64{0, 90, 99, 99.9, 99.99}
	case logarithmic:
		values = logarithmicMarks(s)
	default:
		step := niceStep(s.to)
		for v := 0.0; v <= s.to; v += step {
			values = append(values, v)
		}
	}
	var ticks []Tick
	for _, v := range values {
		if at := a.Scale.of(v); at >= s.from && at <= s.to {
			ticks = append(ticks, Tick{s.place(at, from, to), short(v)})
		}
	}
	return ticks
}

// logarithmicMarks are powers of ten with what halves them well, or powers of two where there are few of those.
func logarithmicMarks(s span) []float64 {
	var values []float64
	const wide = 3 // powers of ten
	if s.to-s.from > wide {
		for e := math.Floor(s.from); e <= s.to; e++ {
			values = append(values, math.Pow(10, e)) // powers of ten
		}
		return values
	}
	for v := math.Exp2(math.Floor(s.from / math.Log10(2))); math.Log10(v) <= s.to; v *= 2 { // powers of two
		values = append(values, v)
	}
	return values
}

// niceStep is a round number of which about five make the whole.
func niceStep(whole float64) float64 {
	const about = 5
	power := math.Pow(10, math.Floor(math.Log10(whole/about))) // powers of ten
	for _, nice := range []float64{1, 2, 5} {
		if whole/about <= nice*power {
			return nice * power
		}
	}
	return 10 * power // the next power
}

// short writes a number in a few characters.
func short(v float64) string {
	const thousand, million = 1e3, 1e6
	switch {
	case v >= million:
		return strconv.FormatFloat(v/million, 'g', 4, 64) + "M"
	case v >= thousand:
		return strconv.FormatFloat(v/thousand, 'g', 4, 64) + "k"
	default:
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
}

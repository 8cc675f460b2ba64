package bench

import (
	"context"
	"net/http"
)

// throughput measures how many requests are answered by how many connections there are, one short run each.
func (o Options) throughput(ctx context.Context, plaza, bare *server) ([]Chart, error) {
	kinds := []struct {
		title, about string
		ours, theirs maker
	}{
		{
			"Reads from memory, by connections", "How often the same user was read in a second, and the same bytes from " +
				"a bare handler's memory, in closed loops.",
			get("/users/1"), get("/fixed"),
		}, {
			"Reads from the database, by connections", "How often any user of all was read in a second, and that of a " +
				"bare handler with one query for each request, in closed loops.",
			anyUser(o.Users), anyUser(o.Users),
		},
	}
	var charts []Chart
	for _, kind := range kinds {
		o.Progress(kind.title)
		c := Chart{
			Title: kind.title, About: kind.about,
			X:     Axis{Label: "connections", Scale: logarithmic},
			Y:     Axis{Label: "requests a second"},
			Lines: []Line{{Name: "Plaza"}, {Name: "bare"}},
		}
		for _, connections := range []int{1, 2, 4, 8, 16, 32, 64, 128} {
			// Each is short, as there are many; the more connections there are, the more may be refused.
			p := plan{connections: connections, length: o.Length / 4, patience: inTime} // see above
			for i, from := range []*server{plaza, bare} {
				load, err := from.load(ctx, []maker{kind.ours, kind.theirs}[i].answers(http.StatusOK), p)
				if err != nil {
					return nil, err
				}
				c.Lines[i].Points = append(c.Lines[i].Points, Point{
					X: float64(connections), Y: load.perSecond(load.of(Answer.success)),
				})
			}
		}
		charts = append(charts, c)
	}
	return charts, nil
}

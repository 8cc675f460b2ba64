package seed

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed words
var wordFiles embed.FS

// words are what people are made of.
type words struct {
	firstNames, lastNames, tags, streets, sentences, titles []string
	places                                                  []place
}

// place is a city with a postal code of its own.
type place struct {
	country, city, postalCode string
}

func readWords() (words, error) {
	var w words
	var places []string
	for name, into := range map[string]*[]string{
		"first_names": &w.firstNames, "last_names": &w.lastNames, "tags": &w.tags, "streets": &w.streets,
		"sentences": &w.sentences, "titles": &w.titles, "places": &places,
	} {
		text, err := wordFiles.ReadFile("words/" + name + ".txt")
		if err != nil {
			return w, fmt.Errorf("seed words: %w", err)
		}
		*into = strings.Split(strings.TrimSpace(string(text)), "\n")
	}
	for _, line := range places {
		country, rest, _ := strings.Cut(line, "|")
		city, code, _ := strings.Cut(rest, "|")
		w.places = append(w.places, place{country, city, code})
	}
	return w, nil
}

// Ordered reads an OpenAPI document and writes it with x-order on every property, by its place. oapi-codegen sorts
// the fields of its structs by name otherwise; people read them, and the JSON that is made of them, in the order
// of the contract.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"go.yaml.in/yaml/v3"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ordered:", err)
		os.Exit(1)
	}
}

func run(from io.Reader, to io.Writer) error {
	var document yaml.Node
	if err := yaml.NewDecoder(from).Decode(&document); err != nil {
		return fmt.Errorf("reading the document: %w", err)
	}
	order(&document)
	if err := yaml.NewEncoder(to).Encode(&document); err != nil {
		return fmt.Errorf("writing the document: %w", err)
	}
	return nil
}

// order numbers the properties of every schema below node.
func order(node *yaml.Node) {
	for i, child := range node.Content {
		order(child)
		isProperties := node.Kind == yaml.MappingNode && i%2 == 1 && node.Content[i-1].Value == "properties"
		if !isProperties || child.Kind != yaml.MappingNode {
			continue
		}
		for j := 1; j < len(child.Content); j += 2 {
			property := child.Content[j]
			property.Content = append(property.Content,
				&yaml.Node{Kind: yaml.ScalarNode, Value: "x-order"},
				&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa((j + 1) / 2)})
		}
	}
}

package contract

// Columns leads from each column that a property states with x-column ("users.email") to the property's name
// ("email").
func (c *Contract) Columns() map[string]string {
	columns := map[string]string{}
	for _, schema := range c.Document.Components.Schemas {
		for name, property := range schema.Value.Properties {
			for _, extensions := range []map[string]any{property.Value.Extensions, property.Extensions} {
				if column, ok := extensions[keyColumn].(string); ok {
					columns[column] = name
				}
			}
		}
	}
	return columns
}

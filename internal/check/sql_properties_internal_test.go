package check

import (
	"fmt"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shopContract says where properties are stored in each of the ways that there are.
const shopContract = `
openapi: 3.0.3
info: {title: Shop, version: 1.0.0}
paths:
  /orders:
    post:
      operationId: createOrders
      requestBody:
        content:
          application/json:
            schema:
              type: object
              x-validate-items: OrderCreate
              properties:
                note: {type: string, x-column: orders.note}
                rows: {type: array, items: {type: object}}
      responses:
        '201':
          description: Made
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}
  /orders/{id}:
    patch:
      operationId: updateOrder
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/OrderPatch'}}}}
      responses:
        '200': {description: Changed}
components:
  schemas:
    Count: {type: integer, x-column: orders.count}
    Order:
      allOf:
        - {type: object, required: [id], properties: {id: {type: integer, x-column: orders.id}}}
        - {$ref: '#/components/schemas/OrderPatch'}
    OrderCreate: {type: object, required: [count], properties: {count: {$ref: '#/components/schemas/Count'}}}
    OrderPatch:
      type: object
      properties:
        count: {$ref: '#/components/schemas/Count', x-column: orders.amount}
        lines:
          type: array
          x-computed: true
          items: {type: object, properties: {name: {type: string, x-column: lines.name}, size: {type: string}}}
    Unused: {type: object, properties: {a: {type: string}, b: {type: string}}}
`

func TestPropertiesAreReadFromWhereverAContractHasThem(t *testing.T) {
	t.Parallel()
	model := shopModel(t)
	var found []string
	for _, p := range model.properties {
		var is []string
		for word, ok := range map[string]bool{"read": p.read, "written": p.written, "made": p.made, "required": p.required} {
			if ok {
				is = append(is, word)
			}
		}
		slices.Sort(is)
		found = append(found, fmt.Sprintf("%s %s %s limits=%s %v", p, p.column, p.pointer, p.limits, is))
	}
	schemas, request := "/components/schemas/", "/paths/~1orders/post/requestBody/content/application~1json/schema/properties/"
	patch, item := schemas+"OrderPatch/properties/", schemas+"OrderPatch/properties/lines/items/properties/"
	assert.ElementsMatch(t, []string{
		"Order.id orders.id " + schemas + "Order/allOf/0/properties/id limits=" + schemas + "Order/allOf/0/properties/id [read required]",
		"OrderCreate.count orders.count " + schemas + "OrderCreate/properties/count limits=" + schemas + "Count [made required written]",
		"OrderPatch.count orders.amount " + patch + "count limits=" + schemas + "Count [read written]",
		"OrderPatch.lines  " + patch + "lines limits=" + patch + "lines [read written]",
		"OrderPatch.lines.name lines.name " + item + "name limits=" + item + "name [read written]",
		"OrderPatch.lines.size  " + item + "size limits=" + item + "size [read written]",
		"Unused.a  " + schemas + "Unused/properties/a limits=" + schemas + "Unused/properties/a []",
		"Unused.b  " + schemas + "Unused/properties/b limits=" + schemas + "Unused/properties/b []",
		"createOrders.note orders.note " + request + "note limits=" + request + "note [made written]",
		"createOrders.rows  " + request + "rows limits=" + request + "rows [made written]",
	}, found)
}

func TestAnOperationWritesTheColumnsOfItsBody(t *testing.T) {
	t.Parallel()
	writes := map[string][]string{}
	for _, o := range shopModel(t).operations {
		writes[o.id] = o.writes
	}
	assert.Equal(t, map[string][]string{
		"createOrders": {"orders.count", "orders.note"},
		"updateOrder":  {"lines.name", "orders.amount"},
	}, writes)
}

func TestAPropertyBesideStoredOnesSaysWhereItIsStored(t *testing.T) {
	t.Parallel()
	var pointers []string
	for _, f := range sqlUnmapped(shopModel(t)) {
		pointers = append(pointers, f.Rule+" "+f.Pointer)
	}
	assert.ElementsMatch(t, []string{
		"sql/unmapped /components/schemas/OrderPatch/properties/lines/items/properties/size",
		"sql/unmapped /paths/~1orders/post/requestBody/content/application~1json/schema/properties/rows",
	}, pointers)
}

func shopModel(t *testing.T) *sqlModel {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData([]byte(shopContract))
	require.NoError(t, err)
	return sqlReadProperties(document)
}

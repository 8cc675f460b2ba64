package httpapi

import (
	"fmt"

	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/user"
)

// Rules are the rules that the contract names and the nouns know.
func Rules() contract.Rules {
	return contract.Rules{
		Formats: map[string]func(string) error{
			"person_name":  user.CheckName,
			"tag":          user.CheckTag,
			"etags":        checkETags,
			"redirect_uri": identity.CheckRedirectURI,
		},
		Values: map[string]func(any) []fault.Field{
			"tags":        checkTags,
			"postal_code": checkPostalCode,
			"client":      checkClient,
		},
	}
}

func checkETags(header string) error {
	_, err := etag.ParseMatch(header)
	return err
}

// checkTags counts the tags that are the user's own.
func checkTags(value any) []fault.Field {
	list, _ := value.([]any)
	var tags []string
	for _, v := range list {
		if tag, ok := v.(string); ok {
			tags = append(tags, tag)
		}
	}
	if user.OwnTags(tags) > user.MaxTags {
		return []fault.Field{{Detail: fmt.Sprintf("must have at most %d items", user.MaxTags)}}
	}
	return nil
}

// checkPostalCode holds a postal code against the country beside it; a merge patch may bring only one of them.
func checkPostalCode(value any) []fault.Field {
	object, _ := value.(map[string]any)
	country, _ := object["country"].(string)
	code, sent := object["postal_code"].(string)
	if !sent {
		return nil
	}
	return address.CheckPostalCode(address.Country(country), code)
}

// checkClient holds the redirect URIs of a client against its kind.
func checkClient(value any) []fault.Field {
	object, _ := value.(map[string]any)
	uris, _ := object["redirect_uris"].([]any)
	isService := object["kind"] == identity.KindService
	switch {
	case isService && len(uris) > 0:
		return []fault.Field{{Pointer: "/redirect_uris", Detail: "must be empty for a service"}}
	case !isService && len(uris) == 0:
		return []fault.Field{{Pointer: "/redirect_uris", Detail: "must have at least 1 item, unless the client is a service"}}
	}
	return nil
}

package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"
)

// sourceRoot stands for the project's folder, which who reads the log knows.
const sourceRoot = "%SRCROOT%"

// object is an object of SARIF, whose names its specification gives and a test holds against its schema.
type object map[string]any

// writeSARIF writes a log for code scanning: OASIS SARIF 2.1.0.
func writeSARIF(w io.Writer, r Report, _ Style) error {
	rules := slices.Clone(r.Rules)
	slices.SortStableFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	rules = slices.CompactFunc(rules, func(a, b Rule) bool { return a.ID == b.ID })
	index, descriptors := map[string]int{}, []object{}
	for i, rule := range rules {
		index[rule.ID] = i
		descriptors = append(descriptors, sarifRule(rule))
	}
	results := []object{}
	for _, f := range r.Findings() {
		result := sarifResult(f)
		if i, known := index[f.Rule]; known {
			result["ruleIndex"] = i
		}
		results = append(results, result)
	}
	return encode(w, object{
		"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		"version": "2.1.0",
		"runs": []object{{
			"tool": object{"driver": object{
				"name":           "plazadev check",
				"informationUri": "https://github.com/plaza-api/plaza",
				"rules":          descriptors,
			}},
			"automationDetails": object{"id": "plazadev-check/"},
			"columnKind":        "unicodeCodePoints",
			"originalUriBaseIds": object{
				sourceRoot: object{"description": object{"text": "The project's folder."}},
			},
			"invocations": []object{sarifInvocation(r)},
			"results":     results,
		}},
	})
}

func sarifRule(rule Rule) object {
	short, _, _ := strings.Cut(rule.Help, ". ")
	return object{
		"id":                   rule.ID,
		"shortDescription":     object{"text": strings.TrimSuffix(short, ".") + "."},
		"fullDescription":      object{"text": rule.Help},
		"help":                 object{"text": rule.Help},
		"defaultConfiguration": object{"level": rule.Severity},
	}
}

// sarifResult is one finding. Its severities are SARIF's levels.
func sarifResult(f Finding) object {
	artifact := object{"uri": (&url.URL{Path: f.File}).String(), "uriBaseId": sourceRoot}
	if address, err := url.Parse(f.File); err == nil && address.IsAbs() {
		artifact = object{"uri": f.File} // a server that was asked
	}
	physical := object{"artifactLocation": artifact}
	if f.Line > 0 {
		region := object{"startLine": f.Line}
		if f.Column > 0 {
			region["startColumn"] = f.Column
		}
		physical["region"] = region
	}
	location := object{"physicalLocation": physical}
	if f.Pointer != "" {
		steps := Steps(f.Pointer)
		location["logicalLocations"] = []object{
			{"name": steps[len(steps)-1], "fullyQualifiedName": f.Pointer, "kind": "property"},
		}
	}
	return object{
		"ruleId":              f.Rule,
		"level":               f.Severity,
		"message":             object{"text": f.Message},
		"locations":           []object{location},
		"partialFingerprints": object{"plazadevCheck/v1": f.fingerprint()},
	}
}

// fingerprint is the same for a finding whose line has moved.
func (f Finding) fingerprint() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, f.File, f.Pointer, f.Message}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// sarifInvocation tells how the run went, and which layers could not look.
func sarifInvocation(r Report) object {
	notifications := []object{}
	for _, result := range r.Results {
		if result.Err != nil {
			notifications = append(notifications, object{
				"level":   Error,
				"message": object{"text": fmt.Sprintf("%s could not run: %s", result.Layer, result.Err)},
			})
		}
	}
	meaning := map[int]string{
		ExitClean: "nothing has drifted", ExitFindings: "findings", ExitUnable: "a layer could not run",
	}
	return object{
		"executionSuccessful":        r.ExitCode() != ExitUnable,
		"exitCode":                   r.ExitCode(),
		"exitCodeDescription":        meaning[r.ExitCode()],
		"startTimeUtc":               r.Begun.UTC().Format(time.RFC3339),
		"endTimeUtc":                 r.Begun.Add(r.Took).UTC().Format(time.RFC3339),
		"toolExecutionNotifications": notifications,
	}
}

package check

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"
)

// versionStep is what has to be raised of a version (SemVer 2.0.0).
type versionStep int

// The steps, the larger ones last.
const (
	noStep versionStep = iota
	patchStep
	minorStep
	majorStep
)

func (s versionStep) String() string { return [...]string{"none", "patch", "minor", "major"}[s] }

// weight is how much a change means to clients, the weightier ones last.
type weight int

const (
	weighsNothing  weight = iota
	isRepair              // nothing new can be called: a looser limit, a longer time-out
	isAddition            // what worked works, and there is more
	isIncompatible        // what worked may not
)

// stepFor says what a change asks of a version. From 1.0.0 on SemVer's sections 6 to 8 say so. Of 0.y.z its section 4
// says that anything may change; what people have agreed on since, and npm's ^0.2.1 and Cargo go by, is that y is then
// raised for what is incompatible, and z for all else.
func stepFor(base string, w weight) versionStep {
	steps := [...]versionStep{noStep, patchStep, minorStep, majorStep}
	if semver.Major("v"+base) == "v0" {
		steps = [...]versionStep{noStep, patchStep, patchStep, minorStep}
	}
	return steps[w]
}

// isVersion tells whether a version is one of SemVer, all three numbers.
func isVersion(version string) bool {
	core, _, _ := strings.Cut(version, "+")
	return semver.IsValid("v"+version) && semver.Canonical("v"+version) == "v"+core
}

// raised returns the least version that is a step above base. A pre-release has that step behind it where its numbers
// show it: after 0.2.0-rc.1 comes 0.2.0, also with what is incompatible.
func raised(base string, step versionStep) string {
	major, minor, patch := numbers(base)
	pre := semver.Prerelease("v"+base) != ""
	switch {
	case step == noStep:
		return base
	case step == majorStep && (!pre || minor+patch > 0):
		major, minor, patch = major+1, 0, 0
	case step == minorStep && (!pre || patch > 0):
		minor, patch = minor+1, 0
	case step == patchStep && !pre:
		patch++
	}
	return fmt.Sprintf("%d.%d.%d", major, minor, patch)
}

// isEnough tells whether version is base raised by a step at least. A pre-release counts as the version that it leads
// to.
func isEnough(base, version string, step versionStep) bool {
	if step == noStep {
		return semver.Compare("v"+version, "v"+base) >= 0
	}
	major, minor, patch := numbers(version)
	released := fmt.Sprintf("v%d.%d.%d", major, minor, patch)
	return semver.Compare("v"+version, "v"+base) > 0 && semver.Compare(released, "v"+raised(base, step)) >= 0
}

// numbers are the three numbers of a version.
func numbers(version string) (major, minor, patch int) {
	core, _, _ := strings.Cut(strings.TrimPrefix(semver.Canonical("v"+version), "v"), "-")
	parts := strings.Split(core, ".")
	for i, number := range []*int{&major, &minor, &patch} {
		*number, _ = strconv.Atoi(parts[i]) // digits, as isVersion says
	}
	return major, minor, patch
}

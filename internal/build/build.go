// Package build tells which build of the project runs: its version, the commit it was made from, and the compiler.
//
// The linker sets the first two (see the Makefile); a build without it takes the commit that the compiler noted, if
// it noted one. --version, the first log line, the metric tolov_build_info and every span's resource say the same.
package build

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// Set by the linker.
var (
	version = "dev"
	commit  = ""
)

// Info names a build.
type Info struct {
	Version string // of the last tag, with what came after it; dev where nobody said
	Commit  string // the whole hash, or unknown
	Go      string // the compiler, such as go1.26.8
}

// This is the build that runs.
func This() Info {
	return Info{Version: version, Commit: cmp.Or(commit, noted(), "unknown"), Go: runtime.Version()}
}

// String is how a program tells its version.
func (i Info) String() string { return fmt.Sprintf("%s (commit %s, %s)", i.Version, i.Commit, i.Go) }

// noted is the commit that the compiler found the sources at.
func noted() string {
	about, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range about.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

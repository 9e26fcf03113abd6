package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// completionVerb prints what a shell runs to complete payctl's command line.
type completionVerb struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: ${enum}."`
}

// Help tells how to install it.
func (completionVerb) Help() string {
	return "bash: payctl completion bash > /etc/bash_completion.d/payctl. zsh: payctl completion zsh > " +
		"~/.zfunc/_payctl, with ~/.zfunc in fpath. fish: payctl completion fish > ~/.config/fish/completions/payctl.fish. " +
		"What a shell asks of payctl stays on this machine: no server is asked."
}

// The shells' own languages. Each asks the hidden verb for what may follow, and falls back to file names.
const (
	bashCompletion = `_payctl() {
  local IFS=$'\n'
  local found="$(payctl __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)"
  COMPREPLY=($(compgen -W "$found" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _payctl payctl
`
	zshCompletion = `#compdef payctl
_payctl() {
  local -a found
  found=("${(@f)$(payctl __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then compadd -a found; else _files; fi
}
compdef _payctl payctl
`
	fishCompletion = `complete -c payctl -a \
  '(payctl __complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`
)

// Run prints it.
func (v completionVerb) Run(a *app) error {
	script := map[string]string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[v.Shell]
	_, err := fmt.Fprint(a.out, script)
	return err
}

// completeVerb is asked by a shell.
type completeVerb struct {
	Words []string `arg:"" optional:"" passthrough:"" help:"The words so far; the last one is being typed."`
}

// Run prints what may stand in the place of the last word, one on a line.
func (v completeVerb) Run(a *app) error {
	words := v.Words
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	var lines strings.Builder
	for _, candidate := range candidates(a.model, words) {
		lines.WriteString(candidate + "\n")
	}
	_, err := fmt.Fprint(a.out, lines.String())
	return err
}

// candidates are what may stand in the place of the last word: verbs, flags, or the values that a flag lists.
func candidates(model *kong.Application, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	typed, node := words[len(words)-1], model.Node
	var wants *kong.Flag // the flag whose value comes next
	for _, word := range words[:len(words)-1] {
		switch flag := flagOf(node, word); {
		case wants != nil:
			wants = nil
		case flag != nil && !flag.IsBool() && !strings.Contains(word, "="):
			wants = flag
		case flag == nil:
			node = step(node, word)
		}
	}
	var all []string
	switch {
	case wants != nil && wants.Enum != "":
		all = strings.Split(wants.Enum, ",")
	case wants != nil:
	case strings.HasPrefix(typed, "-"):
		for n := node; n != nil; n = n.Parent {
			all = append(all, flagsOf(n)...)
		}
	default:
		all = verbsOf(node)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(c string) bool { return !strings.HasPrefix(c, typed) })
}

// step goes to the verb that a word names; any other word is an argument.
func step(node *kong.Node, word string) *kong.Node {
	for _, child := range node.Children {
		if child.Name == word {
			return child
		}
	}
	return node
}

// flagOf is the flag that a word names, here or further up.
func flagOf(node *kong.Node, word string) *kong.Flag {
	name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
	if !strings.HasPrefix(word, "--") {
		return nil
	}
	for n := node; n != nil; n = n.Parent {
		for _, flag := range n.Flags {
			if flag.Name == name {
				return flag
			}
		}
	}
	return nil
}

func flagsOf(node *kong.Node) []string {
	var names []string
	for _, flag := range node.Flags {
		if !flag.Hidden {
			names = append(names, "--"+flag.Name)
		}
	}
	return names
}

// verbsOf are the verbs below a node, or the values of its argument when it lists some.
func verbsOf(node *kong.Node) []string {
	var names []string
	for _, child := range node.Children {
		if !child.Hidden {
			names = append(names, child.Name)
		}
	}
	for _, argument := range node.Positional {
		if argument.Enum != "" {
			names = append(names, strings.Split(argument.Enum, ",")...)
		}
	}
	return names
}

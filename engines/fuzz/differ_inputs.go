package fuzz

import (
	"slices"
	"strings"
)

// edges are characters that dialects see differently: line ends, white space
// that some leave out, the edges of classes.
var edges = []string{"\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x00", " ", "_", "0", "K", "\x7f"}

// inputs are what a comparison asks about: the given ones, words of the
// pattern, and words with one character exchanged for an edge, or an edge
// between two.
func (c *comparison) inputs(given [][]byte) [][]byte {
	seen := map[string]bool{}
	var out [][]byte
	add := func(s string) {
		s = first(s, answerInput)
		if seen[s] || len(out) >= maxAnswers || strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) >= 0 {
			return
		}
		seen[s] = true
		out = append(out, []byte(s))
	}
	add("")
	re := c.readings[0].re
	abc := newAlphabet(re)
	lex, full := newLexicon(re, abc, false), newLexicon(re, abc, true)
	words := append(lex.of(re.Root), full.of(re.Root)...)
	shortest, fullest := lex.first(re.Root), full.first(re.Root)
	words = distinct(words, maxBaseWords)
	if len(words) == 0 {
		words = []string{""}
	}
	for _, w := range words {
		add(w)
	}
	for _, e := range edges {
		add(e)
		for _, w := range words[:min(len(words), 3)] {
			add(w + e)
			add(e + w)
		}
	}
	for _, in := range given[:min(len(given), maxGiven)] {
		add(string(in))
	}
	for _, w := range distinct([]string{fullest, shortest, words[0]}, 3) {
		chars := abc.split(first(w, answerInput))
		for i := range chars {
			for _, e := range edges {
				with := slices.Clone(chars)
				with[i] = e
				add(strings.Join(with, ""))
			}
		}
	}
	chars := abc.split(first(shortest, answerInput))
	for i := range chars {
		for _, e := range edges {
			add(strings.Join(slices.Insert(slices.Clone(chars), i, e), ""))
		}
	}
	return out
}

// maxBaseWords is how many words of a pattern are compared as they are, and
// maxGiven how many inputs of a search.
const (
	maxBaseWords = 12
	maxGiven     = 24
)

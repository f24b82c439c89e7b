package syntax

import "maps"

// Pieces that several dialect tables share.

// withEscapes joins tables of escapes; later ones win.
func withEscapes(tables ...map[byte]escape) map[byte]escape {
	out := map[byte]escape{}
	for _, t := range tables {
		maps.Copy(out, t)
	}
	return out
}

// anchorsOf are the escapes for positions, by letter.
func anchorsOf(letters string) map[byte]escape {
	all := map[byte]Assert{'A': BeginText, 'Z': EndTextOptional, 'z': EndText, 'G': SearchStart}
	out := map[byte]escape{}
	for i := 0; i < len(letters); i++ {
		out[letters[i]] = escape{act: actAssert, assert: all[letters[i]]}
	}
	return out
}

var wordBoundaries = map[byte]escape{
	'b': {act: actAssert, assert: WordBoundary}, 'B': {act: actAssert, assert: NotWordBoundary},
}

// numbers are \1 to \9.
func numbers() map[byte]escape {
	out := map[byte]escape{}
	for c := byte('1'); c <= '9'; c++ {
		out[c] = escape{act: actNumber}
	}
	return out
}

// octals are \0 to \7.
func octals() map[byte]escape {
	out := map[byte]escape{}
	for c := byte('0'); c <= '7'; c++ {
		out[c] = escape{act: actOctal}
	}
	return out
}

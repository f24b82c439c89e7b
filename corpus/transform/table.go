package transform

import "slices"

// A kind is what is known of a transformation.
type kind struct {
	// run applies it. The result may share memory with the text.
	run func(Host, []byte) []byte
	// image is what may come out of it, for what may go in.
	image func(Host, *Image) *Image
	// sources write texts that it may turn into the given one, besides the text
	// itself.
	sources []encoder
	// period is the number of bytes to which a part of a text must be a
	// multiple for its source to be written apart from the others', 0 for any.
	period int
	// hosts know it; nil for all.
	hosts []Host
	// growth is how many bytes of output one byte of input may become, 0 for
	// one.
	growth int
	// most is how long its output is at the most whatever goes in, 0 for no
	// such bound.
	most int
}

// same is the image of what changes nothing.
func same(_ Host, im *Image) *Image { return im }

func alphabet(chars string) func(Host, *Image) *Image {
	s := bytesOf(chars)
	return func(Host, *Image) *Image { return anything(s) }
}

func anyBytes(Host, *Image) *Image { return anything(every) }

// decodes is the image of a decoder that does nothing without one of the bytes
// that start an encoding.
func decodes(starts string) func(Host, *Image) *Image {
	return func(_ Host, im *Image) *Image {
		return im.unless(starts, func() *Image { return anything(every) })
	}
}

func mapping(f func(byte) byte) func(Host, *Image) *Image {
	return func(_ Host, im *Image) *Image { return im.mapped(f) }
}

// modSecurity are the hosts of transformations that Coraza lacks.
var modSecurity = []Host{ModSecurity2, ModSecurity3}

const digits10 = "0123456789"

// kinds is the table of transformations, by the reference manual's names.
var kinds = map[string]kind{
	"none":      {run: func(_ Host, b []byte) []byte { return b }, image: same},
	"lowercase": {run: lowercase, image: letters(lower, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")},
	"uppercase": {run: uppercase, image: letters(upper, "abcdefghijklmnopqrstuvwxyz"), hosts: []Host{ModSecurity3, Coraza}},

	"urlDecode":        {run: urlDecode, image: decodesURL, sources: append([]encoder{escapeURL}, coded("%%%02x", "%+")...)},
	"urlDecodeUni":     {run: urlDecodeUni, image: decodesURL, sources: append([]encoder{escapeURL}, coded("%%%02x", "%+")...)},
	"urlEncode":        {run: urlEncode, image: alphabet("%+*" + hexDigits + "ABCDEFGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz"), sources: []encoder{unescapeURL}, growth: 3},
	"htmlEntityDecode": {run: htmlEntityDecode, image: decodes("&"), sources: append([]encoder{escapeEntity}, coded("&#%d;", "&")...)},
	"jsDecode":         {run: jsDecode, image: decodes(`\`), sources: append([]encoder{doubleBackslash}, coded(`\x%02x`, `\`)...)},
	"cssDecode":        {run: cssDecode, image: decodes(`\`), sources: append([]encoder{doubleBackslash}, coded(`\%02x`, `\`)...)},
	"escapeSeqDecode":  {run: escapeSeqDecode, image: decodes(`\`), sources: append([]encoder{doubleBackslash}, coded(`\x%02x`, `\`)...)},
	"utf8toUnicode":    {run: utf8toUnicode, image: asciiOnly, growth: 6},

	"hexDecode":       {run: hexDecode, image: anyBytes, sources: []encoder{encodeHex}},
	"hexEncode":       {run: hexEncode, image: alphabet(hexDigits), sources: []encoder{decodeHex}, period: 2, growth: 2},
	"sqlHexDecode":    {run: sqlHexDecode, image: decodesSQLHex, hosts: modSecurity},
	"base64Decode":    {run: base64Decode, image: anyBytes, sources: []encoder{encodeBase64}, period: 3},
	"base64DecodeExt": {run: base64DecodeExt, image: anyBytes, sources: []encoder{encodeBase64}, period: 3},
	"base64Encode":    {run: base64Encode, image: alphabet(sixBits + "="), sources: []encoder{decodeBase64}, period: 4, growth: 4},

	"compressWhitespace": {run: compressWhitespace, image: compressed},
	"removeWhitespace":   {run: removeWhitespace, image: unblank, sources: []encoder{filler(" ")}},
	"trim":               {run: trim, image: untrimmed},
	"trimLeft":           {run: trimLeft, image: untrimmed},
	"trimRight":          {run: trimRight, image: same},
	"removeNulls":        {run: removeNulls, image: func(_ Host, im *Image) *Image { return im.over(bytesOf("\x00"), Set{}) }, sources: []encoder{filler("\x00")}},
	"replaceNulls":       {run: replaceNulls, image: mapping(func(c byte) byte { return map[bool]byte{true: ' ', false: c}[c == 0] })},

	"replaceComments":    {run: replaceComments, image: commented("/", " ")},
	"removeComments":     {run: removeComments, image: commented("/<-#", " \x00"), sources: []encoder{hideComments, filler("/**/")}},
	"removeCommentsChar": {run: removeCommentsChar, image: func(_ Host, im *Image) *Image { return im.over(bytesOf("#"), Set{}) }, sources: []encoder{splitMarks, filler("#")}},
	"cmdLine":            {run: cmdLine, image: commandLine, sources: []encoder{filler(`"`)}},
	"normalizePath":      {run: normalizePath, image: segments("/.", "")},
	"normalizePathWin":   {run: normalizePathWin, image: segments(`/.\: `, "/")},

	"length": {run: length, image: alphabet(digits10), most: len("9223372036854775807")},
	"md5":    {run: md5Digest, image: anyBytes, most: 16},
	"sha1":   {run: sha1Digest, image: anyBytes, most: 20},

	"parityEven7bit": {run: bytewise(evenParity), image: mapping(evenParity), sources: []encoder{clearParity}, hosts: modSecurity},
	"parityOdd7bit":  {run: bytewise(oddParity), image: mapping(oddParity), sources: []encoder{clearParity}, hosts: modSecurity},
	"parityZero7bit": {run: bytewise(zeroParity), image: mapping(zeroParity), hosts: modSecurity},
}

// find is what is known of a transformation on a host.
func find(h Host, name string) (kind, bool) {
	switch name {
	case "normalisePath":
		name = "normalizePath"
	case "normalisePathWin":
		name = "normalizePathWin"
	}
	k, ok := kinds[name]
	return k, ok && (k.hosts == nil || slices.Contains(k.hosts, h))
}

// out is the image of a transformation, its length too.
func (k kind) out(h Host, in *Image) *Image {
	out := *k.image(h, in)
	out.MaxLen = -1
	growth := max(k.growth, 1)
	if h == Coraza { // which writes U+FFFD for a byte
		growth *= 3
	}
	switch {
	case k.most > 0:
		out.MaxLen = k.most
	case in.MaxLen >= 0 && in.MaxLen < maxBytes/growth:
		out.MaxLen = (in.MaxLen + 1) * growth // base64 pads
	}
	return &out
}

// letters is the image of a change of case: no byte of the other case is left.
// Coraza's also moves letters outside of ASCII into it, and writes U+FFFD.
func letters(f func(byte) byte, gone string) func(Host, *Image) *Image {
	return func(h Host, im *Image) *Image {
		if h == Coraza {
			return anything(every).over(bytesOf(gone), Set{})
		}
		return im.mapped(f)
	}
}

func decodesURL(_ Host, im *Image) *Image {
	return im.unless("%", func() *Image { return anything(every) }).unless("+", func() *Image {
		percent := bytesOf("%")
		if im.Bytes.overlaps(&percent) {
			return anything(every)
		}
		return im.mapped(func(c byte) byte { return map[bool]byte{true: ' ', false: c}[c == '+'] })
	})
}

// asciiOnly is the image of utf8toUnicode. ModSecurity lets bytes through that
// are no UTF-8, and drops NULs.
func asciiOnly(h Host, im *Image) *Image {
	if h == Coraza {
		return anything(bytesThat(func(c byte) bool { return c < 0x80 }))
	}
	high := bytesThat(func(c byte) bool { return c >= 0x80 })
	null := bytesOf("\x00")
	switch {
	case im.Bytes.overlaps(&high):
		return anything(every).over(null, Set{})
	case im.Bytes.overlaps(&null):
		return im.over(null, Set{})
	}
	return im
}

func decodesSQLHex(_ Host, im *Image) *Image {
	return im.unless("0", func() *Image { return anything(every).over(bytesOf("\x00"), Set{}) })
}

// compressed is the image of compressWhitespace: blanks only, and no two.
func compressed(h Host, im *Image) *Image {
	var out *Image
	if h == Coraza {
		out = im.over(bytesThat(blank), bytesOf(" "))
	} else {
		out = im.mapped(func(c byte) byte {
			if blankOf(h, "compressWhitespace", c) {
				return ' '
			}
			return c
		})
		// What stood behind any blank of a run may stand behind the one left,
		// which mapped already says.
	}
	out.Next[' '].drop(' ')
	return out
}

func unblank(h Host, im *Image) *Image {
	if h == Coraza {
		return im.over(bytesThat(blank), bytesOf("\xef\xbf\xbd"))
	}
	return im.over(bytesThat(func(c byte) bool { return blankOf(h, "removeWhitespace", c) }), Set{})
}

func untrimmed(_ Host, im *Image) *Image {
	out := *im
	blanks := bytesThat(blank)
	for i := range out.First {
		out.First[i] = im.Bytes[i] &^ blanks[i]
	}
	return &out
}

// commented is the image of what takes comments away and may add bytes.
func commented(starts, added string) func(Host, *Image) *Image {
	return func(_ Host, im *Image) *Image {
		return im.unless(starts, func() *Image { return im.over(Set{}, bytesOf(added)) })
	}
}

// segments is the image of what cleans paths. ModSecurity copies a slash only
// behind something else, or over another; Coraza makes "//" of "/".
func segments(starts, added string) func(Host, *Image) *Image {
	return func(h Host, im *Image) *Image {
		return im.unless(starts, func() *Image {
			out := im.over(Set{}, bytesOf(added))
			if h != Coraza {
				out.Next['/'].drop('/')
			}
			return out
		})
	}
}

// commandLine is the image of cmdLine.
func commandLine(_ Host, im *Image) *Image {
	out := im.mapped(lower).over(bytesOf("\\\"'^,;\t\r\n"), bytesOf(" "))
	for _, c := range []byte(" /(") {
		out.Next[' '].drop(c)
	}
	return out
}

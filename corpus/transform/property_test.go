package transform

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

var chains = flag.Int("chains", 3000, "how many random chains are held against their image")

// in reports whether a text is in an image, and why not.
func (im *Image) in(b []byte) error {
	if im.MaxLen >= 0 && len(b) > im.MaxLen {
		return fmt.Errorf("%d bytes: the image has at most %d", len(b), im.MaxLen)
	}
	for i, c := range b {
		switch {
		case !im.Bytes.Has(c):
			return fmt.Errorf("byte %q at %d is not in the image", c, i)
		case i == 0 && !im.First.Has(c):
			return fmt.Errorf("byte %q does not begin a text of the image", c)
		case i > 0 && !im.Next[b[i-1]].Has(c):
			return fmt.Errorf("byte %q at %d does not follow %q in the image", c, i, b[i-1])
		}
	}
	return nil
}

// names are the transformations of a host, sorted.
func names(h Host) []string {
	var out []string
	for _, n := range slices.Sorted(maps.Keys(kinds)) {
		if _, ok := find(h, n); ok {
			out = append(out, n)
		}
	}
	return out
}

// A bench makes random chains and texts that suit them.
type bench struct{ *rand.Rand }

func (r bench) chain(t testing.TB, h Host) Chain {
	t.Helper()
	all := names(h)
	var list []string
	for range 1 + r.IntN(4) {
		list = append(list, all[r.IntN(len(all))])
	}
	c, err := New(h, list)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (r bench) text(c Chain) []byte {
	parts := slices.Clone(texts)
	for _, n := range c.names {
		parts = append(parts, pieces[n]...)
	}
	var b []byte
	for range r.IntN(12) {
		if r.IntN(6) == 0 {
			b = append(b, byte(r.IntN(256)))
		} else {
			b = append(b, parts[r.IntN(len(parts))]...)
		}
	}
	return b
}

// TestImage holds the images, on which proofs rest, against what comes out.
func TestImage(t *testing.T) {
	r := bench{rand.New(rand.NewPCG(3, 4))}
	for range *chains {
		c := r.chain(t, Hosts[r.IntN(len(Hosts))])
		im := c.Image()
		for range 8 {
			b := r.text(c)
			if err := im.in(c.Apply(b)); err != nil {
				t.Fatalf("%s %v on %q gives %q: %v", c.host, c.names, b, c.Apply(b), err)
			}
		}
	}
}

// TestImageSays holds the images that proofs need most.
func TestImageSays(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{nil, ""},
		{[]string{"lowercase"}, "no [A-Z]"},
		{[]string{"lowercase", "urlDecodeUni"}, ""},
		{[]string{"urlDecodeUni", "compressWhitespace"}, `no [\t-\r\xa0]; no two blanks in a row`},
		{[]string{"removeWhitespace"}, `no [\t-\r\x20\xa0]`},
		{[]string{"removeWhitespace", "compressWhitespace"}, `no [\t-\r\x20\xa0]`},
		{[]string{"trim"}, `none of [\t-\r\x20] at the start`},
		{[]string{"length"}, "at most 19 bytes; nothing but [0-9]"},
		{[]string{"sha1"}, "at most 20 bytes"},
		{[]string{"sha1", "hexEncode"}, "at most 42 bytes; nothing but [0-9a-f]"},
		{[]string{"hexEncode", "uppercase"}, "nothing but [0-9A-F]"},
		{[]string{"cmdLine"}, `no [\t\n\r"',;A-Z\\\^]; none of [\x20(/] behind ' '`},
		{[]string{"removeNulls"}, `no [\x00]`},
		{[]string{"parityZero7bit"}, `no [\x80-\xff]`},
	} {
		h := ModSecurity2
		if slices.Contains(c.names, "uppercase") {
			h = ModSecurity3
		}
		chain, err := New(h, c.names)
		if err != nil {
			t.Fatal(err)
		}
		im := chain.Image()
		if got := im.Describe(); got != c.want {
			t.Errorf("%v: %s, expected %s", c.names, got, c.want)
		}
		if im.Full() != (c.want == "") {
			t.Errorf("%v: Full is %v", c.names, im.Full())
		}
	}
}

// TestSource holds that what Source gives becomes what was wanted.
func TestSource(t *testing.T) {
	fam := func(parts ...string) (f Family) {
		for i, p := range parts {
			if i%2 == 0 {
				f.Fixed = append(f.Fixed, []byte(p))
			} else {
				f.Repeated = append(f.Repeated, []byte(p))
			}
		}
		return f
	}
	for _, c := range []struct {
		names []string
		want  Family
		sent  Family
		stuck int
	}{
		{nil, fam("a", "b", "c"), fam("a", "b", "c"), -1},
		{[]string{"urlDecodeUni"}, fam("a", "+", "%"), fam("a", "%2b", "%25"), -1},
		{[]string{"urlDecodeUni"}, fam("", "a", "!"), fam("", "a", "!"), -1},
		{[]string{"urlDecode", "urlDecode"}, fam("", "+", ""), fam("", "%252b", ""), -1},
		{[]string{"jsDecode"}, fam("", `\`, "n"), fam("", `\\`, "n"), -1},
		{[]string{"base64Decode"}, fam("", "ab", "!"), fam("", "YWJhYmFi", "IQ=="), -1},
		{[]string{"base64Decode"}, fam("x", "ab", "!"), fam("eGFi", "YWJhYmFi", "IQ=="), -1},
		{[]string{"hexDecode"}, fam("", "ab", "!"), fam("", "6162", "21"), -1},
		{[]string{"hexEncode"}, fam("", "a", "00"), fam("", "\xaa", "\x00"), -1},
		{[]string{"hexEncode"}, fam("", "x", ""), Family{}, 0},
		{[]string{"lowercase"}, fam("", "A", ""), Family{}, 0},
		{[]string{"urlDecodeUni", "removeWhitespace"}, fam("", " ", ""), Family{}, 1},
		{[]string{"compressWhitespace", "lowercase"}, fam("", "  ", ""), Family{}, 0},
		{[]string{"removeComments"}, fam("", "-", "#"), fam("", "/**/-", "/**/#"), -1},
		{[]string{"removeCommentsChar"}, fam("", "-", "a"), fam("", "-#", "a"), -1},
		{[]string{"htmlEntityDecode"}, fam("", "&lt", "&"), fam("", "&amp;lt", "&amp;"), -1},
		{[]string{"parityEven7bit"}, fam("", "\xe1", ""), fam("", "a", ""), -1},
		{[]string{"normalizePath", "cmdLine"}, fam("", "/", "!"), fam("", `/"`, `!"`), -1},
		{[]string{"compressWhitespace", "removeNulls"}, fam("", " ", "!"), fam("", " \x00", "!\x00"), -1},
		{[]string{"length"}, fam("", "1", ""), Family{}, 0},
	} {
		chain, err := New(ModSecurity2, c.names)
		if err != nil {
			t.Fatal(err)
		}
		sent, stuck := chain.Source(c.want)
		if stuck != c.stuck || stuck < 0 && !same2(sent, c.sent) {
			t.Errorf("%v for %q: %q, stuck at %d; expected %q, %d", c.names, c.want, sent, stuck, c.sent, c.stuck)
		}
	}
}

func same2(f, g Family) bool {
	eq := func(a, b [][]byte) bool { return slices.EqualFunc(a, b, bytes.Equal) }
	return eq(f.Fixed, g.Fixed) && eq(f.Repeated, g.Repeated)
}

// TestThrough holds families that a chain changes.
func TestThrough(t *testing.T) {
	chain, err := New(ModSecurity2, []string{"lowercase", "trim", "compressWhitespace"})
	if err != nil {
		t.Fatal(err)
	}
	f := Family{Fixed: [][]byte{[]byte("  X "), []byte(" !")}, Repeated: [][]byte{[]byte("A \t")}}
	got, ok := chain.Through(f)
	if !ok {
		t.Fatalf("no family found")
	}
	for n := 2; n < 12; n++ {
		if a, b := chain.Apply(f.Text(n)), got.Text(n); !bytes.Equal(a, b) {
			t.Errorf("n=%d: %q, expected %q", n, b, a)
		}
	}
	if _, ok := chain.Through(Family{Fixed: [][]byte{nil, nil}, Repeated: [][]byte{[]byte(" ")}}); ok {
		t.Errorf("a family of blanks came through")
	}
}

// TestNormalizedSlashes holds, for every path of up to eight bytes, what the
// image of normalizePath says: no empty segment is left.
func TestNormalizedSlashes(t *testing.T) {
	var grow func(b []byte)
	grow = func(b []byte) {
		for _, win := range []bool{false, true} {
			if out := normalize(b, win); bytes.Contains(out, []byte("//")) {
				t.Fatalf("%q becomes %q", b, out)
			}
		}
		if len(b) < 8 {
			for _, c := range []byte(`/.a\`) {
				grow(append(b[:len(b):len(b)], c))
			}
		}
	}
	grow(nil)
}

func TestUnknown(t *testing.T) {
	for _, c := range []struct {
		h    Host
		name string
	}{{Coraza, "sqlHexDecode"}, {ModSecurity2, "uppercase"}, {ModSecurity3, "rot13"}} {
		if _, err := New(c.h, []string{"lowercase", c.name}); err == nil || err.Error() != fmt.Sprintf("t:%s is not known on %s", c.name, c.h) {
			t.Errorf("t:%s on %s: %v", c.name, c.h, err)
		}
	}
}

// FuzzTransform holds every transformation of every host: it does not panic,
// leaves its argument alone, is bounded, and stays in its image.
func FuzzTransform(f *testing.F) {
	for _, s := range texts {
		f.Add([]byte(s))
	}
	for _, name := range slices.Sorted(maps.Keys(pieces)) {
		f.Add(bytes.Join(func() (all [][]byte) {
			for _, p := range pieces[name] {
				all = append(all, []byte(p))
			}
			return all
		}(), nil))
	}
	var singles []Chain
	var images []*Image
	for _, h := range Hosts {
		for _, name := range names(h) {
			c, err := New(h, []string{name})
			if err != nil {
				f.Fatal(err)
			}
			singles, images = append(singles, c), append(images, c.Image())
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		was := bytes.Clone(b)
		for i, c := range singles {
			out := c.Apply(b)
			if !bytes.Equal(b, was) {
				t.Fatalf("%s %v changed its argument", c.host, c.names)
			}
			if limit := 6*len(b) + 20; len(out) > limit {
				t.Fatalf("%s %v made %d bytes of %d", c.host, c.names, len(out), len(b))
			}
			if err := images[i].in(out); err != nil {
				t.Fatalf("%s %v on %q gives %q: %v", c.host, c.names, b, out, err)
			}
		}
	})
}

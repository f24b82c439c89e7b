package charset

// Block is the characters of a Unicode block by its name, folded by Loose:
// those that patterns in the wild name. The ranges are of Blocks.txt.
func Block(name string) (Set, bool) {
	r, ok := blocks[Loose(name)]
	return Of(r), ok
}

var blocks = map[string]Range{
	"basiclatin": {0, 0x7F}, "latin1supplement": {0x80, 0xFF}, "latinextendeda": {0x100, 0x17F}, "latinextendedb": {0x180, 0x24F},
	"ipaextensions": {0x250, 0x2AF}, "spacingmodifierletters": {0x2B0, 0x2FF}, "combiningdiacriticalmarks": {0x300, 0x36F},
	"greek": {0x370, 0x3FF}, "greekandcoptic": {0x370, 0x3FF}, "cyrillic": {0x400, 0x4FF}, "armenian": {0x530, 0x58F},
	"hebrew": {0x590, 0x5FF}, "arabic": {0x600, 0x6FF}, "devanagari": {0x900, 0x97F}, "thai": {0xE00, 0xE7F},
	"hanguljamo": {0x1100, 0x11FF}, "latinextendedadditional": {0x1E00, 0x1EFF}, "greekextended": {0x1F00, 0x1FFF},
	"generalpunctuation": {0x2000, 0x206F}, "superscriptsandsubscripts": {0x2070, 0x209F}, "currencysymbols": {0x20A0, 0x20CF},
	"letterlikesymbols": {0x2100, 0x214F}, "numberforms": {0x2150, 0x218F}, "arrows": {0x2190, 0x21FF},
	"mathematicaloperators": {0x2200, 0x22FF}, "miscellaneoustechnical": {0x2300, 0x23FF}, "boxdrawing": {0x2500, 0x257F},
	"blockelements": {0x2580, 0x259F}, "geometricshapes": {0x25A0, 0x25FF}, "miscellaneoussymbols": {0x2600, 0x26FF},
	"dingbats": {0x2700, 0x27BF}, "cjksymbolsandpunctuation": {0x3000, 0x303F}, "hiragana": {0x3040, 0x309F}, "katakana": {0x30A0, 0x30FF},
	"bopomofo": {0x3100, 0x312F}, "hangulcompatibilityjamo": {0x3130, 0x318F}, "cjkunifiedideographsextensiona": {0x3400, 0x4DBF},
	"cjkunifiedideographs": {0x4E00, 0x9FFF}, "hangulsyllables": {0xAC00, 0xD7AF}, "privateusearea": {0xE000, 0xF8FF},
	"cjkcompatibilityideographs": {0xF900, 0xFAFF}, "alphabeticpresentationforms": {0xFB00, 0xFB4F},
	"arabicpresentationformsa": {0xFB50, 0xFDFF}, "halfwidthandfullwidthforms": {0xFF00, 0xFFEF}, "specials": {0xFFF0, 0xFFFF},
	"emoticons": {0x1F600, 0x1F64F},
}

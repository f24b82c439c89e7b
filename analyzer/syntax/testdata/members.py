# Says which characters below a bound one-character patterns match: flags and
# hexadecimal UTF-8 parted by a tab in; ranges out, in hexadecimal.
import re
import sys

bound = int(sys.argv[1])
letters = {"i": re.I, "m": re.M, "s": re.S, "x": re.X}
for line in sys.stdin:
    flags, _, text = line.rstrip("\n").partition("\t")
    options = 0
    for letter in flags:
        options |= letters.get(letter, 0)
    match = re.compile(bytes.fromhex(text).decode(), options).fullmatch
    out, low = [], -1
    for c in range(bound + 1):
        hit = c < bound and not 0xD800 <= c <= 0xDFFF and match(chr(c))
        if hit and low < 0:
            low = c
        if not hit and low >= 0:
            out.append("%x-%x" % (low, c - 1))
            low = -1
    print(" ".join(out))

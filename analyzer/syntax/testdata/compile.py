# Compiles patterns: one a line on standard input, flags and hexadecimal UTF-8
# parted by a tab; answers "ok" or why not.
import re
import sys
import warnings

warnings.simplefilter("ignore")
letters = {"i": re.I, "m": re.M, "s": re.S, "x": re.X}
for line in sys.stdin:
    flags, _, text = line.rstrip("\n").partition("\t")
    options = 0
    for letter in flags:
        options |= letters.get(letter, 0)
    try:
        re.compile(bytes.fromhex(text).decode(), options)
        print("ok")
    except Exception as fault:
        print("no " + str(fault).replace("\n", " "))

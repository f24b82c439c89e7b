# Answers one line for each pattern: "!" when it is refused, else the captures
# in each subject, "-" for no match and "?" for a fault of the engine, between semicolons.
import json, re, signal, sys, warnings

warnings.simplefilter("ignore")
subjects = json.loads(sys.stdin.readline())
letters = {"i": re.I, "m": re.M, "s": re.S, "x": re.X, "u": 0}


class TooLong(Exception):
    pass


def stop(*_):
    raise TooLong


if hasattr(signal, "SIGALRM"):
    signal.signal(signal.SIGALRM, stop)


def answer(q):
    flags = 0
    for c in q["flags"]:
        flags |= letters[c]
    try:
        p = re.compile(q["text"], flags)
    except (re.error, OverflowError, RecursionError) as e:
        return "!" + str(e)
    ask = {"match": p.match, "full": p.fullmatch}.get(q["mode"], p.search)
    out = []
    for s in subjects:
        if hasattr(signal, "SIGALRM"):
            signal.setitimer(signal.ITIMER_REAL, 2)  # some possessive loops never end
        try:
            m = ask(s)
        except (SystemError, TooLong):  # "The span of capturing group is wrong, please report a bug"
            out.append("?")
            continue
        finally:
            if hasattr(signal, "SIGALRM"):
                signal.setitimer(signal.ITIMER_REAL, 0)
        out.append(" ".join("%d %d" % m.span(k) for k in range(p.groups + 1)) if m else "-")
    return ";".join(out)


for line in sys.stdin:
    sys.stdout.write(answer(json.loads(line)) + "\n")

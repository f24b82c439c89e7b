#!/usr/bin/env python3
"""Asks ModSecurity 2 in Apache httpd what its transformations do.

It reads lines "TRANSFORMATION HEX" and writes the same with the answer behind,
in hexadecimal, for corpus/transform's facts. Run it by hand, where Debian's
apache2 and libapache2-mod-security2 are installed:

    python3 apache.py < questions
"""
import http.client, os, subprocess, sys, tempfile, time

MODULES = "/usr/lib/apache2/modules/"
PORT = 8973

questions = [l.rstrip("\n") for l in sys.stdin]
names = sorted({q.split(" ")[0] for q in questions})
work = tempfile.mkdtemp()
conf = [f"ServerRoot {work}", f"PidFile {work}/pid", f"Listen 127.0.0.1:{PORT}", "ServerName localhost",
        f"ErrorLog {work}/error.log", f"DocumentRoot {work}", "LimitRequestLine 65536", "AllowEncodedSlashes On"]
for m, f in [("mpm_event", "mod_mpm_event"), ("authz_core", "mod_authz_core"), ("headers", "mod_headers"),
             ("unique_id", "mod_unique_id"), ("security2", "mod_security2")]:
    conf.append(f"LoadModule {m}_module {MODULES}{f}.so")
conf += ["SecRuleEngine On", "SecRequestBodyAccess Off", f"SecDataDir {work}", f"SecTmpDir {work}",
         'Header always set Answer "=%{answer}e" env=answer', 'Header always set Loaded yes']


def rule(i, name):
    return (f'SecRule REQUEST_FILENAME "@streq /{name}" "id:{i},phase:1,t:none,pass,nolog,chain"\n'
            f'SecRule ARGS_GET:x "@unconditionalMatch" "t:none,t:{name},t:hexEncode,setenv:answer=%{{MATCHED_VAR}}"')


def start(names):
    with open(f"{work}/httpd.conf", "w") as f:
        f.write("\n".join(conf + [rule(i + 1, n) for i, n in enumerate(names)]) + "\n")
    p = subprocess.Popen(["/usr/sbin/apache2", "-X", "-f", f"{work}/httpd.conf"], stderr=subprocess.PIPE)
    for _ in range(50):
        time.sleep(0.1)
        if p.poll() is not None:
            return None, p.stderr.read().decode()
        try:
            c = http.client.HTTPConnection("127.0.0.1", PORT)
            c.request("GET", "/")
            c.getresponse().read()
            return p, ""
        except OSError:
            pass
    raise SystemExit("apache2 does not answer")


known = list(names)
while True:
    server, error = start(known)
    if server:
        break
    bad = [n for n in known if n.lower() in error.lower()]
    if not bad:
        raise SystemExit(error)
    sys.stderr.write(error)
    known = [n for n in known if n not in bad]

c = http.client.HTTPConnection("127.0.0.1", PORT)
for q in questions:
    name, text = (q.split(" ") + [""])[:2]
    answer = "?"
    if name in known:
        c.request("GET", f"/{name}?x=" + "".join("%" + text[i:i + 2] for i in range(0, len(text), 2)))
        r = c.getresponse()
        r.read()
        answer = r.getheader("Answer", "?")
        if answer == "=(null)" or answer == "?":
            answer = "="
    print(name, text or "-", answer)
server.terminate()
server.wait()

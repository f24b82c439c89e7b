//go:build unix

package report

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A browser is a headless Chromium, spoken to over a pipe in its DevTools
// protocol: JSON messages that end in a zero byte.
type browser struct {
	t       *testing.T
	in      io.Writer
	replies chan reply
	id      int
	session string
	said    []string
}

type reply struct {
	ID        int             `json:"id"`
	Method    string          `json:"method"`
	Params    json.RawMessage `json:"params"`
	Result    json.RawMessage `json:"result"`
	Error     *struct{ Message string }
	SessionID string `json:"sessionId"`
}

// patience is how long a browser may take for one answer on a busy machine.
const patience = 60 * time.Second

// openBrowser starts one; the test is skipped where there is none.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("no chromium on this machine: the page is not opened")
	}
	args := []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir=" + t.TempDir(), "about:blank",
	}
	cmd := exec.Command(path, args...)
	fromUs, toIt, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	toUs, fromIt, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{fromUs, fromIt} // 3 and 4
	if err := cmd.Start(); err != nil {
		t.Skipf("chromium does not start: %v", err)
	}
	fromUs.Close()
	fromIt.Close()
	b := &browser{t: t, in: toIt, replies: make(chan reply, 1000)}
	go func() {
		defer close(b.replies)
		in := bufio.NewReader(toUs)
		for {
			line, err := in.ReadBytes(0)
			if err != nil {
				return
			}
			var r reply
			if json.Unmarshal(bytes.TrimSuffix(line, []byte{0}), &r) == nil {
				b.replies <- r
			}
		}
	}()
	t.Cleanup(func() {
		toIt.Close() // it ends with its pipe
		killed := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		for range b.replies {
		}
		cmd.Wait()
		killed.Stop()
	})
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// call sends a command and waits for its answer; events on the way are kept.
func (b *browser) call(method string, params map[string]any, result any) {
	b.t.Helper()
	b.id++
	msg := map[string]any{"id": b.id, "method": method}
	if params != nil {
		msg["params"] = params
	}
	if b.session != "" {
		msg["sessionId"] = b.session
	}
	line, err := json.Marshal(msg)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.in.Write(append(line, 0)); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	late := time.After(patience)
	for {
		select {
		case r, ok := <-b.replies:
			switch {
			case !ok:
				b.t.Fatalf("%s: the browser ended", method)
			case r.ID != b.id:
				b.event(r)
				continue
			case r.Error != nil:
				b.t.Fatalf("%s: %s", method, r.Error.Message)
			}
			if result != nil {
				if err := json.Unmarshal(r.Result, result); err != nil {
					b.t.Fatalf("%s: %v: %s", method, err, r.Result)
				}
			}
			return
		case <-late:
			b.t.Fatalf("%s: no answer", method)
		}
	}
}

// event keeps what nobody may see happen: errors, dialogs, requests beside that
// of the file.
func (b *browser) event(r reply) {
	switch r.Method {
	case "Runtime.exceptionThrown", "Page.javascriptDialogOpening":
		b.said = append(b.said, fmt.Sprintf("%s: %s", r.Method, r.Params))
	case "Runtime.consoleAPICalled", "Log.entryAdded":
		b.said = append(b.said, fmt.Sprintf("%s: %s", r.Method, r.Params))
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL string } }
		if json.Unmarshal(r.Params, &p) == nil && filepath.Base(p.Request.URL) != "report.html" {
			b.said = append(b.said, "a request to "+p.Request.URL)
		}
	}
}

func (b *browser) complaints() []string {
	b.eval("1", nil) // what comes before the answer was said
	return b.said
}

// navigate opens a page and waits until its scripts have run.
func (b *browser) navigate(url string) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	var ready string
	for range 600 {
		if b.eval("document.readyState", &ready); ready == "complete" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Fatal("the page does not load")
}

// eval runs an expression in the page.
func (b *browser) eval(expression string, result any) {
	b.t.Helper()
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &r)
	if len(r.ExceptionDetails) > 0 {
		b.t.Fatalf("%s: %s", expression, r.ExceptionDetails)
	}
	if result != nil {
		if err := json.Unmarshal(r.Result.Value, result); err != nil {
			b.t.Fatalf("%s: %v: %s", expression, err, r.Result.Value)
		}
	}
}

// shoot sets the window's size and colours, and takes a picture where a folder
// for pictures is named.
func (b *browser) shoot(name string, width, height int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
	dir := os.Getenv("NEARMISS_SCREENSHOTS")
	if dir == "" {
		return
	}
	var shot struct{ Data string }
	b.call("Page.captureScreenshot", nil, &shot)
	png, err := base64.StdEncoding.DecodeString(shot.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "report-"+name+".png"), png, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// TestHTMLInBrowser opens the page from a file: its script runs without a
// complaint, sorts and filters, draws the curves, and nothing of what patterns
// hold runs. With NEARMISS_SCREENSHOTS pictures are written to that folder.
func TestHTMLInBrowser(t *testing.T) {
	b := openBrowser(t)
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, page(t), 0o600); err != nil {
		t.Fatal(err)
	}
	b.navigate("file://" + file)
	const firsts = `[...document.querySelectorAll("tr.row .pat")].map(e => e.textContent)`
	var before, after []string
	b.eval(firsts, &before)
	if len(before) != 10 {
		t.Fatalf("%d rows: %q", len(before), before)
	}
	b.eval(`document.querySelector('th[data-key=pattern] button').click(); `+firsts, &after)
	if len(after) != 10 || !strings.HasPrefix(after[0], "(") || after[len(after)-1] != `x.*y.*z` {
		t.Errorf("sorted by pattern: %q", after)
	}
	var sort string
	b.eval(`document.querySelector('th[data-key=pattern] button').click(); document.querySelector("th[data-key=pattern]").ariaSort`, &sort)
	b.eval(firsts, &after)
	if sort != "descending" || after[0] != `x.*y.*z` {
		t.Errorf("sorted once more: %s, %q", sort, after)
	}
	b.eval(`const c = document.getElementById("cause"); c.value = "rescan"; c.dispatchEvent(new Event("change")); `+firsts, &after)
	if len(after) != 1 || after[0] != `\s+$` {
		t.Errorf("filtered by cause: %q", after)
	}
	b.eval(`c.value = ""; c.dispatchEvent(new Event("change")); const q = document.getElementById("q"); q.value = "Y.*"; q.dispatchEvent(new Event("input")); new Promise(r => setTimeout(() => r(`+firsts+`), 300))`, &after)
	if len(after) != 1 || after[0] != `x.*y.*z` {
		t.Errorf("filtered by text: %q", after)
	}
	b.eval(`q.value = ""; q.dispatchEvent(new Event("input")); document.querySelector("th[data-key=growth] button").click(); new Promise(r => setTimeout(() => r([]), 300))`, &after)
	var drawn struct {
		Curves, Legend, Points, Marks int
		Shell                         string
	}
	b.eval(`document.querySelectorAll("tr.row").forEach(r => r.click());
		const last = [...document.querySelectorAll("tr.row")].find(r => r.querySelector(".pat").textContent === "^(a+)+$").nextSibling;
		[...document.querySelectorAll("tr.row.open")].slice(1).forEach(r => { if (r.nextSibling !== last) r.click(); });
		({Curves: last.querySelectorAll("svg.growth path.curve").length, Legend: last.querySelectorAll(".legend li").length,
		  Points: last.querySelectorAll("svg.growth circle").length, Marks: last.querySelectorAll("mark.hot").length,
		  Shell: (() => { const n = last.querySelector("input"); n.value = 5; n.dispatchEvent(new Event("input")); return [...last.querySelectorAll(".box")][1].textContent; })()})`, &drawn)
	if drawn.Curves != 3 || drawn.Legend != 4 || drawn.Points < 12 || drawn.Marks == 0 {
		t.Errorf("drawn: %+v", drawn)
	}
	if want := `printf 'a%.0s' $(seq 5); `; !strings.Contains(drawn.Shell, want) {
		t.Errorf("shell line %q, want %q in it", drawn.Shell, want)
	}
	var foreign int
	b.eval(`document.querySelectorAll("img, iframe, link, object, [src], [onerror]").length + document.scripts.length - 2`, &foreign)
	if foreign != 0 {
		t.Errorf("%d elements that the page was not made with", foreign)
	}
	var fits bool
	b.shoot("desktop", 1280, 1400, "light")
	b.shoot("dark", 1280, 1400, "dark")
	b.shoot("phone", 390, 1800, "light")
	b.eval(`document.documentElement.scrollWidth <= window.innerWidth`, &fits)
	if !fits {
		t.Error("the page is wider than a phone")
	}
	for _, c := range b.complaints() {
		t.Errorf("the browser complains: %s", c)
	}
}

package cli

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// drive is what Neovim does: it opens a file, turns the pattern of a rule into
// (a+)+$, waits for the diagnostic, applies the fix, and waits for it to go.
const drive = `
local file, line, out = vim.env.NM_FILE, tonumber(vim.env.NM_LINE), vim.env.NM_OUT
local said = {}
local function finish()
  local h = io.open(out, "w"); h:write(vim.fn.json_encode(said)); h:close()
  vim.cmd("qa!")
end
vim.cmd("edit " .. file)
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({ cmd = { vim.env.NM_BIN, "lsp" }, root_dir = vim.fn.getcwd(), name = "nearmiss" })
vim.lsp.buf_attach_client(buffer, id)
local client = vim.lsp.get_client_by_id(id)
local function on_line()
  return vim.diagnostic.get(buffer, { lnum = line - 1, severity = { min = vim.diagnostic.severity.WARN } })
end
vim.wait(30000, function() return client.initialized end, 10)
local text = vim.api.nvim_buf_get_lines(buffer, line - 1, line, true)[1]
local start = text:find("@rx ", 1, true) + 4
local stop = text:find('" "', start, true) or text:find('" \\', start, true)
vim.api.nvim_buf_set_text(buffer, line - 1, start - 1, line - 1, stop - 1, { "(a+)+$" })
if not vim.wait(30000, function() return #on_line() > 0 end, 10) then said.problem = "no diagnostic"; finish() end
local d = on_line()[1]
said.range = { d.lnum, d.col, d.end_lnum, d.end_col }
said.start, said.message, said.code = start, d.message, d.user_data and d.user_data.lsp and d.user_data.lsp.code
local params = {
  textDocument = { uri = vim.uri_from_bufnr(buffer) },
  range = { start = { line = line - 1, character = d.col }, ["end"] = { line = line - 1, character = d.end_col } },
  context = { diagnostics = {} },
}
local answers = vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", params, 30000)
said.titles = {}
for _, answer in pairs(answers or {}) do
  for _, action in ipairs(answer.result or {}) do
    table.insert(said.titles, action.title)
    if action.isPreferred and not said.applied then
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
      said.applied = vim.api.nvim_buf_get_lines(buffer, line - 1, line, true)[1]:sub(start, start + 20)
    end
  end
end
said.gone = vim.wait(30000, function()
  for _, left in ipairs(on_line()) do
    if left.message:find("exponential", 1, true) then return false end
  end
  return true
end, 10)
client.stop()
vim.wait(5000, function() return client.is_stopped() end, 10)
said.stopped = client.is_stopped()
finish()
`

// TestNeovim drives the server with a real editor.
func TestNeovim(t *testing.T) {
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("no nvim here")
	}
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "nearmiss") // under this name the test binary is the command
	if err := os.Symlink(self, bin); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	text := "# a rule set\nSecRule ARGS \"@rx ^[a-z]+$\" \"id:1,phase:2,deny,t:none\"\n"
	if data := os.Getenv("NEARMISS_DATA"); data != "" {
		if b, err := os.ReadFile(filepath.Join(data, "rules", "crs-v4.0.0", "rules", "REQUEST-942-APPLICATION-ATTACK-SQLI.conf")); err == nil {
			text = string(b)
		}
	}
	line := 0 // of a rule that keeps no captures: those of (a+)+ are not the same without its outer loop
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		rule, _, _ := strings.Cut(strings.Join(lines[i:], "\n"), "\n\n")
		if strings.HasPrefix(l, "SecRule") && strings.Contains(l, `"@rx `) && !strings.Contains(rule, "capture") {
			line = i + 1
			break
		}
	}
	file, out, script := filepath.Join(dir, "rules.conf"), filepath.Join(dir, "out.json"), filepath.Join(dir, "drive.lua")
	for name, content := range map[string]string{file: text, script: drive} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", "luafile "+script)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	number, err := json.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "NM_FILE="+file, "NM_LINE="+string(number), "NM_OUT="+out, "NM_BIN="+bin, "XDG_STATE_HOME="+dir, "XDG_CACHE_HOME="+dir, "HOME="+dir)
	done := make(chan struct{})
	var printed []byte
	go func() { printed, err = cmd.CombinedOutput(); close(done) }()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		_ = cmd.Process.Kill()
		<-done
	}
	b, rerr := os.ReadFile(out)
	if rerr != nil {
		t.Fatalf("the editor said nothing: %v\n%s", err, printed)
	}
	var said struct {
		Range            []int
		Start            int
		Message, Problem string
		Code             string
		Titles           []string
		Applied          string
		Gone, Stopped    bool
	}
	if err := json.Unmarshal(b, &said); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	column := said.Start - 1
	if want := []int{line - 1, column, line - 1, column + 5}; len(said.Range) != 4 || said.Range[0] != want[0] || said.Range[1] != want[1] || said.Range[2] != want[2] || said.Range[3] != want[3] {
		t.Errorf("the diagnostic stands at %v, want %v, on (a+)+", said.Range, want)
	}
	if said.Code != "nested" || !strings.HasPrefix(said.Applied, "a+$") && !strings.HasPrefix(said.Applied, "a$") || !said.Gone || !said.Stopped {
		t.Errorf("%s\n%s", b, printed)
	}
}

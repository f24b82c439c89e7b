package main

import (
	"context"
	"os/exec"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A real engine answers what is known of it: rows that grow and rows that do
// not, and patterns that it refuses.
func TestNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node on this machine")
	}
	j := judge{replay: true, now: still}
	tab := newTable("f", "ecmascript")
	for _, c := range []struct{ pattern, theirs string }{{`\s+$`, "linear"}, {`^a*b`, "2nd degree polynomial"}} {
		o, err := readOpinion([]byte(`{"complexity":"` + c.theirs + `","attack":"'' 'a'³¹ 'c'"}`))
		if err != nil {
			t.Fatal(err)
		}
		tab.add(j.judge(row{id: c.pattern, pattern: c.pattern, peers: map[string]opinion{"p": o}}, corpus.ECMAScript))
	}
	if err := tab.settle(context.Background(), node); err != nil {
		t.Fatal(err)
	}
	tab.finish()
	live := counts{}
	for _, k := range tab.Peers["p"].Kinds {
		for growth, n := range k.Live {
			live[k.Ours+" is "+growth] += n
		}
	}
	if live["polynomial 2 is superlinear"] != 1 || live["linear is linear"] != 1 {
		t.Errorf("answers: %v", live)
	}
}

// Command coraza asks Coraza what its transformations do. It reads lines
//
//	TRANSFORMATION HEX
//
// and writes the same with the answer behind, in hexadecimal, for
// corpus/transform's facts. It is a module of its own, so that the product
// does not depend on Coraza: run it by hand with
//
//	go run . < questions
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"github.com/corazawaf/coraza/v3"
	"github.com/corazawaf/coraza/v3/experimental/plugins"
	"github.com/corazawaf/coraza/v3/experimental/plugins/plugintypes"
)

// seen is what the operator was given last.
var seen *string

type see struct{}

func (see) Evaluate(_ plugintypes.TransactionState, value string) bool {
	value = strings.Clone(value)
	seen = &value
	return false
}

func main() {
	plugins.RegisterOperator("see", func(plugintypes.OperatorOptions) (plugintypes.Operator, error) { return see{}, nil })
	wafs := map[string]coraza.WAF{}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		name, text, _ := strings.Cut(in.Text(), " ")
		value, err := hex.DecodeString(text)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		waf, ok := wafs[name]
		if !ok {
			waf, err = coraza.NewWAF(coraza.NewWAFConfig().WithDirectives(
				`SecRule REQUEST_HEADERS:x "@see" "id:1,phase:1,pass,t:none,t:` + name + `"`))
			if err != nil {
				fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
				waf = nil
			}
			wafs[name] = waf
		}
		seen = nil
		if waf != nil {
			tx := waf.NewTransaction()
			tx.AddRequestHeader("x", string(value))
			tx.ProcessRequestHeaders()
			tx.ProcessLogging()
			if err := tx.Close(); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
		if text == "" {
			text = "-"
		}
		answer := "?"
		if seen != nil {
			answer = "=" + hex.EncodeToString([]byte(*seen))
		}
		fmt.Println(name, text, answer)
	}
}

package verdict

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus/transform"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// A ReachState says whether what a host makes of its input can be an attack.
type ReachState string

// The states of a Reach.
const (
	Reachable    ReachState = "reachable"   // shown: Sent becomes an attack
	Unreachable  ReachState = "unreachable" // proved: whatever is sent, what arrives takes linear time
	ReachUnknown ReachState = "unknown"     // neither: Reason says why
)

// A Reach says whether a super-linear pattern can be reached through its
// rule's transformations.
type Reach struct {
	State ReachState
	// Host is the one the transformations were applied as on.
	Host transform.Host
	// Through are the transformations between what is sent and the pattern.
	Through []string
	// Sent is the attack as it is sent, and Arrives what the transformations
	// make of it: for reachable alone.
	Sent, Arrives attack.Witness
	// Growth, Samples and Sizes are those of the attack, with the number of
	// bytes that are sent.
	Growth  engines.Growth
	Samples []engines.Sample
	Sizes   []Size
	// By are the transformations that decide: those that limit what arrives,
	// for unreachable, those that no attack tried came through, for unknown.
	By []string
	// Reason is the argument, in words.
	Reason string
}

// An Attack is what somebody sends to make a pattern take long, and what that
// costs.
type Attack struct {
	Witness attack.Witness
	Growth  engines.Growth
	Samples []engines.Sample
	Sizes   []Size
	// BytesToLimit are lengths that pass the host's match limits, for an attack
	// on one engine: as Target.BytesToLimit.
	BytesToLimit map[uint64]int
}

// Attack is the fittest attack as it is sent: before the rule's
// transformations, where it is known what to send. ok is false unless the
// verdict is superlinear.
func (v Verdict) Attack() (a Attack, ok bool) {
	if v.Kind != Superlinear {
		return Attack{}, false
	}
	if r := v.Reach; r != nil && r.State == Reachable {
		return Attack{Witness: r.Sent, Growth: r.Growth, Samples: r.Samples, Sizes: r.Sizes}, true
	}
	a = Attack{Growth: v.Growth, Samples: v.Samples, Sizes: v.Sizes}
	if len(v.Witnesses) > 0 {
		a.Witness = v.Witnesses[0]
	}
	return a, true
}

// reached says whether a super-linear pattern is reached through its rule's
// transformations. A pattern without any has no Reach.
func (v Verdict) reached(r analyzer.Result, re *syntax.Regexp, prog *backtrack.Program, o Options) Verdict {
	names := v.Pattern.Context.Transformations
	if v.Pattern.Context.MultiMatch && len(names) > 0 {
		names = nil
		if !o.Field && v.Kind == Superlinear {
			return v.asItIs()
		}
	}
	if v.Kind != Superlinear || len(names) == 0 && !o.Field {
		return v
	}
	hosts := o.Hosts
	if len(hosts) == 0 {
		hosts = transform.Hosts
	}
	p := &push{verdict: v, static: r, re: re, replay: newReplay(re, prog, o), field: o.Field}
	p.replay.forecast = r.Forecaster()
	for _, h := range hosts {
		if one := p.on(h, names); v.Reach == nil || one.easier(v.Reach) {
			v.Reach = one
			if one.State == Reachable {
				v.Targets = p.onTargets(one, o)
			}
		}
	}
	v.Stats.ReplaySteps += p.replay.spent + p.replay.followed
	return v
}

// asItIs is the reach of a rule with multiMatch, which runs its pattern before
// the first transformation, too.
func (v Verdict) asItIs() Verdict {
	a, _ := v.Attack()
	v.Reach = &Reach{
		State: Reachable, Sent: a.Witness, Arrives: a.Witness, Growth: a.Growth, Samples: a.Samples, Sizes: a.Sizes,
		Reason: "multiMatch runs the pattern before the transformations, too",
	}
	v.Targets = slices.Clone(v.Targets)
	for i := range v.Targets {
		if t := &v.Targets[i]; t.Model == TargetSuperlinear {
			t.Sent = &Attack{Witness: t.Witness, Growth: t.Growth, Sizes: t.Sizes, BytesToLimit: t.BytesToLimit}
		}
	}
	return v
}

// easier reports whether a pattern is reached more easily than otherwise said:
// on one of two hosts is enough.
func (r *Reach) easier(than *Reach) bool {
	rank := map[ReachState]int{Unreachable: 0, ReachUnknown: 1, Reachable: 2}
	if r.State != than.State {
		return rank[r.State] > rank[than.State]
	}
	return r.State == Reachable && r.Growth.Worse(than.Growth)
}

// Limits of the search for something to send.
const (
	// maxCandidates bounds the attacks that are replayed for one host.
	maxCandidates = 24
	// boundedBytes is how long what arrives may be at the most for its length
	// to be an argument: a digest in hexadecimal. Polynomial growth costs less
	// there than one ordinary request.
	boundedBytes = 64
)

// A push looks for what is to be sent so that an attack arrives.
type push struct {
	verdict Verdict
	static  analyzer.Result
	re      *syntax.Regexp
	replay  *replay
	field   bool

	chain transform.Chain
	best  *Reach
	tried []attack.Witness // that arrived
	stuck int              // the first transformation that an attack did not come through
}

// on is the reach on one host.
func (p *push) on(h transform.Host, names []string) *Reach {
	var err error
	if p.chain, err = transform.New(h, names); err != nil {
		out := &Reach{State: ReachUnknown, Host: h, Through: names, Reason: err.Error()}
		var unknown *transform.UnknownError
		if errors.As(err, &unknown) {
			out.By = []string{unknown.Name}
		}
		return out
	}
	if p.field {
		p.chain = p.chain.InField()
	}
	p.best, p.tried, p.stuck = nil, nil, -1
	for _, w := range p.verdict.Witnesses {
		p.wanted(w)
	}
	for _, w := range p.verdict.Witnesses {
		p.sent(familyOf(w))
	}
	if p.done() {
		return p.named(h, names)
	}
	image := p.chain.Image()
	if !image.Full() {
		under := p.static.Under(languageOf(image, p.re.Unit))
		argument := p.argument(under, image)
		switch {
		case p.best != nil || argument == "":
		case p.verdict.Pattern.Context.ActionsUpdated:
			return &Reach{State: ReachUnknown, Host: h, Through: names, By: p.limiting(),
				Reason: "a directive elsewhere changes the rule's actions, and so perhaps its transformations; without it " + argument}
		default:
			return &Reach{State: Unreachable, Host: h, Through: names, By: p.limiting(), Reason: argument}
		}
		for _, c := range under.Claims {
			for _, w := range c.Witnesses {
				p.wanted(w)
			}
		}
	}
	if p.best != nil {
		return p.named(h, names)
	}
	return p.lost(h, names, image)
}

// named fills in where the best attack was found.
func (p *push) named(h transform.Host, names []string) *Reach {
	p.best.State, p.best.Host, p.best.Through = Reachable, h, names
	return p.best
}

// done reports whether an attack arrives that is as bad as any.
func (p *push) done() bool { return p.best != nil && !p.verdict.Growth.Worse(p.best.Growth) }

// wanted looks for what to send so that an attack arrives.
func (p *push) wanted(w attack.Witness) {
	if p.done() {
		return
	}
	f, stuck := p.chain.Source(familyOf(w))
	if stuck >= 0 {
		if p.stuck < 0 {
			p.stuck = stuck
		}
		return
	}
	p.sent(f)
}

// sent replays what the chain makes of a family. Only what arrives counts.
func (p *push) sent(f transform.Family) {
	if p.done() || len(p.tried) >= maxCandidates {
		return
	}
	if p.field {
		f = f.InField()
	}
	arriving, ok := p.chain.Through(f)
	if !ok {
		return
	}
	arrives, sent := witnessOf(arriving), witnessOf(f)
	if slices.ContainsFunc(p.tried, arrives.Equal) {
		return
	}
	p.tried = append(p.tried, arrives)
	got := p.measure(arrives)
	if got == nil || p.best != nil && !got.Growth.Worse(p.best.Growth) {
		return
	}
	if !p.arrives(f, arriving, got.Samples) {
		return
	}
	p.best = &Reach{Sent: sent, Arrives: arrives, Growth: got.Growth, Sizes: p.resized(got.Sizes, arrives, sent)}
	for _, s := range got.Samples {
		s.Bytes = sent.Len(s.N)
		p.best.Samples = append(p.best.Samples, s)
	}
}

// measure is the growth of an attack that arrives, nil when it has none. What
// was measured for the verdict is not measured again.
func (p *push) measure(w attack.Witness) *Attack {
	if w.Equal(p.verdict.Witnesses[0]) {
		a, _ := p.verdict.Attack()
		return &a
	}
	growth, samples := p.replay.lasting(candidate{
		claim: analyzer.Claim{Growth: p.verdict.Growth}, witness: w, forecast: p.replay.forecast.Forecast(w),
	})
	if growth.Class == engines.Linear {
		return nil
	}
	f := &finding{witness: w, growth: growth, samples: samples}
	return &Attack{Witness: w, Growth: growth, Samples: p.replay.table(f), Sizes: p.replay.sizes(f)}
}

// arrives holds that the chain does with the family what it was seen to do
// with its smallest texts, at every size that was measured.
func (p *push) arrives(sent, arriving transform.Family, samples []engines.Sample) bool {
	for _, s := range samples {
		if s.N > 1 && string(p.chain.Apply(sent.Text(s.N))) != string(arriving.Text(s.N)) {
			return false
		}
	}
	return true
}

// resized are sizes in bytes that arrive as ones in bytes that are sent.
func (p *push) resized(sizes []Size, arrives, sent attack.Witness) []Size {
	var out []Size
	for _, s := range sizes {
		was := s.Bytes
		if s.Bytes = p.resizedOne(s.Bytes, arrives, sent); s.Bytes < 0 && was >= 0 {
			s.Verified = false
		}
		out = append(out, s)
	}
	return out
}

// resizedOne is a length of what arrives as one of what is sent, -1 beyond the
// input limit.
func (p *push) resizedOne(bytes int, arrives, sent attack.Witness) int {
	per := arrives.PumpLen()
	if bytes < 0 || per == 0 {
		return bytes
	}
	if bytes = sent.Len((bytes - arrives.Len(0) + per - 1) / per); bytes > p.replay.input {
		return -1
	}
	return bytes
}

// argument says why nothing that arrives takes more than linear time, "" when
// that is not known.
func (p *push) argument(under analyzer.Result, image *transform.Image) string {
	what := "what arrives has " + image.Describe()
	switch {
	case under.Proof != "" && under.Costly == nil:
		return what + ": on such input the pattern is linear (" + string(under.Proof) + ")"
	case image.MaxLen >= 0 && image.MaxLen <= boundedBytes && p.verdict.Growth.Class == engines.Polynomial:
		return what
	}
	return ""
}

// limiting are the transformations that a proof needs, each: all that limit
// what arrives, where no single one is needed.
func (p *push) limiting() []string {
	whole := p.chain.Image()
	var limit, need []string
	for i, name := range p.chain.Names() {
		image := p.chain.Without(i).Image()
		if *image == *whole {
			continue
		}
		limit = append(limit, name)
		if image.Full() || p.argument(p.static.Under(languageOf(image, p.re.Unit)), image) == "" {
			need = append(need, name)
		}
	}
	if len(need) == 0 {
		return limit
	}
	return need
}

// lost says why nothing was found to send.
func (p *push) lost(h transform.Host, names []string, image *transform.Image) *Reach {
	out := &Reach{State: ReachUnknown, Host: h, Through: names, By: p.chain.Names()}
	if p.stuck >= 0 {
		out.By = out.By[p.stuck : p.stuck+1]
	}
	why := "no attack tried comes through " + Through(out.By)
	if image.Full() {
		out.Reason = why + ", and anything may arrive"
	} else {
		out.Reason = fmt.Sprintf("%s; what arrives has %s, and may be super-linear there", why, image.Describe())
	}
	return out
}

// Through names transformations as a rule does: "t:lowercase,t:trim", and "an
// HTTP field" where it is one that limits what arrives.
func Through(names []string) string {
	var out []string
	for _, n := range names {
		if n == transform.Field {
			out = append(out, "an "+n)
		} else {
			out = append(out, "t:"+n)
		}
	}
	return strings.Join(out, ",")
}

func familyOf(w attack.Witness) (f transform.Family) {
	for _, p := range w.Pumps {
		f.Fixed, f.Repeated = append(f.Fixed, p.Prefix), append(f.Repeated, p.Pump)
	}
	f.Fixed = append(f.Fixed, w.Suffix)
	return f
}

func witnessOf(f transform.Family) (w attack.Witness) {
	for i, q := range f.Repeated {
		w.Pumps = append(w.Pumps, attack.Pump{Prefix: f.Fixed[i], Pump: q})
	}
	w.Suffix = f.Fixed[len(f.Repeated)]
	return w
}

package verdict

// Limits of the replay. They are counts of steps of the reference matcher, so
// that a pattern gets the same verdict on every machine.
const (
	// replaySteps bounds one run of an attack: enough for constant k-th
	// differences over 8 pump counts, about half a millisecond.
	replaySteps = 100_000
	// exponentialSteps bounds one run where exponential growth is claimed, or an
	// exponent above steepExponent: 8 pump counts of a quintic take 300,000.
	exponentialSteps = 1_000_000
	steepExponent    = 3
	// attackShare is the part of the remaining steps, one in so many, that one
	// attack may cost.
	attackShare = 2
	// exponentialShown is the cost from which on exponential growth is looked
	// for after every sample: smaller costs hold too much of the fixed parts.
	exponentialShown = 5_000
	// patternSteps bounds all runs for one pattern.
	patternSteps = 3_000_000
	// lastingSteps bounds what is spent on following one growth past the bounded
	// repeats of a pattern, allLastingSteps on all of them.
	lastingSteps    = 2_000_000
	allLastingSteps = 12_000_000
	// foretoldSteps bounds one run of an attack whose growth only the automaton
	// tells, foretoldTries how many are looked at, and both together all runs.
	foretoldSteps = 2_000_000
	foretoldTries = 3
	// longAttack is the length in bytes from which on an attack is tried last.
	longAttack = 256
	// furtherSteps bounds what is spent, once an attack is confirmed, on the
	// search for a worse or a shorter one.
	furtherSteps = 300_000
	// settledSteps is the largest size that is always confirmed by a run.
	settledSteps = 10_000
	// verifySteps is the size that Options.Verify replays to.
	verifySteps = 10_000_000
	// tableSteps bounds one run that only adds a row to a table of samples.
	tableSteps = 5_000_000
	// tableTries bounds the sizes that are tried for it, larger and smaller ones.
	tableTries = 24
	// maxWitnesses bounds the attacks that are tried for one pattern.
	maxWitnesses = 40
	// searchSteps bounds the guided search for patterns without a verdict.
	searchSteps = 2_000_000
	// shrinkSteps bounds what is spent on making the best attack shorter where
	// sizes are verified too, brieflyShrink elsewhere.
	shrinkSteps   = 150_000
	brieflyShrink = 20_000
	// kept is the number of confirmed attacks in a verdict.
	kept = 3
	// counterPerByte is the constant above which linear growth counts as
	// super-linear (DESIGN section 2): 10,000 steps for each byte of input are
	// 1.3·10⁹ at 128 KiB, several seconds.
	counterPerByte = 10_000
	// counterLeast is the cost that an attack must have at all for that: what
	// counterPerByte allows 64 bytes, since no host sees many shorter ones. A
	// pattern may cost 200,000 steps before it looks at its second byte, and less
	// on any longer input.
	counterLeast = 64 * counterPerByte
	// counterDoubt is the cost of a short input from which on a pattern is not
	// called linear all the same.
	counterDoubt = 100_000
	// counterSteps bounds a run that looks for such a constant.
	counterSteps = 20_000_000
	// repetitions is how many times a costly input is repeated to see that each
	// costs as much.
	repetitions = 6
	// counterInput is the longest attack that looks for it: a bound is reached
	// after as many characters as the pattern has states.
	counterInput = 16 << 10
	// defaultInput is the largest subject in bytes that counts.
	defaultInput = 128 << 10
	// stepsPerInstruction is how many steps of the reference matcher one
	// ε-instruction of the automaton may stand for: an iteration of a loop
	// with captures executes a test, two marks, a count and a jump.
	stepsPerInstruction = 4
)

// sizeSteps are the budgets for which the smallest attack is reported.
var sizeSteps = []uint64{1_000, 100_000, 10_000_000, 100_000_000}

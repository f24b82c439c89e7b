package fuzz

// Limits of the search. All are counts, so that a pattern gets the same answer
// on every machine.
const (
	// DefaultSteps is the budget of a search that names none: 15 to 40 ms of
	// matching, twice what finds nearly all blow-ups that are known here.
	DefaultSteps = 2_000_000
	// defaultInput is the largest subject in bytes that counts, 128 KiB
	// (DESIGN section 2).
	defaultInput = 128 << 10

	// sampleSteps bounds one run of Measure: enough for constant k-th
	// differences over 8 pump counts.
	sampleSteps = 100_000
	// costlyPerByte is the constant above which linear growth counts as
	// super-linear: 10,000 steps a byte are 1.3·10⁹ for 128 KiB.
	costlyPerByte = 10_000

	// probeSteps bounds one run of a probe: three runs of a cubic family, and
	// few enough that a hundred expensive families fit in the default budget.
	probeSteps = 6_000
	// maxPump and maxFixed bound the pumps and the rest of a family, in bytes:
	// longer ones cost too much to probe, and shrink to shorter ones.
	// maxLeft bounds the one that is all that leads to a loop.
	maxPump  = 48
	maxLeft  = 160
	maxFixed = 256
	// maxPumps bounds the pumps of a family: exponents above 4 with one pump
	// each are not met.
	maxPumps = 4

	// maxWords is the number of words kept for one node of the tree, maxWord
	// their largest length in bytes.
	maxWords = 10
	maxWord  = 200
	// maxReps bounds the characters that stand for the alphabet.
	maxReps = 40
	// maxDepth bounds the recursion over the tree, subroutine calls included;
	// maxCalls the calls inside each other.
	maxDepth = 600
	maxCalls = 3
	// maxFamilies bounds the families enumerated for one loop, maxLoops the
	// loops.
	maxFamilies = 3_000
	maxLoops    = 200

	// kept is the number of witnesses in a result.
	kept = 3
)

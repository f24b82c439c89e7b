// Package campaign runs a corpus: one pattern in, one row out, in the order of
// the corpus, whatever the number of workers, and whatever stopped the run on
// the way.
//
// The unit is Unit.Row: a pattern and options in, a row out, and nothing else
// decides what is in it. Around it stand, one file each:
//
//   - shard.go: which part of a corpus a run takes;
//   - log.go: the file of results, which is also the checkpoint;
//   - run.go: workers, order, stopping;
//   - merge.go: several files of results as one.
package campaign

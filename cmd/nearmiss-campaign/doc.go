// Command nearmiss-campaign searches a corpus for attacks on several machines:
// nearmiss fuzz, with the patterns on a JetStream work queue.
//
// It is a module of its own, so that the library and the plain program do not
// carry a message server. One file each:
//
//   - main.go: the commands, and their exit codes;
//   - flags.go: the flags of each;
//   - server.go: the embedded server, its store and who may speak to it;
//   - connect.go: the connection, to it or to a cluster;
//   - record.go: what a campaign is, as all its workers read it;
//   - queue.go: the streams of tasks and of results;
//   - start.go: from the corpus to the queue, and back in its order;
//   - work.go: from the queue to the results;
//   - status.go, results.go, control.go: the rest.
package main

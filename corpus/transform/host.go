package transform

// A Host is a program that runs rules.
type Host string

// The hosts.
const (
	ModSecurity2 Host = "modsecurity2"
	ModSecurity3 Host = "modsecurity3"
	Coraza       Host = "coraza"
)

// Hosts are all of them.
var Hosts = []Host{ModSecurity2, ModSecurity3, Coraza}

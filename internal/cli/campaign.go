package cli

import (
	"errors"
	"fmt"
	"os/exec"

	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// campaignProgram runs campaigns: a program of its own, since it carries a
// message server that nothing else needs.
const campaignProgram = "nearmiss-campaign"

// campaign hands its arguments over.
func (c Command) campaign(args []string) (int, error) {
	path, err := exec.LookPath(campaignProgram)
	if err != nil {
		return 0, usagef("campaign: %s was not found on the PATH: in a checkout of nearmiss, 'cd cmd/%s && go install .' builds it", campaignProgram, campaignProgram)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = c.Stdin, c.Stdout, c.Stderr, c.Env
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() >= 0 {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return ExitFault, fmt.Errorf("%s: %w", path, err)
	}
	return ExitClean, nil
}

// Unit is the unit of a run of fuzz that was begun elsewhere, given its head
// and policy. A program of other versions, or without one of the engines, is
// an error: its rows might differ.
func (c Command) Unit(head report.Run, pol policy.Policy) (u campaign.Unit, err error) {
	names := head.Compared
	if len(names) == 0 {
		names = []string{"none"}
	}
	compared, of, err := c.speakers(names)
	if err != nil {
		return u, err
	}
	now := head
	now.Versions, now.Policy = of, pol.Digest()
	if d := head.Differs(now); d != "" {
		return u, fmt.Errorf("begun with %s", d)
	}
	return c.whole().fuzzUnit(head, pol, compared), nil
}

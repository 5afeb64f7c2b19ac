/** A kind of work and what its document begins with. Own ones have the same form: `.claude/templates/NAME.md`. */
export interface Template {
  readonly name: string;
  readonly summary: string;
  /** Markdown: sections of ours fill the document's, headings with check boxes below are phases of the next steps. */
  readonly text: string;
}

const FEATURE = `# Template: Feature

## Context Summary
[What it shall do, for whom, and by when]

## What We Know
- [Requirements: what must be true when it is done]
- [Constraints: what must not change]

## Setup Phase
- [ ] Make a git branch for it
- [ ] Bring dependencies up to date
- [ ] Read the requirements, and write down what is unclear
- [ ] Sketch the design and what it touches

## Implementation Phase
- [ ] Write the core of it
- [ ] Test it, edge cases first
- [ ] Document what a user sees
- [ ] Try it locally from end to end

## Review Phase
- [ ] Read the whole change once more
- [ ] Fix what that finds
- [ ] Open the pull request
- [ ] Answer its comments

## Completion Phase
- [ ] Merge
- [ ] Deploy to staging
- [ ] See it work there
- [ ] Update documentation and changelog
`;

const BUG = `# Template: Bug

## Context Summary
[What goes wrong, since when, and whom it hits]

## What We Know
- [Symptoms: what is seen, with the exact words of the error]
- [Reproduction: how to see it again, and how often]
- [Location: where it probably is]

## Reproduction Phase
- [ ] See it fail once, and note how
- [ ] Write a test that fails for the same reason

## Search Phase
- [ ] Note what changed since it last worked
- [ ] Halve the place it can be in, until one remains
- [ ] Say the root cause in one sentence

## Repair Phase
- [ ] Fix the cause, not the symptom
- [ ] See the test pass, and all others
- [ ] Look for the same mistake elsewhere

## Completion Phase
- [ ] Deploy
- [ ] Watch the symptom stay away
- [ ] Note the lesson

## Solution
- [Root cause, and what was changed]

## Deployment Notes
- [What has to be done, what was watched, how to go back]
`;

const REFACTOR = `# Template: Refactor

## Context Summary
[What shall have another shape, and what gets easier by it]

## Current Progress
- [Phase 1: what is done, with a ✓]

## What We Know
- [What must behave as before, and what proves it]

## Preparation Phase
- [ ] List the callers of what will change
- [ ] Cover today's behaviour with tests
- [ ] Measure what must not get worse

## Change Phase
- [ ] Introduce the new shape beside the old one
- [ ] Move callers over, one commit each
- [ ] Remove the old shape

## Completion Phase
- [ ] Measure again, and compare
- [ ] Update documentation of the design
- [ ] Note what surprised us
`;

const MIGRATION = `# Template: Migration

## Context Summary
[From what to what, why, and by when]

## Current Progress
- [Phase 1: what is done, with a ✓]

## What We Know
- [How much there is to move, and how fast it changes]
- [How long nothing may stand still]

## Preparation Phase
- [ ] Count what has to move, by kind
- [ ] Write down how to go back, and try it
- [ ] Measure before: the numbers to compare with

## Trial Phase
- [ ] Migrate a copy
- [ ] Compare counts and samples on both sides
- [ ] Take the time it needs

## Cutover Phase
- [ ] Tell everybody when
- [ ] Migrate
- [ ] Compare counts and samples on both sides
- [ ] Switch readers, then writers

## Completion Phase
- [ ] Measure after
- [ ] Watch it for a week
- [ ] Switch the old side off

## Risks
- **Risk**: [what could go wrong]
  - **Mitigation**: [what is done about it]

## Performance Metrics
- [What was measured, before and after]

## Deployment Notes
- [Order of steps, downtime, how to go back]
`;

const RESEARCH = `# Template: Research

## Context Summary
[The question, and what will be decided by its answer]

## What We Know
- [What is known already, with its source]

## Research Questions
- [One question each]

## Question Phase
- [ ] Say what would count as an answer
- [ ] Set how much time it may take

## Search Phase
- [ ] Collect candidates
- [ ] Try the two best on our own data
- [ ] Note what speaks against the favourite

## Answer Phase
- [ ] Write the decision with its trade-off
- [ ] Show it to somebody who disagrees
- [ ] Note what would make us think again

## Sources
- [Link, and what it is good for]
`;

export const TEMPLATES: readonly Template[] = [
  { name: "feature", summary: "something new, from requirements to deployment", text: FEATURE },
  { name: "bug", summary: "something broken, from reproduction to the lesson", text: BUG },
  { name: "refactor", summary: "another shape, the same behaviour", text: REFACTOR },
  { name: "migration", summary: "from one system to another, with risks and figures", text: MIGRATION },
  { name: "research", summary: "a question, its candidates and the decision", text: RESEARCH },
];

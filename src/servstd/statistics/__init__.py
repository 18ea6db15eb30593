"""Statistics: pure functions from counts and numbers to figures, each with its formula and its source.

The room lies low on purpose: it knows no event, no verdict and no calendar, and needs the standard library only.
Counts come in as whole numbers and shares go out as `Fraction` where the formula allows; interval ends and what needs
a square root are floats. Where there is nothing to judge, the answer is None, never 0.

| module | holds |
|---|---|
| `intervals` | how far a share may lie from the true one; how many to sample |
| `differences` | by how much two shares, means or medians differ, and whether chance explains it |
| `budgets` | error budgets in events and time, burn rates, when a budget is used up |
| `contact_centre` | service level by named formula, waits, handling, abandonment, occupancy, resolution |
| `staffing` | Erlang C, how many agents a queue needs, shrinkage |
| `surveys` | CSAT, NPS, CES and response rates with their intervals |
| `servqual` | gaps between what is expected and what is perceived |
| `means`, `scorecards` | weighted means; weighted scores with auto-fail and items that do not apply |
| `control_charts`, `special_causes` | p, np, u, c, XmR and Laney's charts; tests of Western Electric and Nelson |
| `agreement` | percent agreement, Cohen's kappa and Krippendorff's alpha of reviewers |
| `survival`, `planning` | Kaplan and Meier's curve with open cases; the limit that a share keeps, with its interval |
"""

from __future__ import annotations

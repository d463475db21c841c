"""Who fits whom: peer providers for participants and for tasks, as a ranking with reasons or as an assignment.

Whoever asks (a participant, or a task) names attributes of any kind: lived experience, language, interests, place,
hours, skills. Those that a peer provider has too are shared, those wished for are wished, and those required exclude
whoever does not have them. Points are whole numbers, and the weights are the caller's: no source has any.

Attributes are told by the people themselves, of their own will and for this use. What is not told is unknown: it never
counts as shared, nor as "no" without saying so, and `undisclosed` names how it ranks. A set that is told is taken as
whole, unless the peer provider says that there is more (`partly`). Reasons name only what was asked for, never what
else somebody has told. Nothing is kept here; who may see a reason is for the program to settle with those it is about.
"""

from peersupport.matching.assigning import (
    Alternative,
    Bottleneck,
    Choice,
    Matching,
    Unplaced,
    match,
    match_greedily,
)
from peersupport.matching.comparing import Compatibility, Why
from peersupport.matching.ranking import Ranked, compare, rank
from peersupport.matching.values import Asking, Criterion, HasPlaces, Participant, Peer, Task, Undisclosed

__all__ = [
    "Alternative",
    "Asking",
    "Bottleneck",
    "Choice",
    "Compatibility",
    "Criterion",
    "HasPlaces",
    "Matching",
    "Participant",
    "Peer",
    "Ranked",
    "Task",
    "Undisclosed",
    "Unplaced",
    "Why",
    "compare",
    "match",
    "match_greedily",
    "rank",
]

"""The words of the clocks' codes on the trail."""

from audit.deadlines.lifecycle import DEADLINE
from audit.trail.vocabulary.facts import give_words

give_words(codes={"clock_state": DEADLINE.labels})

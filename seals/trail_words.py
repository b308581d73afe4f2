"""The words of the seals' codes on the trail."""

from audit.trail.vocabulary.facts import give_words
from seals.documents.questions import Verdict
from seals.lifecycle import SEAL

give_words(
    states={"seal": SEAL.labels},
    codes={"verdict": {verdict.value: verdict.word for verdict in Verdict}},
)

"""The words of the exchange's codes on the trail."""

from audit.trail.vocabulary.facts import give_words
from zezhou_portal.exchange.lifecycle import OUTBOUND
from zezhou_portal.exchange.topics import TOPICS

give_words(
    codes={
        "message_state": OUTBOUND.labels,
        "topic": {topic.code: topic.words for topic in TOPICS.values()},
    }
)

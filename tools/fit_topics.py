"""Fit the topic model of search: `python tools/fit_topics.py` writes `index/learned/topics.npz`.

Learned from: the asks and titles of the corpus, the decoys, `evals/questions.train.jsonl`, and the questions of the
train and dev replies that break exactly one topic (a buyer who baits an agent into that is asking about it). Questions
that lean on what was said before are left out. Prints hit@1, hit@3 and MRR by topic of the model alone on the dev
questions. Needs the `all` extra (scikit-learn).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from replyguide.corpus.reader import read_corpus
from replyguide.corpus.topics import TOPICS
from replyguide.drafting.colleague import voices_a_colleague
from replyguide.evals.cases import AnyPart, read_questions, read_replies
from replyguide.index.decoys import decoys
from replyguide.index.embedder import Embedder, open_embedder
from replyguide.index.reading import TextRead, read_texts
from replyguide.index.topic_model import COLLEAGUE, FILE, NONE, VECTOR_WEIGHT, read_topic_model
from replyguide.resources import shelf
from replyguide.settings import read_settings

CASES = Path(__file__).resolve().parents[1] / "evals"
CLASSES = (*TOPICS, NONE, COLLEAGUE)
#: How closely the classifiers follow their lessons; measured on the dev questions, flat between 0.1 and 0.3.
CLOSENESS = 0.3
#: A term that fewer lessons hold is left out.
LEAST_LESSONS = 2
REPLY_PARTS: tuple[AnyPart, ...] = ("train", "dev")
_BATCH = 64


@dataclass(frozen=True)
class Lesson:
    """A text and the classes that it belongs to; `has_topic` is false where some topic is meant, nobody says which."""

    text: str
    classes: tuple[str, ...]
    has_topic: bool = True


def lessons() -> list[Lesson]:
    """Return everything to learn from, each text once."""
    taught = _asked_by_colleagues()
    taught += [
        Lesson(text, (rule.topic,)) for rule in read_corpus(shelf("corpus")).rules for text in (rule.title, *rule.asks)
    ]
    taught += [Lesson(ask, (NONE,)) for decoy in decoys() for ask in decoy.asks]
    taught += [
        Lesson(case.question, tuple(case.topics) if case.topics else (NONE,))
        for case in read_questions(CASES, "train")
        if not case.context.history
    ]
    taught += [
        Lesson(case.question, (case.topics[0],))
        for part in REPLY_PARTS
        for case in read_replies(CASES, part)
        if case.question and case.expect == "block" and len(case.topics) == 1
    ]
    # What good replies answer is asked by buyers and is about the shop; that teaches the two classes that are no topic.
    taught += [
        Lesson(case.question, (), has_topic=False)
        for part in REPLY_PARTS
        for case in read_replies(CASES, part)
        if case.question and not case.context.history and not voices_a_colleague(case.question)
    ]
    return list({lesson.text: lesson for lesson in reversed(taught)}.values())[::-1]


def _asked_by_colleagues() -> list[Lesson]:
    """Return what colleagues ask, of any topic.

    Their own rules' asks; of the rules for buyers, the asks that speak of buyers, desk or points; the train questions
    that are labelled so. Whatever else is learned from was asked by buyers.
    """
    rules = read_corpus(shelf("corpus")).rules
    asks = [(ask, rule) for rule in rules for ask in rule.asks]
    told = [
        Lesson(ask, (rule.topic, COLLEAGUE))
        for ask, rule in asks
        if rule.audience == "agent" or voices_a_colleague(ask)
    ]
    cases = (case for case in read_questions(CASES, "train") if case.style == "agent" and not case.context.history)
    return told + [Lesson(case.question, (*case.topics, COLLEAGUE)) for case in cases]


def read_all(texts: Sequence[str], embedder: Embedder) -> list[TextRead]:
    """Read texts in batches."""
    return [
        read for start in range(0, len(texts), _BATCH) for read in read_texts(texts[start : start + _BATCH], embedder)
    ]


def fit(
    features: sparse.csr_matrix, labels: NDArray[np.int8], has_topic: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weights (features by classes) and offsets; topics are learned from the lessons that tell theirs."""
    topics = len(TOPICS)
    of_topics = _machines(features[has_topic], labels[has_topic][:, :topics])
    fitted = [*of_topics, *_machines(features, labels[:, topics:])]
    weights = np.stack([one.coef_[0] for one in fitted], axis=1)
    return weights, np.array([one.intercept_[0] for one in fitted])


def _machines(features: sparse.csr_matrix, labels: NDArray[np.int8]) -> list[LinearSVC]:
    machines: list[LinearSVC] = (
        OneVsRestClassifier(LinearSVC(C=CLOSENESS, random_state=0)).fit(features, labels).estimators_
    )
    return machines


def in_whole_numbers(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return weights as whole numbers of one byte, and the scale of each column."""
    scale = np.abs(weights).max(axis=0) / 127
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)


def main() -> None:
    """Fit, write, and measure on the dev questions."""
    embedder = open_embedder(read_settings({}))
    taught = lessons()
    read = read_all([lesson.text for lesson in taught], embedder)
    labels = np.array([[name in lesson.classes for name in CLASSES] for lesson in taught], dtype=np.int8)
    counted = TfidfVectorizer(analyzer=_terms, min_df=LEAST_LESSONS, sublinear_tf=True)
    of_terms = counted.fit_transform(read)
    vectors = sparse.csr_matrix(VECTOR_WEIGHT * np.stack([one.vector for one in read]))

    has_topic = np.array([lesson.has_topic for lesson in taught])
    joint, joint_offset = fit(sparse.hstack([of_terms, vectors]).tocsr(), labels, has_topic)
    alone, alone_offset = fit(of_terms, labels, has_topic)
    size = of_terms.shape[1]
    joint_terms, joint_scale = in_whole_numbers(joint[:size])
    alone_terms, alone_scale = in_whole_numbers(alone)
    FILE.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        FILE,
        topics="\n".join(CLASSES),
        embedder=embedder.name,
        vocabulary="\n".join(counted.get_feature_names_out()),
        idf=counted.idf_.astype(np.float32),
        joint_terms=joint_terms,
        joint_scale=joint_scale,
        joint_offset=joint_offset.astype(np.float32),
        joint_vector=joint[size:].astype(np.float32),
        alone_terms=alone_terms,
        alone_scale=alone_scale,
        alone_offset=alone_offset.astype(np.float32),
    )
    print(f"{len(taught)} lessons, {size} terms, {FILE.stat().st_size / 1e6:.1f} MB")

    cases = [case for case in read_questions(CASES, "dev") if case.topics and not case.context.history]
    asked = read_all([case.question for case in cases], embedder)
    for name in (embedder.name, "another embedder"):
        ranks = []
        for row, case in zip(read_topic_model(name).scores(asked)[:, : len(TOPICS)], cases, strict=True):
            order = [TOPICS[place] for place in np.argsort(-row)]
            ranks.append(1 + next(place for place, topic in enumerate(order) if topic in case.topics))
        ranked = np.array(ranks)
        figures = np.mean(ranked == 1), np.mean(ranked <= 3), np.mean(1 / ranked)
        print(f"{name}: hit@1 {figures[0]:.3f}  hit@3 {figures[1]:.3f}  MRR {figures[2]:.3f}")


def _terms(read: TextRead) -> list[str]:
    return read.terms


if __name__ == "__main__":
    main()

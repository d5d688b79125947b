"""ReplyGuide's retriever in a LangChain chain: a draft by any chat model, from the rules that the question touches.

    python examples/langchain_chain.py "有发票吗"

With REPLYGUIDE_MODEL set (`openai:qwen-plus`, with OPENAI_BASE_URL and OPENAI_API_KEY), the model of that name answers.
Without one, the rules themselves are printed, and the approved wording for them. What a chain says is not checked by
anybody: put it through `Copilot.check`, as below, before it goes to a buyer.
"""

from __future__ import annotations

import sys

from langchain.chat_models import init_chat_model
from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from replyguide import Context, Copilot, read_settings
from replyguide.langchain import ReplyGuideRetriever

PROMPT = ChatPromptTemplate.from_messages(
    [
        ("system", "你是网店客服。只按下面的规则，用一两句中文礼貌地回复买家。\n\n{rules}"),
        ("human", "{question}"),
    ]
)


def as_text(documents: list[Document]) -> str:
    """Put hits into a prompt: title, source, text."""
    return "\n\n".join(
        f"【{one.metadata['title']}】（来源 {one.metadata['source']}）\n{one.page_content}" for one in documents
    )


def rules_chain(copilot: Copilot) -> Runnable[str, str]:
    """From a question to the text of its rules."""
    return ReplyGuideRetriever(k=3, copilot=copilot) | RunnableLambda(as_text)


def reply_chain(copilot: Copilot, model: str) -> Runnable[str, str]:
    """From a question to a draft."""
    settings = copilot.settings
    chat = init_chat_model(model, base_url=settings.openai_base_url, api_key=settings.openai_api_key or "none")
    return {"rules": rules_chain(copilot), "question": RunnablePassthrough()} | PROMPT | chat | StrOutputParser()


def main(question: str) -> None:
    """Print the draft and its verdict; without a model the rules and the approved wording."""
    copilot = Copilot(read_settings())
    model = copilot.settings.model
    if model is None:
        print(rules_chain(copilot).invoke(question))
        print(f"\n【话术】{copilot.suggest(question).reply}")
        return
    draft = reply_chain(copilot, model).invoke(question)
    verdict = copilot.check(draft, Context(question=question)).verdict if draft.strip() else "block"
    print(f"{draft}\n{verdict}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "有发票吗")

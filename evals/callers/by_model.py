"""A caller played by a model behind any OpenAI-compatible address."""

from typing import Final

from openai import AsyncOpenAI

from evals.callers.caller import CallerBrokeRules, Utterance
from evals.callers.noise import Channel
from evals.callers.script import Script

HANGS_UP: Final = "[hangs up]"
_MOST_WORDS: Final = 60

_LANGUAGES: Final = {"en": "English", "de": "German"}

_PROMPT: Final = """\
You are a person on the phone, calling a business. You are not an assistant; the other side is.
Speak {language}, as people speak: one or two short sentences, no lists, no stage directions.

What you want: {goal}
What you know, and tell only when you are asked for it or it is needed: {facts}
How you speak: {style}.

Say one thing at a time. Make nothing up that does not stand above; if asked for it, say that you do
not know. Times and days are in the words above: do not turn them into dates.
When something is read back to you, agree only if it is what you want; correct what is wrong.
You are not patient: after two misunderstandings about the same thing you give up.
When you have what you want, or give up, say goodbye and end your words with {hangs_up}."""


class ModelCaller:
    """Plays a `Script` as a model understands it: goal, facts and style, but not its rules."""

    def __init__(
        self,
        script: Script,
        *,
        language: str,
        model: str,
        client: AsyncOpenAI,
        seed: int,
        noise: float = 0.0,
    ) -> None:
        """Prepare a caller.

        Args:
            script: Whom to play.
            language: Of the call.
            model: What the server at `client.base_url` calls it.
            client: Opened and closed by whoever calls.
            seed: Of the noise, and passed on to the model; equal seeds need not say equal things.
            noise: Word error rate.
        """
        self._script = script
        self._model = model
        self._client = client
        self._seed = seed
        self._channel = Channel(noise, seed=seed, language=language)
        self._turn = 0
        self._facts = {"name": script.name, **script.facts}
        facts = ", ".join(f"{name}: {fact}" for name, fact in self._facts.items() if fact)
        prompt = _PROMPT.format(
            language=_LANGUAGES[language],
            goal=script.goal,
            facts=facts,
            style=script.style,
            hangs_up=HANGS_UP,
        )
        self._messages: list[dict[str, str]] = [{"role": "system", "content": prompt}]

    async def greet(self, greeting: str) -> Utterance:
        """Say what the call is about."""
        return await self.answer(greeting)

    async def answer(self, said: str) -> Utterance:
        """Answer as the model does.

        Raises:
            CallerBrokeRules: The model makes a speech.
            openai.OpenAIError: The model's server cannot be reached or refuses.
        """
        self._messages.append({"role": "user", "content": said})
        completion = await self._client.chat.completions.create(
            model=self._model,
            messages=self._messages,  # type: ignore[arg-type]  # plain dicts are what it sends
            seed=self._seed,
        )
        answer = (completion.choices[0].message.content or "").strip()
        self._messages.append({"role": "assistant", "content": answer})
        self._turn += 1
        text = answer.replace(HANGS_UP, "").strip()
        if len(text.split()) > _MOST_WORDS:
            raise CallerBrokeRules(f"said {len(text.split())} words at a time")
        facts = tuple(
            fact for fact in self._facts.values() if fact and fact.casefold() in text.casefold()
        )
        return Utterance(
            text=text,
            heard=self._channel.hear(text),
            hangs_up=HANGS_UP in answer or self._turn >= self._script.patience,
            facts=facts,
        )

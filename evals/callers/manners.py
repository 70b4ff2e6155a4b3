"""How people say things: plainly, in a hurry, chattily, hesitantly."""

from collections.abc import Mapping
from typing import Final

from evals.callers.understanding import Act

YES: Final = "yes"
NO: Final = "no"
BYE: Final = "bye"
CORRECTION: Final = "correction"
GIVE_UP: Final = "give_up"
CHOICE: Final = "choice"

_Ways = Mapping[str, tuple[str, ...]]

WAYS: Final[Mapping[str, Mapping[str, _Ways]]] = {
    "en": {
        "plain": {
            Act.NAME: ("{}.", "My name is {}.", "It's {}.", "This is {}.", "{}, please."),
            Act.SERVICE: ("{}, please.", "I'd like {}.", "It's for {}."),
            Act.DAY: ("{}, please.", "{} would be good.", "{} if possible."),
            Act.TIME: ("{}, please.", "{} would be good.", "{} suits me."),
            Act.NUMBER: ("{}.", "It's {}.", "You can reach me on {}."),
            CHOICE: ("{}, please.", "I'll take {}.", "{} is fine."),
            YES: ("Yes, please.", "Yes.", "Yes, that's right.", "Please do.", "Yes, go ahead."),
            NO: ("No, thank you.", "No.", "No, not that."),
            CORRECTION: ("No, {}.", "No, I said {}.", "Sorry, no, I meant {}."),
            BYE: ("Thank you, goodbye.", "That's all, thank you. Goodbye.", "Thanks, bye."),
            GIVE_UP: ("I'll try again another time. Goodbye.", "Never mind. Goodbye."),
        },
        "hurried": {
            Act.NAME: ("{}.",),
            Act.SERVICE: ("{}.",),
            Act.DAY: ("{}.",),
            Act.TIME: ("{}.",),
            Act.NUMBER: ("{}.",),
            CHOICE: ("{}.",),
            YES: ("Yes.", "Yep.", "Yeah.", "Sure."),
            NO: ("No.", "Nope."),
            CORRECTION: ("No, {}.",),
            BYE: ("Thanks, bye.", "Bye."),
            GIVE_UP: ("No time for this. Bye.",),
        },
        "chatty": {
            Act.NAME: (
                "Of course. My name is {}.",
                "Oh, sure, it's {}.",
                "My name is {}, we have not met yet.",
            ),
            Act.SERVICE: (
                "Well, I was thinking of {}.",
                "My neighbour told me about you; {}, please.",
            ),
            Act.DAY: (
                "Let me look at my calendar. {} would be good.",
                "I'm quite flexible, say {}.",
            ),
            Act.TIME: ("I usually get up early, so {}.", "{} would be lovely, thank you."),
            Act.NUMBER: ("Of course, my number is {}.",),
            CHOICE: ("That's kind of you. {}, please.", "Oh, {} would be perfect."),
            YES: (
                "Yes, that would be lovely, thank you.",
                "Oh yes, please, that suits me very well.",
                "Yes, wonderful, please do that.",
            ),
            NO: ("No, thank you, that's very kind of you.",),
            CORRECTION: ("Oh no, I'm afraid that's not it, {}.",),
            BYE: ("You have been very helpful, thank you so much. Goodbye.",),
            GIVE_UP: ("Oh dear. I'd rather call another time. Goodbye.",),
        },
        "hesitant": {
            Act.NAME: ("Um, {}.", "Er, my name is {}."),
            Act.SERVICE: ("Um, {}, I think.", "Well, er, {}."),
            Act.DAY: ("Um, {}?", "Er, maybe {}.", "I think {}."),
            Act.TIME: ("Um, {}?", "Er, perhaps {}."),
            Act.NUMBER: ("Um, {}.",),
            CHOICE: ("Um, {}.", "Er, {}, I think."),
            YES: ("Um, yes.", "Er, yes, okay.", "Yes, I think so."),
            NO: ("Um, no.", "Er, no, rather not."),
            CORRECTION: ("Um, no, sorry, {}.",),
            BYE: ("Okay, thank you. Goodbye.",),
            GIVE_UP: ("Um, I'll call again. Goodbye.",),
        },
    },
    "de": {
        "plain": {
            Act.NAME: (
                "{}.",
                "Mein Name ist {}.",
                "Auf {}, bitte.",
                "Ich heiße {}.",
                "{} ist mein Name.",
            ),
            Act.SERVICE: ("{}, bitte.", "Ich hätte gern {}.", "Für {}."),
            Act.DAY: ("{}, bitte.", "{} würde mir passen.", "{}, wenn es geht."),
            Act.TIME: ("{}, bitte.", "{} wäre gut.", "{} passt mir."),
            Act.NUMBER: ("{}.", "Meine Nummer ist {}.", "Unter {}."),
            CHOICE: ("{}, bitte.", "Dann {}.", "{} passt gut."),
            YES: ("Ja, bitte.", "Ja.", "Ja, genau.", "Ja, gerne.", "Ja, machen Sie das."),
            NO: ("Nein, danke.", "Nein.", "Nein, lieber nicht."),
            CORRECTION: ("Nein, {}.", "Nein, ich meinte {}."),
            BYE: (
                "Danke, auf Wiederhören.",
                "Das war alles, danke. Tschüss.",
                "Vielen Dank, tschüss.",
            ),
            GIVE_UP: (
                "Ich rufe ein andermal an. Auf Wiederhören.",
                "Dann lassen wir das. Tschüss.",
            ),
        },
        "hurried": {
            Act.NAME: ("{}.",),
            Act.SERVICE: ("{}.",),
            Act.DAY: ("{}.",),
            Act.TIME: ("{}.",),
            Act.NUMBER: ("{}.",),
            CHOICE: ("{}.",),
            YES: ("Ja.", "Jo.", "Passt.", "Ja, ja."),
            NO: ("Nein.", "Nee."),
            CORRECTION: ("Nein, {}.",),
            BYE: ("Danke, tschüss.", "Tschüss."),
            GIVE_UP: ("Dafür habe ich keine Zeit. Tschüss.",),
        },
        "chatty": {
            Act.NAME: (
                "Natürlich. Mein Name ist {}.",
                "Ja, gern, ich heiße {}.",
                "Mein Name ist {}, wir kennen uns noch nicht.",
            ),
            Act.SERVICE: (
                "Also, ich dachte an {}.",
                "Meine Nachbarin hat Sie empfohlen; {}, bitte.",
            ),
            Act.DAY: ("Da schaue ich kurz in den Kalender. {} würde passen.", "Sagen wir {}."),
            Act.TIME: ("Ich stehe ja früh auf, also {}.", "{} wäre wunderbar."),
            Act.NUMBER: ("Gern, meine Nummer ist {}.",),
            CHOICE: ("Das ist nett von Ihnen. {}, bitte.", "Ach, {} passt wunderbar."),
            YES: (
                "Ja, das wäre ganz wunderbar, vielen Dank.",
                "Ja, bitte, das passt mir sehr gut.",
                "Ja, sehr gern, machen Sie das so.",
            ),
            NO: ("Nein, danke, das ist sehr freundlich.",),
            CORRECTION: ("Ach nein, das war es nicht, {}.",),
            BYE: ("Sie haben mir sehr geholfen, vielen Dank. Auf Wiederhören.",),
            GIVE_UP: ("Ach, dann rufe ich lieber noch einmal an. Auf Wiederhören.",),
        },
        "hesitant": {
            Act.NAME: ("Äh, {}.", "Ähm, mein Name ist {}."),
            Act.SERVICE: ("Äh, {}, glaube ich.", "Also, ähm, {}."),
            Act.DAY: ("Ähm, {}?", "Äh, vielleicht {}."),
            Act.TIME: ("Ähm, {}?", "Äh, vielleicht {}."),
            Act.NUMBER: ("Ähm, {}.",),
            CHOICE: ("Ähm, {}.", "Äh, {}, glaube ich."),
            YES: ("Ähm, ja.", "Äh, ja, okay.", "Ja, ich glaube schon."),
            NO: ("Ähm, nein.", "Äh, nein, lieber nicht."),
            CORRECTION: ("Ähm, nein, Entschuldigung, {}.",),
            BYE: ("Okay, danke. Auf Wiederhören.",),
            GIVE_UP: ("Äh, ich rufe noch mal an. Auf Wiederhören.",),
        },
    },
}
"""Sentences with a blank by language, style and what is said."""

CHOICES: Final[Mapping[str, _Ways]] = {
    "en": {
        "first": ("the first one", "the first"),
        "second": ("the second one", "the second"),
        "at": ("at {}", "{}"),
    },
    "de": {
        "first": ("den ersten", "der erste"),
        "second": ("den zweiten", "der zweite"),
        "at": ("um {}", "{}"),
    },
}
"""How one of several offers is named: by its place or by its time."""

ANY: Final[Mapping[str, str]] = {"en": "I don't mind", "de": "Ist mir egal"}
"""What is said of a fact that does not matter to the caller."""

"""English."""

from typing import Final

from calls.flags.phrases import Phrases, pattern
from calls.flags.wording import FlagWords
from db.states import FlagKind

PHRASES: Final = Phrases(
    booked=pattern(
        r"(?:is|are|'re|'s|been|now|got you|have you|you) (?:now |all |already )?booked\b",
        r"booked:",
        r"(?:i|we)(?:'ve| have)(?: just| now)? (?:booked|scheduled|reserved|confirmed)\b",
        r"(?:is|are|'s|been) (?:now |all )?(?:confirmed|scheduled|reserved)\b",
        r"(?:you're|you are) (?:all )?(?:set|down) for\b",
        r"(?:you're|you are) all set\b",
        r"got (?:that|it|this|you) (?:booked|down for|scheduled)\b",
        r"booking (?:is|was) successful\b",
        r"(?:see you|look forward to seeing you) (?:on|then|tomorrow|at)\b",
    ),
    moved=pattern(
        r"(?:is|are|'s|been) (?:now )?(?:moved|rescheduled) to\b",
        r"(?:appointment|booking) (?:is|has been) (?:now )?changed\b",
        r"(?:i|we)(?:'ve| have)(?: just| now)? (?:moved|rescheduled)\b",
        r"(?:i|we)(?:'ve| have)(?: just| now)? changed your (?:appointment|booking)\b",
    ),
    cancelled=pattern(
        r"(?:is|are|'s|been) (?:now )?cancell?ed\b",
        r"(?:i|we)(?:'ve| have)(?: just| now)? cancell?ed\b",
    ),
    names_time=pattern(
        r"\d",
        r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
        r"(?:today|tomorrow|o'clock|noon|half past|quarter (?:past|to))\b",
    ),
    reserved=pattern(
        r"not\b",
        r"\w+n't\b",
        r"once\b",
        r"if\b",
        r"until\b",
        r"before\b",
        r"cannot\b",
        r"shall\b",
        r"would\b",
        r"fully booked\b",
        r"already booked by\b",
        r"by somebody else\b",
        r"by someone else\b",
        r"was cancell?ed\b",
    ),
    asks_name=pattern(
        r"(?:what|which|whose|may|can|could|under what|under which|please tell|spell)\b.{0,40}"
        r"\bname\b",
        r"(?:your|the) (?:first |last |full |first and last )?name,? please\b",
        r"who am i (?:speaking|talking) (?:to|with)\b",
    ),
    asks_agreement=pattern(
        r"shall i\b",
        r"should i\b",
        r"would (?:one of )?(?:that|those|these|this)\b",
        r"which (?:one )?would you\b",
        r"is that (?:right|correct|all right|ok|okay)\b",
        r"does that\b",
        r"do you mean\b",
        r"would you like (?:me to|that)\b",
    ),
    courtesy=pattern(
        r"(?:are )?you (?:still )?there\b",
        r"anything else\b",
        r"what else\b",
        r"how (?:can|may) i help\b",
        r"hello\b",
        r"what would you like to do\b",
        r"shall (?:someone|somebody) call you back\b",
    ),
    looking=pattern(
        r"(?:one|just a|just one) (?:moment|second|sec|minute)\b",
        r"(?:bear|hang) (?:with me|on)\b",
        r"hold on\b",
        r"let me (?:just |quickly )?(?:check|look|see)\b",
        r"(?:i'm|i am|i'll|i will) (?:just |quickly |now )?(?:check|checking|look|looking)\b",
        r"give me a (?:moment|second|minute)\b",
    ),
    wants_human=pattern(
        r"(?:speak|talk|put me through|connect me|transfer me)\b.{0,30}\b"
        r"(?:human|person|someone|somebody|staff|colleague|receptionist|manager|doctor|agent)\b",
        r"(?:real|actual|living) (?:human|person)\b",
        r"(?:a )?human being\b",
        r"(?:not|don't want to talk) (?:to )?a (?:machine|robot|computer)\b",
        r"representative\b",
    ),
    upset=pattern(
        r"(?:forget|never mind|leave) it\b",
        r"useless\b",
        r"ridiculous\b",
        r"rubbish\b",
        r"(?:this|that|it) (?:is|'s)(?: just| really)? (?:terrible|awful|annoying|frustrating)\b",
        r"you (?:don't|do not) understand\b",
        r"waste of (?:my )?time\b",
        r"i(?:'m| am) (?:angry|annoyed|furious)\b",
        r"i give up\b",
        r"complain(?:t)?\b",
        r"(?:damn|bloody|fuck\w*|shit)\b",
    ),
    farewell=pattern(
        r"(?:good)?bye\b",
        r"i'll (?:call|ring|think|try|come)\b",
        r"no,? (?:thanks|thank you)\b",
        r"never ?mind\b",
        r"that(?:'s| is|'ll be| will be) all\b",
        r"have a (?:nice|good)\b",
    ),
)

WORDS: Final = {
    FlagKind.TOLD_WITHOUT_BOOKING: FlagWords(
        "Told it was done, but it was not",
        "Listen from the mark, then look at the calendar. If what the caller was told does not "
        "stand there, book it now or call back at once.",
    ),
    FlagKind.BOOKED_UNHEARD: FlagWords(
        "Changed without the caller hearing it",
        "The calendar was changed, but the caller seems not to have been told. Call back or send a "
        "message, so that both know the same.",
    ),
    FlagKind.NAME_ASKED_TWICE: FlagWords(
        "Name asked more than once",
        "Check the name on the booking against what is heard, and correct it if needed.",
    ),
    FlagKind.QUESTION_REPEATED: FlagWords(
        "Same question repeated",
        "Listen whether the agent did not understand, or forgot. A label here becomes a test.",
    ),
    FlagKind.LONG_SILENCE: FlagWords(
        "Long silence",
        "Listen whether the caller gave up. If something slow caused it, ops should look at the "
        "waterfall of the call.",
    ),
    FlagKind.STALLED: FlagWords(
        "Promised to look, but did not",
        "The agent asked for a moment and never looked anything up. See whether the caller still "
        "waits for an answer, and call back.",
    ),
    FlagKind.TOOL_TOO_SLOW: FlagWords(
        "A tool took too long",
        "The caller heard an apology instead of an answer. Check whether the wish was met, and "
        "call back if not.",
    ),
    FlagKind.TOOL_REPEATED: FlagWords(
        "Agent went round in circles",
        "The agent asked the same thing again and again. Find out what the caller wanted, and see "
        "to it.",
    ),
    FlagKind.TECHNICAL_FAULT: FlagWords(
        "Technical fault",
        "Something broke during the call. Check whether the wish was met, and call back if not; "
        "ops find the cause by the id of the call.",
    ),
    FlagKind.WANTS_A_HUMAN: FlagWords(
        "Wants to speak with somebody",
        "Call back, unless the call was put through or somebody has called already.",
    ),
    FlagKind.NEGATIVE_END: FlagWords(
        "Ended badly",
        "Listen to the end. If the caller was let down, call and put it right.",
    ),
    FlagKind.HUNG_UP_MIDWAY: FlagWords(
        "Hung up before booking",
        "The caller was about to book. Listen to the last words; call back if an appointment is "
        "still wanted.",
    ),
    FlagKind.HIDDEN_CHANGE: FlagWords(
        "Change wanted from a hidden number",
        "Nobody knows who called. Find the appointment by what was said, make sure who it is, and "
        "change it by hand.",
    ),
    FlagKind.REFUSED_BY_RULES: FlagWords(
        "Refused by a rule of the house",
        "Decide whether to make an exception; if so, change the booking and tell the caller.",
    ),
    FlagKind.MODEL_REVIEW: FlagWords(
        "A model found something odd",
        "The note says what. It may be wrong: listen before you act.",
    ),
    FlagKind.RECORDING_LOST: FlagWords(
        "No recording",
        "The sound of this call cannot be had. The transcript and the tool calls are all there is.",
    ),
    FlagKind.SYNC_FAILURE: FlagWords(
        "Differs from Cal.com",
        "Compare both sides of the booking, decide which is right, and mend the other.",
    ),
    FlagKind.WISH_NOT_MET: FlagWords(
        "Wish not met, caller does not know",
        "Call back and offer another time: what was requested could not be had.",
    ),
    FlagKind.UNSETTLED: FlagWords(
        "Not settled for long",
        "Look for the booking at Cal.com. If it is there, reconcile; if not, book it by hand and "
        "tell the caller.",
    ),
    FlagKind.TORN: FlagWords(
        "Only part of it was moved",
        "Some phases of the appointment stand at the new time, others at the old. Put them "
        "together at Cal.com, and tell the caller the time.",
    ),
    FlagKind.FOREIGN_ANSWER: FlagWords(
        "Cal.com answered with another booking",
        "Look at Cal.com whether the wish stands. If not, book it by hand or call back.",
    ),
    FlagKind.DOUBLE_BOOKED: FlagWords(
        "Host booked twice by us",
        "Two appointments of one host overlap. Move one of them and tell whom it concerns.",
    ),
    FlagKind.DOUBLE_BOOKING: FlagWords(
        "Host booked twice from outside",
        "Somebody booked at Cal.com over another appointment. Move one of them and tell whom it "
        "concerns.",
    ),
    FlagKind.PHASE_CHANGED: FlagWords(
        "Part of an appointment changed",
        "Somebody changed one of several phases at Cal.com. See that the others still fit.",
    ),
    FlagKind.UNKNOWN_HOST: FlagWords(
        "Host unknown",
        "Cal.com gave the booking to somebody who is not in the business file. Add the person, or "
        "choose another one at Cal.com.",
    ),
    FlagKind.NEEDS_ATTENTION: FlagWords(
        "Needs a look", "Open the booking: its note says what could not be decided."
    ),
    FlagKind.BROKEN_LINK: FlagWords(
        "Services cannot be booked",
        "An event type at Cal.com is gone, asks for more than a call can answer, or refuses our "
        "key. The note names it; mend it at Cal.com or in the business file.",
    ),
    FlagKind.CALENDAR_SILENT: FlagWords(
        "Cal.com does not tell us of changes",
        "Check the webhook at Cal.com: its address, its secret, and whether it is switched on.",
    ),
    FlagKind.LISTENER_FAILED: FlagWords(
        "Something did not follow",
        "A message, a task or a flag could not be made. The note says which; see to it by hand "
        "and tell ops.",
    ),
}

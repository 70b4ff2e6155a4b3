"""German."""

from typing import Final

from calls.flags.phrases import Phrases, pattern
from calls.flags.wording import FlagWords
from db.states import FlagKind

PHRASES: Final = Phrases(
    booked=pattern(
        r"(?:ist|sind|wurde|wäre jetzt)\b.{0,60}\b(?:gebucht|eingetragen|vermerkt|reserviert|"
        r"bestätigt|vereinbart|fest)\b",
        r"(?:habe|hab|haben)\b.{0,60}\b(?:gebucht|eingetragen|reserviert|vereinbart|eingebucht)\b",
        r"gebucht:",
        r"(?:termin|buchung) (?:steht|bestätigt|gebucht)\b",
        r"buchung war erfolgreich\b",
        r"wir freuen uns auf sie\b",
        r"wir sehen uns (?:am|dann|morgen)\b",
    ),
    moved=pattern(
        r"(?:ist|wurde|habe|hab|haben)\b.{0,60}\b(?:verschoben|umgebucht|verlegt)\b",
    ),
    cancelled=pattern(
        r"(?:ist|wurde|habe|hab|haben)\b.{0,60}\b(?:abgesagt|storniert|gelöscht|gestrichen)\b",
    ),
    names_time=pattern(
        r"\d",
        r"(?:mon|diens|donners|frei|sams|sonn)tag\b",
        r"mittwoch\b",
        r"(?:heute|morgen|übermorgen|uhr|mittags?|halb \w+|viertel (?:vor|nach))\b",
    ),
    reserved=pattern(
        r"nicht\b",
        r"kein\w*\b",
        r"wenn\b",
        r"falls\b",
        r"sobald\b",
        r"bevor\b",
        r"bis\b.{0,30}\b(?:gebucht|bestätigt)\b",
        r"soll\b",
        r"würde\b",
        r"ausgebucht\b",
        r"leider\b",
        r"vergeben\b",
        r"schon (?:gebucht|reserviert)\b",
    ),
    asks_name=pattern(
        r"(?:auf|unter) (?:welchen|welchem|wessen)\b.{0,20}\bnamen?\b",
        r"(?:wie|was) (?:ist|war|lautet|wäre)\b.{0,40}name\b",
        r"ihren (?:vor|nach)?namen (?:noch )?(?:einmal |mal )?(?:buchstabieren|nennen|sagen)\b",
        r"(?:nennen|sagen|verraten|geben|buchstabieren)\b.{0,40}\bnamen?\b",
        r"(?:darf|dürfte|kann|könnte) ich\b.{0,30}\bnamen?\b",
        r"ihr(?:en)? (?:vor- und nach|vor|nach)?namen?,? bitte\b",
        r"wie heißen sie\b",
        r"mit wem (?:spreche|habe)\b",
    ),
    asks_agreement=pattern(
        r"soll ich\b",
        r"(?:passt|passte|stimmt|geht|ginge) (?:das|ihnen das|es)\b",
        r"würde (?:ihnen )?(?:das|einer|eine)\b",
        r"was passt ihnen\b",
        r"welche[rs]? (?:davon|passt)\b",
        r"meinen sie\b",
        r"ist das (?:richtig|in ordnung|recht)\b",
        r"richtig\b",
    ),
    courtesy=pattern(
        r"sind sie noch (?:da|dran)\b",
        r"(?:noch|sonst) (?:noch )?etwas\b",
        r"was kann ich (?:sonst |noch )?(?:noch )?für sie tun\b",
        r"(?:wie|womit) kann ich (?:ihnen )?helfen\b",
        r"hallo\b",
        r"was möchten sie tun\b",
        r"soll sie jemand zurückrufen\b",
    ),
    looking=pattern(
        r"(?:einen|einen kleinen|nur einen|kleinen) (?:moment|augenblick)\b",
        r"(?:eine|nur eine) (?:sekunde|minute)\b",
        r"(?:moment|augenblick|sekunde),? bitte\b",
        r"(?:ich|da) (?:schaue|schau|sehe|prüfe|gucke|überprüfe)\b",
        r"ich (?:werde|muss)\b.{0,30}\b(?:nachsehen|nachschauen|prüfen)\b",
        r"bleiben sie (?:kurz )?dran\b",
        r"lassen sie mich (?:kurz |eben )?(?:nach|schauen|sehen|prüfen)",
    ),
    wants_human=pattern(
        r"(?:mit|zu) (?:einem|einer|einem echten|einer echten|jemandem|jemand|ihrem|der|dem)\b"
        r".{0,20}\b(?:mensch\w*|person|mitarbeiter\w*|kolleg\w*|chef\w*|ärztin|arzt|sprechen|"
        r"reden|verbinden)\b",
        r"(?:verbinden|durchstellen|stellen) sie mich\b",
        r"(?:echten|richtigen) (?:menschen|person|mitarbeiter)\b",
        r"(?:kein|keine|keinem|keiner) (?:computer|roboter|maschine|automaten|ki)\b",
        r"jemanden? sprechen\b",
    ),
    upset=pattern(
        r"vergessen sie(?:'s| es)\b",
        r"lassen (?:wir|sie) (?:das|es|'s)\b",
        r"(?:unverschämt\w*|frechheit|unmöglich|lächerlich|blöd\w*|mist|scheiß\w*|verdammt)\b",
        r"das (?:bringt|hat) (?:doch )?(?:nichts|keinen (?:sinn|zweck))\b",
        r"sie verstehen (?:mich )?(?:ja |gar )?nicht\b",
        r"beschwer\w*\b",
        r"ich bin (?:sauer|wütend|verärgert|genervt)\b",
        r"zeitverschwendung\b",
    ),
    farewell=pattern(
        r"(?:auf wieder(?:hören|sehen)|tschüss?|tschau|ciao|servus)\b",
        r"ich (?:rufe|melde|überlege|probiere|versuche)\b",
        r"nein,? danke\b",
        r"das war(?:'s| es| alles)\b",
        r"(?:schönen|guten) (?:tag|abend) noch\b",
        r"hat sich erledigt\b",
    ),
)

WORDS: Final = {
    FlagKind.TOLD_WITHOUT_BOOKING: FlagWords(
        "Zugesagt, aber nicht geschehen",
        "Ab der Marke anhören und im Kalender nachsehen. Steht dort nicht, was gesagt wurde: "
        "gleich eintragen oder sofort zurückrufen.",
    ),
    FlagKind.BOOKED_UNHEARD: FlagWords(
        "Geändert, ohne dass es gesagt wurde",
        "Der Kalender wurde geändert, aber am Telefon wohl nicht mehr gesagt. Zurückrufen oder "
        "eine Nachricht schicken, damit beide dasselbe wissen.",
    ),
    FlagKind.NAME_ASKED_TWICE: FlagWords(
        "Mehrmals nach dem Namen gefragt",
        "Den Namen der Buchung mit dem Gehörten vergleichen und, wenn nötig, berichtigen.",
    ),
    FlagKind.QUESTION_REPEATED: FlagWords(
        "Dieselbe Frage wiederholt",
        "Anhören, ob nicht verstanden oder vergessen wurde. Ein Etikett hier wird zu einem Test.",
    ),
    FlagKind.LONG_SILENCE: FlagWords(
        "Lange Stille",
        "Anhören, ob aufgegeben wurde. War etwas langsam, sieht der Betrieb im Ablauf des Anrufs "
        "nach.",
    ),
    FlagKind.STALLED: FlagWords(
        "Nachsehen versprochen, nicht nachgesehen",
        "Es wurde um einen Moment gebeten und dann nichts abgefragt. Prüfen, ob noch eine Antwort "
        "aussteht, und zurückrufen.",
    ),
    FlagKind.TOOL_TOO_SLOW: FlagWords(
        "Abfrage dauerte zu lange",
        "Statt einer Antwort kam eine Entschuldigung. Prüfen, ob der Wunsch erfüllt ist; sonst "
        "zurückrufen.",
    ),
    FlagKind.TOOL_REPEATED: FlagWords(
        "Im Kreis gedreht",
        "Dasselbe wurde immer wieder abgefragt. Herausfinden, was gewünscht war, und erledigen.",
    ),
    FlagKind.TECHNICAL_FAULT: FlagWords(
        "Technischer Fehler",
        "Während des Anrufs ging etwas schief. Prüfen, ob der Wunsch erfüllt ist, sonst "
        "zurückrufen; die Ursache findet der Betrieb über die Nummer des Anrufs.",
    ),
    FlagKind.WANTS_A_HUMAN: FlagWords(
        "Möchte mit jemandem sprechen",
        "Zurückrufen, falls nicht verbunden wurde und noch niemand angerufen hat.",
    ),
    FlagKind.NEGATIVE_END: FlagWords(
        "Schlecht geendet",
        "Das Ende anhören. Wurde jemand enttäuscht: anrufen und in Ordnung bringen.",
    ),
    FlagKind.HUNG_UP_MIDWAY: FlagWords(
        "Vor der Buchung aufgelegt",
        "Fast war gebucht. Die letzten Worte anhören; zurückrufen, wenn noch ein Termin gewünscht "
        "ist.",
    ),
    FlagKind.HIDDEN_CHANGE: FlagWords(
        "Änderungswunsch mit unterdrückter Nummer",
        "Niemand weiß, wer anrief. Den Termin nach dem Gesagten suchen, sich vergewissern, wer es "
        "ist, und von Hand ändern.",
    ),
    FlagKind.REFUSED_BY_RULES: FlagWords(
        "Nach den Regeln des Hauses abgelehnt",
        "Entscheiden, ob eine Ausnahme möglich ist; dann den Termin ändern und Bescheid geben.",
    ),
    FlagKind.MODEL_REVIEW: FlagWords(
        "Einem Modell fiel etwas auf",
        "Was, steht in der Notiz. Es kann sich irren: erst anhören, dann handeln.",
    ),
    FlagKind.RECORDING_LOST: FlagWords(
        "Keine Aufnahme",
        "Der Ton dieses Anrufs ist nicht zu bekommen. Es bleiben Mitschrift und Abfragen.",
    ),
    FlagKind.SYNC_FAILURE: FlagWords(
        "Weicht von Cal.com ab",
        "Beide Seiten der Buchung vergleichen, entscheiden, welche stimmt, und die andere "
        "berichtigen.",
    ),
    FlagKind.WISH_NOT_MET: FlagWords(
        "Wunsch nicht erfüllt, noch nicht mitgeteilt",
        "Zurückrufen und eine andere Zeit anbieten: das Angefragte war nicht zu bekommen.",
    ),
    FlagKind.UNSETTLED: FlagWords(
        "Seit langem ungeklärt",
        "Die Buchung bei Cal.com suchen. Ist sie da: abgleichen; sonst von Hand buchen und "
        "Bescheid geben.",
    ),
    FlagKind.TORN: FlagWords(
        "Nur teilweise verschoben",
        "Ein Teil des Termins steht zur neuen Zeit, der Rest zur alten. Bei Cal.com "
        "zusammenführen und die Zeit mitteilen.",
    ),
    FlagKind.FOREIGN_ANSWER: FlagWords(
        "Cal.com antwortete mit einer anderen Buchung",
        "Bei Cal.com nachsehen, ob der Wunsch steht. Sonst von Hand buchen oder zurückrufen.",
    ),
    FlagKind.DOUBLE_BOOKED: FlagWords(
        "Von uns doppelt belegt",
        "Zwei Termine derselben Person überschneiden sich. Einen verschieben und Bescheid geben.",
    ),
    FlagKind.DOUBLE_BOOKING: FlagWords(
        "Von außen doppelt belegt",
        "Bei Cal.com wurde über einen anderen Termin gebucht. Einen verschieben und Bescheid "
        "geben.",
    ),
    FlagKind.PHASE_CHANGED: FlagWords(
        "Teil eines Termins geändert",
        "Bei Cal.com wurde einer von mehreren Abschnitten geändert. Prüfen, ob die anderen noch "
        "passen.",
    ),
    FlagKind.UNKNOWN_HOST: FlagWords(
        "Unbekannt, wer es übernimmt",
        "Cal.com hat jemanden eingeteilt, der nicht in der Geschäftsdatei steht. Die Person "
        "eintragen oder bei Cal.com eine andere wählen.",
    ),
    FlagKind.NEEDS_ATTENTION: FlagWords(
        "Bitte ansehen", "Die Buchung öffnen: ihre Notiz sagt, was nicht zu entscheiden war."
    ),
    FlagKind.BROKEN_LINK: FlagWords(
        "Leistungen nicht buchbar",
        "Ein Termintyp fehlt bei Cal.com, verlangt mehr, als sich am Telefon sagen lässt, oder "
        "lehnt unseren Schlüssel ab. Die Notiz nennt ihn; bei Cal.com oder in der Geschäftsdatei "
        "berichtigen.",
    ),
    FlagKind.CALENDAR_SILENT: FlagWords(
        "Cal.com meldet keine Änderungen",
        "Den Webhook bei Cal.com prüfen: Adresse, Geheimnis und ob er eingeschaltet ist.",
    ),
    FlagKind.LISTENER_FAILED: FlagWords(
        "Etwas blieb aus",
        "Eine Nachricht, Aufgabe oder Marke konnte nicht angelegt werden. Welche, steht in der "
        "Notiz; von Hand erledigen und dem Betrieb sagen.",
    ),
}

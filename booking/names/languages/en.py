"""English words around names, folded."""

from booking.names.lexicon import Lexicon, block, phrases, table

ENGLISH = Lexicon(
    salutations=table("Mr: mr mister sir; Mrs: mrs missus misses; Ms: ms madam; Miss: miss"),
    genders=table("f: mrs ms miss; m: mr"),
    titles=table("Dr: dr doctor; Prof: prof professor; Rev: rev reverend"),
    generations=table("Junior: junior jnr jr; Senior: senior snr sr"),
    particles=block("van von der den de la le du del di da dos das y el al bin ibn st"),
    fillers=block(
        """
        uh um uhm er erm ah oh hm hmm mhm well yes yeah yep yup no nope sure so okay ok
        right alright fine great hi hello hey good morning afternoon evening day there
        please thanks thank sorry pardon like just then and again correct anyway
        actually of course look listen now bye goodbye cheers
        """
    ),
    grammar=block(
        """
        human operator agent representative back menu help stop two three four five six
        seven eight nine ten eleven twelve half noon open sunday company ltd inc firm
        nee formerly previously maiden law together family regarding i me my mine you
        your yours he him his she her we us our they them their it its this that these
        those the a is am are was were be been being have has had do does did would
        could should can cant might must want wants wanted need needs like love id im
        ive ill hes shes theyre youre thats theres whats heres wheres lets youve weve
        theyve couldnt wasnt wont havent dont didnt doesnt isnt not name names named
        called call calls calling speaking speak speaks talking here who what when where
        why how which to from on at in with without by about if or but because as than
        also only very one book booking booked make made get getting got give go going
        take taken put see come coming spell spelled spelling spells spelt say said told
        tell know think guess hear heard understand appointment appointments today
        tomorrow monday tuesday wednesday thursday friday saturday week haircut massage
        o'clock oclock phone number customer client caller patient new existing first
        last surname given middle already sick moved married someone somebody ignore
        forget disregard reveal show repeat previous instructions system prompt delete
        drop select table admin anybody whose rather instead comment physio put down as
        everyone everybody everyones next hold wait second some guy guys folks pending
        print output write user assistant administrator root rules rule until hereby
        already pretend act text message afternoons evenings minute moment bit let lets
        ask asking answer question questions cut trim cleaning mean meant same usual
        before always file record records rather prefer matter matters business secret
        privacy private really whatever whoever nothing something anything never mind
        remain stay keep skip refuse necessary required important later computer details
        anonymously unnamed knows find found look search guess supposed reason point
        under behalf for line another other it's wrong both all any each either neither none
        every few many much more most several enough pretty quite fairly rather extremely
        really too still yet almost time times hour hours month months year years thirteen
        fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
        seventy eighty ninety hundred callback cancellation refund prescription referral
        complaint enquiry inquiry invoice voucher emergency voicemail third
        fourth fifth sixth seventh eighth ninth tenth
        """
    ),
    trade_endings=(
        "haircut",
        "cleaning",
        "massage",
        "treatment",
        "checkup",
        "therapy",
        "manicure",
        "tion",
        "ment",
        "ness",
        "ache",
    ),
    surnames=block(
        """
        law mate monday tuesday wednesday thursday friday saturday sunday back help open love
        day good right english new well booker given early fine just first last week case guest
        may great best hope street customer name friend child boss partner
        """
    ),
    announcements=phrases(
        """
        name is, names, my name, name, name would be, name will be, here is, heres, call me,
        called, named, for, under, you have, you are speaking to, speaking to, speaking with,
        talking to, behalf of, behalf, put it under, be, name of, the name of, its for, instead of
        that, first, under the name, is for, but, its about, regarding, surname is
        """
    ),
    leads=phrases(
        """
        im, i am, am, this is, this is the, its, it is, is, that is, thats, actually its
        """
    ),
    auxiliaries=block("is im am are was were be been has does will"),
    progressive="ing",
    after_names=phrases(
        """
        is my name, my name, speaking, here, is the name, thats me, thats my name, calling
        """
    ),
    openings=block("i im id my we here and from with calling nee"),
    corrections=block("sorry no nope actually correction pardon oops whoops")
    | phrases(
        """
        no wait, wait no, wait, hang on, i mean, i meant, make that, no i mean, rather,
        no its, no it is, no make that
        """
    ),
    denials=phrases("not, isnt, not for, rather than, instead of"),
    inverted="",
    former=block("nee formerly previously maiden"),
    joiners=block("and"),
    relations=block(
        """
        daughter son wife husband mother mom mum mummy father dad sister brother
        grandmother grandma gran nan grandfather grandpa granddad aunt auntie uncle
        niece nephew grandson granddaughter friend girlfriend boyfriend partner
        colleague coworker boss neighbour neighbor child kid girl boy fiance fiancee
        flatmate roommate cousin stepson stepdaughter godson goddaughter baby spouse
        twins youngest eldest oldest toddler one lad lass mother-in-law father-in-law
        sister-in-law brother-in-law daughter-in-law son-in-law nanna grandparent parent
        ex mate granny twin kids carer
        """
    ),
    possessives=block("my our his her their"),
    of=block("of"),
    of_somebody=block("of with by from to at"),
    of_another=phrases("his name is, her name is, his names, her names, hes called, shes called"),
    purposes=block("for behalf"),
    copulas=block("is was"),
    given_labels=phrases("first name, given name, forename, christian name"),
    surname_labels=phrases("last name, surname, family name, second name"),
    stand_ins=block(
        """
        unknown anonymous anon anonymus withheld undefined unnamed unspecified
        newcustomer testuser testcustomer placeholder noname unidentified inaudible
        unintelligible silence unclear garbled noise johndoe janedoe nan
        """
    ),
    stand_ins_alone=block(
        """
        customer client caller user guest test tester testing null none nil nobody person name
        firstname lastname fullname surname private blocked restricted unavailable na hidden
        someone somebody anybody patient not provided given available no the your last first
        full sample example default empty missing mystery visitor member tbd tba lady gentleman
        man woman string value mr mrs ms new void true false attendee invitee contact subscriber
        here insert said stated applicable specified id of
        """
    ),
    stand_in_surnames=block("guest null man tester private client first last"),
    stand_in_names=block("johndoe janedoe johnqpublic firstnamelastname foobar foo bar"),
    letters=table(
        """
        a: ay eh; b: be bee; c: ce cee see sea; d: de dee; e: ee; f: ef eff; g: ge gee; h: aitch
        haitch age; i: eye aye; j: jay; k: kay; l: el ell; m: em; n: en; o: oh; p: pe pee pea;
        q: queue cue que; r: ar are; s: es ess; t: te tee tea; u: you yew; v: vee; w: doubleu
        doubleyou; x: ex; y: why wye; z: zee zed
        """
    ),
    code_words=table(
        """
        a: alpha alfa apple adam able; b: bravo boy baker bob; c: charlie cat charles; d: delta
        dog david; e: echo easy edward elephant; f: foxtrot fox frank freddy; g: golf george
        girl; h: hotel harry henry; i: india ida igloo; j: juliett juliet john jack; k: kilo
        king kite; l: lima london larry love lincoln; m: mike mary mother; n: november nancy
        nora nan; o: oscar oliver orange ocean; p: papa peter paul; q: quebec queen; r: romeo
        robert roger; s: sierra sam sugar samuel; t: tango tom thomas tommy; u: uniform uncle
        union; v: victor victoria; w: whiskey whisky william; x: xray x-ray; y: yankee yellow
        young; z: zulu zebra
        """
    ),
    as_in=phrases("as in, for, like, as, is for"),
    twice=block("double two twice"),
    rather=block("not instead rather"),
    with_words=phrases("with a, with an, with the, with"),
    without=phrases("no, without a, without an, without the, without"),
    at_the_end=phrases("at the end, on the end, ends in, ends with, ending in, ending with"),
    once=block("one single just"),
    soft=block("silent capital small little big upper lower case lowercase uppercase start"),
    sharp_s=phrases("sharp s"),
    umlaut=block("umlaut"),
    hyphen=phrases("hyphen, dash, hyphenated"),
    commas=block("comma"),
    apostrophe=block("apostrophe"),
    space=phrases("space, new word, then, last name, surname, first name"),
)

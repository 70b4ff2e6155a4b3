"""One module a language, which defines `WORDS`: a further language is a further module here."""

import inspect
from collections.abc import Callable

import pytest

from booking import vault
from booking.vault import SecretKeyMissing, SecretKeyTooShort, SecretKeyWrong, Vault, VaultError

OLD, NEW = "the passphrase of last year", "the passphrase of this year"


@pytest.fixture(scope="module")
def old() -> Vault:
    return Vault(OLD)


def test_what_is_sealed_can_be_opened_and_shows_nothing(old: Vault) -> None:
    sealed = old.seal("cal_live_schlüssel")

    assert old.open(sealed) == "cal_live_schlüssel"
    assert b"cal_live" not in sealed
    assert old.seal("cal_live_schlüssel") != sealed


def test_the_same_passphrase_is_the_same_key_on_another_machine(
    old: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "_derived", inspect.unwrap(vault._derived))  # this process remembers
    assert Vault(OLD).open(old.seal("secret")) == "secret"


def test_keys_are_rotated_without_a_gap(old: Vault) -> None:
    """The new key goes in front, what is stored is sealed anew, then the old key may go."""
    both = Vault(f"{NEW}, {OLD}")
    sealed = old.seal("secret")
    assert both.open(sealed) == "secret"

    resealed = both.reseal(sealed)
    assert Vault(NEW).open(resealed) == "secret"
    with pytest.raises(SecretKeyWrong):
        old.open(resealed)


@pytest.mark.parametrize(
    "alter",
    [lambda _: b"", lambda _: b"no token", lambda sealed: sealed[:-4] + b"AAA="],
    ids=["empty", "foreign", "altered"],
)
def test_bytes_of_another_origin_are_refused_with_what_to_do(
    old: Vault, alter: Callable[[bytes], bytes]
) -> None:
    sealed = alter(old.seal("secret"))

    with pytest.raises(SecretKeyWrong, match="SLOTLINE_SECRET_KEY does not open"):
        old.open(sealed)
    with pytest.raises(SecretKeyWrong):
        old.reseal(sealed)


@pytest.mark.parametrize("passphrases", ["", "  ", ",", " , "])
def test_no_key_is_said_to_be_missing(passphrases: str) -> None:
    with pytest.raises(SecretKeyMissing):
        Vault(passphrases)


@pytest.mark.parametrize("passphrases", ["hunter2", f"{NEW},hunter2"])
def test_a_key_that_could_be_guessed_is_refused_and_not_repeated(passphrases: str) -> None:
    with pytest.raises(SecretKeyTooShort) as refusal:
        Vault(passphrases)
    assert "hunter2" not in str(refusal.value)


def test_every_refusal_is_a_vault_error() -> None:
    assert set(VaultError.__subclasses__()) == {SecretKeyMissing, SecretKeyTooShort, SecretKeyWrong}

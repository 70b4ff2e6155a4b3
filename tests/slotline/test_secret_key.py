from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from slotline.secret_key import FILE_NAME, SecretKeyExposed, load_or_create


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    directory = tmp_path / "not" / "yet" / "there"

    key = load_or_create(directory)

    assert len(key) >= 43
    assert load_or_create(directory) == key
    assert (directory / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in directory.iterdir()] == [FILE_NAME]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(max_workers=16) as pool:
        keys = set(pool.map(lambda _: load_or_create(tmp_path), range(64)))

    assert len(keys) == 1


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_or_create(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o644)

    with pytest.raises(SecretKeyExposed, match="chmod 600"):
        load_or_create(tmp_path)

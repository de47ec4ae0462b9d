"""Text people search by and read."""

import pytest

from common.text import digits, normalise, normalise_company, place, search_text

pytestmark = pytest.mark.nodb


def test_a_prefecture_is_written_once():
    assert place("愛知県", "愛知県刈谷市") == "愛知県刈谷市"
    assert place("愛知県", "刈谷市") == "愛知県刈谷市"
    assert place("", "愛知県刈谷市") == "愛知県刈谷市"
    assert place("愛知県", "") == "愛知県"


@pytest.mark.parametrize(
    "name", ["㈱鳴瀬精密", "（株）鳴瀬精密", "株式会社　鳴瀬精密", "鳴瀬精密 株式会社"]
)
def test_a_company_is_found_however_its_form_is_written(name):
    assert normalise_company(name) == "鳴瀬精密"


def test_kana_and_width_do_not_matter_to_a_search():
    assert normalise("ｻﾄｳ　ＡＢＣ") == normalise("サトウ abc") == "さとう abc"
    assert digits("０９０－1234") == "0901234"


def test_each_word_stands_behind_a_blank_so_that_two_characters_are_enough():
    assert " 佐藤 " in search_text("佐藤", "花子")

"""language: which language a text is in, the same answer in every order, spelling and engine."""

import json
import os
import random
from importlib.util import find_spec
from pathlib import Path
from unicodedata import normalize

import langdetect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinsach.cleaning import language
from tinsach.cleaning.language import (
    MIN_LETTERS,
    SAMPLE_CHARS,
    ask_langdetect,
    detect_language,
    sample_text,
)

SHARED = Path(os.environ.get("TINSACH_SHARED", Path(__file__).parents[2] / "shared"))
HAS_FAST = find_spec("langdetect_rs") is not None

TEXTS = {
    "vi": "Sáng nay, mưa lớn gây ngập nhiều tuyến đường ở trung tâm thành phố, hàng trăm xe chết máy giữa dòng nước.",
    "en": "Heavy rain flooded several streets in the city centre this morning, and hundreds of motorbikes broke down.",
    "de": "Starker Regen hat heute Morgen mehrere Straßen in der Innenstadt überflutet, viele Motorräder stehen.",
    "fr": "De fortes pluies ont inondé ce matin plusieurs rues du centre-ville, des centaines de motos en panne.",
    "es": "Las fuertes lluvias inundaron esta mañana varias calles del centro, y cientos de motos quedaron averiadas.",
    "it": "Le forti piogge hanno allagato questa mattina diverse strade del centro, centinaia di moto si sono fermate.",
    "pt": "As fortes chuvas alagaram esta manhã várias ruas do centro da cidade, e centenas de motos ficaram paradas.",
    "ro": "Ploile puternice au inundat în această dimineață mai multe străzi din centru, sute de mașini s-au oprit.",
    "hr": "Jaka kiša jutros je poplavila nekoliko ulica u središtu grada, a stotine motocikala ostale su na cesti.",
    "pl": "Silny deszcz zalał dziś rano kilka ulic w centrum miasta, a setki motocykli utknęły w wodzie.",
    "tr": "Şiddetli yağmur bu sabah şehir merkezinde birçok caddeyi su altında bıraktı, yüzlerce motosiklet bozuldu.",
    "id": "Hujan deras pagi ini membanjiri beberapa jalan di pusat kota, ratusan sepeda motor mogok di tengah air.",
    "ru": "Сильный дождь сегодня утром затопил несколько улиц в центре города, сотни мотоциклов заглохли в воде.",
    "ko": "오늘 아침 폭우로 도심의 여러 도로가 물에 잠겼고 수백 대의 오토바이가 물속에서 멈춰 섰다.",
    "ja": "今朝の大雨で市の中心部の多くの道路が冠水し、何百台ものバイクが水の中で動かなくなった。",
    "zh": "今天早上的大雨淹没了市中心的许多街道，数百辆摩托车在水中熄火，交通一度中断。",
    "th": "ฝนตกหนักเมื่อเช้านี้ทำให้ถนนหลายสายใจกลางเมืองถูกน้ำท่วม รถจักรยานยนต์หลายร้อยคันเครื่องดับ",
    "ar": "غمرت الأمطار الغزيرة صباح اليوم عدة شوارع في وسط المدينة وتعطلت مئات الدراجات النارية.",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items(), ids=TEXTS.keys())
def test_language_of_a_sentence(code: str, text: str) -> None:
    """One sentence is enough; the score is a probability with four digits."""
    found, score = detect_language(text)
    assert found == code
    assert score is not None
    assert 0.5 < score <= 1
    assert score == round(score, 4)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_decomposed_spelling_gives_the_same_answer(text: str) -> None:
    """NFD and NFC agree, in short texts and in sampled ones."""
    for length in (1, 40):
        long = " ".join([text] * length)
        assert detect_language(normalize("NFD", long)) == detect_language(normalize("NFC", long))


def test_order_of_calls_changes_nothing() -> None:
    """The answers do not depend on what was asked before, or on what others do with langdetect's seed."""
    texts = list(TEXTS.values())
    answers = {text: detect_language(text) for text in texts}
    seed = langdetect.DetectorFactory.seed
    langdetect.DetectorFactory.seed = 12345
    try:
        random.Random(1).shuffle(texts)
        assert {text: detect_language(text) for text in texts} == answers
    finally:
        langdetect.DetectorFactory.seed = seed


@pytest.mark.parametrize(
    "text",
    ["", " ", "12 345 – 67 %", "Ảnh: Lan Chi", "a" * (MIN_LETTERS - 1), "§ " * 500, "😀" * 100, "\ud800" * 50],
    ids=["empty", "blank", "numbers", "credit", "one letter too few", "signs", "emoji", "half characters"],
)
def test_too_few_letters_have_no_language(text: str) -> None:
    """Below MIN_LETTERS letters there is no answer."""
    assert detect_language(text) == (None, None)


def test_unknown_script_has_no_language() -> None:
    """A script of which langdetect has no profile gives no answer."""
    assert detect_language("ᎣᏏᏲ ᎢᎦ ᎤᏍᏗ ᎠᎩᏍᏗ " * 5) == (None, None)


def test_score_of_a_doubtful_text_is_below_one() -> None:
    """Where langdetect wavers, the score says so, and stays the same."""
    text = f"{TEXTS['vi']} {TEXTS['en']} {TEXTS['en']}"
    assert {detect_language(text) for _ in range(5)} == {("vi", 0.5714)}


def test_foreign_quotation_does_not_decide() -> None:
    """A long English quotation at the head of a Vietnamese article leaves it Vietnamese."""
    text = " ".join([TEXTS["en"]] * 5 + [TEXTS["vi"]] * 20)
    assert detect_language(text)[0] == "vi"


MIXED = [" ".join([TEXTS["vi"]] * num_vi + [TEXTS["en"]] * num_en) for num_vi in range(5) for num_en in range(5)]


@pytest.mark.parametrize("text", [*MIXED, TEXTS["vi"][:40], *TEXTS.values()])
def test_shortcut_says_what_langdetect_says(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the check of Vietnamese letters and without it, code and score are the same."""
    answer = detect_language(text)
    monkeypatch.setattr(language, "VIETNAMESE_SHARE", 2.0)
    assert detect_language(text) == answer


def test_capitals_are_vietnamese_too() -> None:
    """A text in capitals has its letters as well."""
    assert detect_language(TEXTS["vi"].upper()) == ("vi", 1.0)


@pytest.mark.skipif(not HAS_FAST, reason="the extra `fast` is not installed")
@pytest.mark.parametrize("text", [*MIXED[1:], *TEXTS.values(), "Messi ghi hat-trick, Inter Miami 4-0", "e " * 400])
def test_both_engines_agree(text: str) -> None:
    """langdetect-rs gives langdetect's answer and score."""
    assert ask_langdetect(text, engine="langdetect_rs") == ask_langdetect(text, engine="langdetect")


def test_answer_is_the_same_without_the_extra() -> None:
    """detect_language asks an engine whose answer is langdetect's own."""
    text = TEXTS["id"]
    assert detect_language(text) == ask_langdetect(text, engine="langdetect")


@given(st.text(max_size=3 * SAMPLE_CHARS))
def test_sample_is_bounded_and_made_of_the_text(text: str) -> None:
    """The sample is no longer than SAMPLE_CHARS and its separators; a short text is its own sample."""
    sample = sample_text(text)
    assert len(sample) <= SAMPLE_CHARS + 2
    if len(text) <= SAMPLE_CHARS:
        assert sample == text


def test_sample_is_cut_between_words() -> None:
    """Head, middle and tail of a long text stand in the sample, every word whole."""
    words = [f"từ{number}" for number in range(2_000)]
    sample = sample_text(" ".join(words)).split()
    assert set(sample) <= set(words)
    assert sample[0] == words[0]
    assert sample[-1] == words[-1]
    assert any(900 < words.index(word) < 1_100 for word in sample)


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    """No text raises; code and score come together."""
    code, score = detect_language(text)
    assert (code is None) == (score is None)
    assert code is None or len(code) == 2
    assert score is None or 0 < score <= 1


PAGES = sorted(SHARED.glob("sets/*/*.json"))


@pytest.mark.skipif(not PAGES, reason="the saved pages are not here")
def test_saved_articles_agree_in_both_engines() -> None:
    """On real articles the shortcut says what langdetect says, and both engines say the same."""
    for path in PAGES[::4]:
        text = normalize("NFC", json.loads(path.read_text(encoding="utf-8"))["text"])
        sample = sample_text(text)
        expected = ask_langdetect(sample, engine="langdetect")
        assert detect_language(text) == expected, path.name
        if HAS_FAST:
            assert ask_langdetect(sample, engine="langdetect_rs") == expected, path.name

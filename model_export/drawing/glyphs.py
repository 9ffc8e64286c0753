"""Printed signs that are no digits, from the fonts that Matplotlib brings along."""

from functools import cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.ft2font import FT2Font
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Picture = NDArray[np.uint8]
"""uint8 (height, width), 0 black to 255 white."""

MIN_SIDE: Final = 40
MAX_SIDE: Final = 96
"""Of a picture, in pixels; all are square."""
WORD_SHARE: Final = 0.1
"""Of the glyphs: two or three letters side by side."""
MIN_CONTRAST: Final = 70
"""Between ink and paper, in grey levels."""
DARK_PAPER_SHARE: Final = 0.25
MAX_GRAIN: Final = 6.0
"""Standard deviation of the paper's noise, in grey levels."""
_EM: Final = 56
"""Pixels that a font is drawn at, before it is turned and fitted in one sampling."""
_RIM: Final = 4

# Seen on contact sheets, one by one. Left out is what passes for a digit in some font (rings, bars,
# hooks like a 7, what holds a 2, 3, 6 or 9), and what looks like a Greek letter, as italic v does.
LATIN: Final = "ACEFHKLMNPRTUVWXacdefhjkmnprtux"
_ACCENTED: Final = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÑÙÚÛÜàáâãäåæçèéêëñùúûüĀāĂăĄąĆćĈĉĊċČčĒēĔĕĖėĘęĚěĤĥĦħĶķĽŁŃńŅņŇňŒœŔŕŖŗŘřŢţŤťŦŧŨũŪūŬŭ"
    "ŮůŰűŲųŴŵ"
)
_CYRILLIC: Final = (
    "ЂЉЊЋЌЍЏАДЕЖИЙКМНРСТХЦШЩЫЮЯажийкмнрстхцшщыюяђљњћќѝџҖҗҚқҠҡҢңҤҥҲҳҴҵӁӂӃӄӐӑӒӓӔӕӖӗӜӝӢӣӤӥӾӿ"
)
_ARMENIAN: Final = "ԱԹԽՄՔբթիխհմնոպստք"
_GEORGIAN: Final = "თლოღდ"
_HEBREW: Final = "אהחמשת"
_ARABIC: Final = "بتثسشصضكن"
_MARKS: Final = "#$%&*+=?@[]~<{¢¤¥©®±¿«»×÷†‡※⁂⁑‰‱…₠₡₣₥₦₧₨₩₪₫€₭₮₱₳₸₹₺₽№℞℡™ℂℍℕℙℝℵ℀℁℅℆"
_ARROWS: Final = (
    "←→↑↓↔↕↖↘↚↛↞↟↠↡↢↣↤↥↦↧↨↫↬↭↮↹⇄⇅⇆⇇⇈⇉⇊⇋⇌⇍⇎⇏⇐⇑⇒⇓⇔⇕⇖⇘⇚⇛⇜⇝⇦⇧⇨⇩⇪⇳⇶⇷⇸⇹⇼⇿➔➘➙➛➜➝➞➟➠➡➢➣➤➥➦➨➩➪➫➬➭➮➯➱➳➵➸➺➻➼➽➾"
)
_MATHEMATICS: Final = (
    "∀∇∓∔∗√∞∟∠∡∢∥∦∩∪∬∭∯∴∵∷∻∽∿≁≃≄≅≆≇≈≉≊≋≌≎≏≐≑≒≓≔≕≗≘≙≚≛≝≞≟≠≡≢≣≤≦≨≩≪≫≭≮≯≰≱≲≴≵≺≻≼⊀⊁⊂⊃⊄⊅⊆⊈⊉⊊⊋⊎⊏⊐⊑⊔⊕"
    "⊗⊛⊞⊟⊠⊢⊣⊤⊥⊧⊨⊩⊪⊫⊬⊭⊮⊯⊲⊳⊴⊵⊻⊼⊽⋇⋈⋉⋊⋐⋑⋒⋓⋕⋘⋙⋜⋪⋫⋬⋭⋯⋰⋱"
)
_SHAPES: Final = (
    "⌂⌘⌚⌖⌫⌦⌧⌨⏏⎈├┤┬┴┼┣┫┳┻╋═║╠╣╦╩╬╳╪╫╞╡╥╨┿╂▀▄░▒▓▙▛▜▟▚▞■□▣▤▥▦▧▨▩▪▬▭▰▱▶▷▸▹►▻▼▽▾▿◀◁◂◃◄◅◆◈◢◣◧◨◩◪◫◰◱◲◳◺◿"
)
_PICTOGRAMS: Final = (
    "☀☁☂☃★☆☎☏☑☒☓☔☕☖☗☘☙☚☛☜☞☠☢☣☤☦☨☩☪☫☬☭☮☯☰☱☲☳☴☵☶☷☸☹☺☻☼♅♊♍♏♒♓♔♕♖♗♘♙♚♛♜♝♞♟♠♡♣♤♥♧♨♪♫♬♮♯♰♱♲♺♻♿⚀⚁⚂⚃⚄⚅⚐⚑⚒⚓⚔"
    "⚖⚗⚘⚙⚛⚜⚭⚮⚯✁✂✃✄✆✇✈✉✌✍✎✏✐✑✒✕✖✗✘✙✚✛✜✝✞✟✠✡✢✣✤✥✦✧✩✪✫✬✭✮✯✰✱✲✳✴✵✶✷✸✹✺✻✼✽✾✿❀❁❂❃❄❅❆❇❈❉❊❋❏❐❑❒❖❢❣❤❥❦❧"
)
KINDS: Final[dict[str, tuple[str, float]]] = {
    "Latin": (LATIN, 0.28),
    "accented": (_ACCENTED, 0.10),
    "Cyrillic": (_CYRILLIC, 0.13),
    "Armenian": (_ARMENIAN, 0.06),
    "Georgian": (_GEORGIAN, 0.03),
    "Hebrew": (_HEBREW, 0.04),
    "Arabic": (_ARABIC, 0.05),
    "marks": (_MARKS, 0.09),
    "arrows": (_ARROWS, 0.05),
    "mathematics": (_MATHEMATICS, 0.05),
    "shapes": (_SHAPES, 0.05),
    "pictograms": (_PICTOGRAMS, 0.07),
}
"""By name: the characters, and their share of what is drawn."""
_WORD_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WIDE_FONTS: Final[tuple[str, ...]] = (
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSans-Oblique",
    "DejaVuSansMono",
    "DejaVuSansMono-Bold",
    "DejaVuSerif",
    "DejaVuSerif-Bold",
    "DejaVuSerif-Italic",
    "STIXGeneral",
    "STIXGeneralBol",
    "STIXGeneralItalic",
    "STIXGeneralBolIta",
)
_LETTER_FONTS: Final[tuple[str, ...]] = ("cmr10", "cmb10", "cmss10", "cmti10", "cmtt10")
"""TeX's, whose other characters are not where Unicode has them."""


def render_glyph(generator: np.random.Generator) -> Picture:
    """Print a character, or now and then a scrap of a word, that is no digit.

    Returns:
        uint8 (side, side), 0 black to 255 white; in some the ink is lighter than the paper.
    """
    if generator.random() < WORD_SHARE:
        count = generator.integers(2, 4)
        text = "".join(_WORD_LETTERS[i] for i in generator.integers(len(_WORD_LETTERS), size=count))
        fonts = _WIDE_FONTS + _LETTER_FONTS
    else:
        characters, shares = _kinds()
        kind = characters[generator.choice(len(characters), p=shares)]
        text = kind[generator.integers(len(kind))]
        fonts = list_fonts(text)
    return print_text(text, fonts[generator.integers(len(fonts))], generator)


def print_text(text: str, font: str, generator: np.random.Generator) -> Picture:
    """Print a text in a size, weight, slant, direction and grey of its own."""
    coverage = _change_weight(_draw_text(text, font), generator)
    side = int(generator.integers(MIN_SIDE, MAX_SIDE + 1))
    return _lay_ink(_place(coverage, side, generator), generator)


@cache
def _kinds() -> tuple[tuple[str, ...], tuple[float, ...]]:
    names = tuple(
        "".join(character for character in characters if list_fonts(character))
        for characters, _ in KINDS.values()
    )
    return names, tuple(share for _, share in KINDS.values())


@cache
def list_fonts(character: str) -> tuple[str, ...]:
    """The fonts that have the character."""
    fonts = [name for name in _WIDE_FONTS if ord(character) in _read_characters(name)]
    if character.isascii() and character.isalpha():
        fonts += _LETTER_FONTS
    return tuple(fonts)


@cache
def _read_characters(font: str) -> frozenset[int]:
    return frozenset(FT2Font(_font_path(font)).get_charmap())


@cache
def _load_font(font: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_font_path(font), _EM)


def _font_path(font: str) -> str:
    return str(Path(mpl.get_data_path(), "fonts", "ttf", f"{font}.ttf"))


def _draw_text(text: str, font: str) -> Image.Image:
    """The text's ink: an "L" image, 255 for all of a pixel, with a rim of paper around it."""
    typeface = _load_font(font)
    left, top, right, bottom = typeface.getbbox(text)
    size = (round(right - left) + 2 * _RIM, round(bottom - top) + 2 * _RIM)
    sheet = Image.new("L", size, 0)
    ImageDraw.Draw(sheet).text((_RIM - left, _RIM - top), text, fill=255, font=typeface)
    return sheet


def _change_weight(coverage: Image.Image, generator: np.random.Generator) -> Image.Image:
    """Swell or thin the ink; thinning leaves some grey even of a hairline."""
    choice = generator.random()
    if choice < 0.5:
        return coverage
    if choice < 0.8:
        return coverage.filter(ImageFilter.MaxFilter(3))
    return Image.blend(coverage, coverage.filter(ImageFilter.MinFilter(3)), 0.6)


def _place(coverage: Image.Image, side: int, generator: np.random.Generator) -> Picture:
    """Turn, shear, scale and place the ink on a square sheet."""
    turn, shear = generator.normal(0, 0.1), generator.normal(0.03, 0.1)
    cosine, sine = np.cos(turn), np.sin(turn)
    onto = np.array([[cosine, -sine], [sine, cosine]]) @ np.array([[1, -shear], [0, 1]])
    stretch = np.exp(generator.normal(0, 0.1))
    onto = onto @ np.diag([stretch, 1 / stretch])
    width, height = coverage.size
    reach = np.abs(onto) @ np.array([width, height])
    share = generator.uniform(0.5, 0.95)
    onto = onto * (share * side / reach.max())
    slack = (1 - share) * side / 2
    center = side / 2 + generator.uniform(-slack, slack, 2)
    back = np.linalg.inv(onto)
    offset = np.array([width / 2, height / 2]) - back @ center
    data = (*back[0], offset[0], *back[1], offset[1])
    placed = coverage.transform(
        (side, side), Image.Transform.AFFINE, data, Image.Resampling.BILINEAR
    )
    return np.asarray(placed)


def _lay_ink(coverage: Picture, generator: np.random.Generator) -> Picture:
    """Give ink and paper greys of their own, and the picture some grain."""
    paper = generator.uniform(130, 255)
    ink = generator.uniform(0, paper - MIN_CONTRAST)
    if generator.random() < DARK_PAPER_SHARE:
        paper, ink = 255 - paper, 255 - ink
    picture = paper + (ink - paper) * (coverage.astype(np.float32) / 255)
    if generator.random() < 0.5:
        grain = np.float32(generator.uniform(0, MAX_GRAIN))
        picture += grain * generator.standard_normal(picture.shape, dtype=np.float32)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)

"""Line cues of other languages than Vietnamese, for pages of unknown make: labels, calls, bylines, dates, credits.

Rule: a cue fits a whole short line, or its opening where a label ends in a colon; a sentence of an article has none.
What only the place shows is decided in `tinsach.cleaning.generic`. Pure.
"""

import re

from tinsach.cleaning.segment import Drop
from tinsach.cleaning.survey import Leaf

MAX_LABEL_CHARS = 80
MAX_CALL_CHARS = 250
MAX_BYLINE_CHARS = 200
MAX_CREDIT_CHARS = 160
MAX_DISCLOSURE_CHARS = 400
MIN_BARS = 2  # between the links of a row of links

# One line a language: en, de, fr, es, it, nl, Scandinavian and Finnish, pt, pl and cs, ru and uk, tr and id,
# th, ja ko zh.
_RELATED = (
    r"(?:read|see|learn|find\s+out|watch|listen|discover|explore)\s+(?:more|also|next|now)"
    r"(?:\s+(?:on|about|from|in|at)\b.{0,40})?"
    r"|also\s+(?:read|see|on).{0,30}|you\s+(?:may|might)\s+(?:also\s+)?(?:like|be\s+interested.{0,20}|enjoy)"
    r"|(?:more|related|similar|recommended|further|suggested|other|latest|recent|popular|trending|featured|additional)\s+"
    r"(?:articles?|stories|news|posts?|reading|content|topics?|links?|coverage|videos?|resources|for\s+you"
    r"|(?:from|on|in|about)\b.{0,40})"
    r"|(?:most|top)\s+(?:read|popular|viewed|shared|stories|news)|(?:recommended|picked|selected)\s+for\s+you|up\s+next"
    r"|(?:next|previous)\s+(?:article|post|story|up|read)|editors?.?s?\s+picks?|don.t\s+miss.{0,20}|what\s+to\s+read\s+next"
    r"|keep\s+reading|continue\s+reading.{0,20}|related|read\s+more|more",
    r"lesen\s+sie\s+(?:auch|mehr|hier|dazu).{0,40}|mehr\s+(?:zum|zu|aus|von|über|auf|dazu|lesen)\b.{0,40}|zum\s+thema"
    r"|(?:mehr|weitere|ähnliche|aktuelle|verwandte|andere|passende)\s+(?:zum\s+thema|themen|artikel|beiträge|nachrichten"
    r"|meldungen|infos?|informationen|inhalte|links|news|videos).{0,30}|auch\s+(?:interessant|lesen)|siehe\s+auch"
    r"|das\s+könnte\s+sie\s+(?:auch\s+)?interessieren|meistgelesen.{0,20}|weiterlesen.{0,20}|lese\s?tipps?"
    r"|(?:dieses\s+)?thema\s+im\s+programm|empfehlungen.{0,30}",
    r"(?:à\s+)?lire\s+(?:aussi|également|plus|la\s+suite).{0,30}|[àa]\s+lire(?:\s+sur.{0,30})?"
    r"|(?:voir|écouter)\s+(?:aussi|également)|sur\s+le\s+même\s+(?:sujet|thème)|dans\s+la\s+même\s+rubrique"
    r"|articles?\s+(?:liés|similaires|connexes|recommandés)|les\s+plus\s+lus|plus\s+d.(?:articles|infos|actualités)"
    r"|pour\s+aller\s+plus\s+loin|en\s+savoir\s+plus",
    r"(?:lee|leer|lea|ver|vea|mira)\s+(?:también|además|más)|te\s+puede\s+interesar|lo\s+más\s+(?:leído|visto)"
    r"|(?:noticias|artículos|temas|contenidos?|notas)\s+relacionad[oa]s?|también\s+te.{0,30}"
    r"|más\s+(?:noticias|información|sobre|en|leíd[oa]s)\b.{0,30}",
    r"leggi\s+(?:anche|ancora|tutto).{0,20}|(?:articoli|notizie|contenuti)\s+(?:correlat[ie]|simili|consigliat[ie])"
    r"|potrebbe\s+interessarti.{0,10}|(?:i\s+)?più\s+letti|(?:guarda|vedi)\s+anche|altri\s+articoli.{0,30}",
    r"lees\s+(?:ook|meer|verder).{0,20}|(?:gerelateerde?|meer)\s+(?:artikelen|nieuws|berichten|over.{0,30})|bekijk\s+ook"
    r"|meest\s+gelezen",
    r"les\s+(?:også|mer|mere).{0,20}|læs\s+(?:også|mere).{0,20}|läs\s+(?:också|även|mer).{0,20}|lue\s+(?:myös|lisää)"
    r"|relater(?:te|ade|ede)\s+.{3,20}|mest\s+l[eæä]st.{0,15}",
    r"leia\s+(?:também|mais|ainda).{0,20}|veja\s+(?:também|mais)|saiba\s+mais|mais\s+(?:lidas|notícias|sobre.{0,30})"
    r"|(?:notícias|artigos|conteúdos?|matérias)\s+relacionad[oa]s",
    r"(?:czytaj|zobacz)\s+(?:także|też|również|więcej|dalej).{0,20}|(?:polecane|powiązane)\s+.{3,20}"
    r"|(?:přečtěte|čtěte)\s+(?:si\s+)?(?:také|více|i).{0,20}|související\s+.{3,20}",
    r"читайте\s+(?:также|еще|ещё|подробнее|також).{0,20}|(?:материалы\s+)?по\s+теме|смотрите\s+также"
    r"|(?:другие\s+новости|похожие\s+.{3,20})",
    r"(?:ilgili|benzer)\s+(?:haberler|yazılar|içerikler)|(?:baca|simak|lihat)\s+juga.{0,20}"
    r"|(?:berita|artikel)\s+(?:terkait|lainnya|terpopuler)",
    r"อ่าน(?:เพิ่มเติม|ต่อ|ข่าวเพิ่มเติม)|(?:ข่าว|เรื่อง|บทความ)ที่เกี่ยวข้อง|ข่าว(?:ล่าสุด|ยอดนิยม|แนะนำ)",
    r"関連(?:記事|ニュース|リンク|トピックス|キーワード|コンテンツ|動画|タグ)|(?:あわせて|合わせて)読みたい.{0,6}"
    r"|おすすめ(?:記事|の記事|ニュース)?|(?:アクセス)?ランキング|続きを読む|もっと見る|관련\s*(?:기사|뉴스|글)"
    r"|(?:많이|함께)\s*본\s*(?:뉴스|기사)|相[关關](?:阅读|閱讀|新闻|新聞|文章|报道|報導|推荐)|(?:延伸|推薦|推荐)(?:閱讀|阅读|文章)"
    r"|更多(?:新闻|新聞|文章|内容)?",
)
_COMMENTS = (
    r"(?:\d+\s+)?(?:reader\s+|user\s+)?comments?(?:\s*\(?\d*\)?)?"
    r"|(?:leave|post|write|add|join|view|show|read)\s+(?:a\s+|the\s+|your\s+|all\s+)?(?:comments?|reply|conversation|discussion)"
    r"(?:\s.{0,20})?",
    r"(?:\d+\s+)?(?:leser)?kommentare?(?:\s*\(?\d*\)?)?(?:\s+(?:zum|zu|lesen|schreiben).{0,20})?",
    r"(?:\d+\s+)?commentaires?(?:\s*\(?\d*\)?)?|(?:laisser|ajouter)\s+un\s+commentaire",
    r"(?:\d+\s+)?comentarios?(?:\s*\(?\d*\)?)?|dejar?\s+(?:un\s+|una\s+)?(?:comentario|respuesta)|comentários?",
    r"commenti(?:\s*\(?\d*\)?)?|lascia\s+un\s+commento|reacties(?:\s*\(?\d*\)?)?|kommentarer|komentarze(?:\s*\(?\d*\)?)?",
    r"комментарии|コメント(?:を(?:書く|見る))?|댓글.{0,6}|评论|評論|yorumlar|komentar",
)
_BUTTONS = (
    r"share(?:\s+(?:this|on|via|article|story|post|now|with|the).{0,40})?|tweet|pin\s?it|print(?:\s+(?:this|article).{0,20})?"
    r"|e-?mail(?:\s+(?:this|article).{0,20})?|copy\s+link|facebook|twitter|whats\s?app|linkedin|reddit|flipboard|messenger",
    r"teilen|drucken|merken|artikel\s+(?:teilen|drucken|merken|versenden|anhören)|partager.{0,30}|imprimer|compartir.{0,20}",
    r"condividi.{0,20}|delen|del|dela|udostępnij|поделиться.{0,20}|シェア(?:する)?|공유(?:하기)?",
    r"scroll\s+to\s+(?:continue|resume).{0,25}|lanjutkan\s+membaca.{0,25}|\[gambas:.{2,40}\]|แชร์.{0,20}",
    r"advertisement|advertising|sponsored|anzeige|werbung|publicité|publicidad|pubblicità|advertentie|annons[e]?|annonce"
    r"|reklama|реклама|広告|광고|(?:article|story)\s+continues.{0,30}|loading.{0,10}",
    r"(?:contents?|table\s+of\s+contents?|on\s+this\s+page|in\s+this\s+(?:article|guide|post)|jump\s+to|inhaltsverzeichnis"
    r"|inhalt|sommaire|índice|indice|目次)(?:\s+\W?(?:hide|show|toggle)\W?)?",
    r"listen(?:\s+to\s+(?:this\s+)?(?:article|story))?|play\s+video|video|photo|gallery|back\s+to\s+(?:top|blog|all).{0,20}"
    r"|skip\s+.{3,30}|hide|show\s+(?:more|less|all)|view\s+(?:more|all|gallery)|load\s+more|see\s+all",
)
_AUTHOR_BOXES = (
    r"about\s+the\s+authors?|about\s+(?:me|us)|author|written\s+by|meet\s+the\s+author|über\s+(?:den\s+autor|die\s+autor(?:in|en))"
    r"|zur\s+person|à\s+propos\s+de\s+l.auteur|sobre\s+(?:el|la|o|a)\s+autora?|(?:l.)?autore|over\s+de\s+auteur|об\s+авторе",
)
_LABELLED_LINK = re.compile(
    r"""(?x)^\W{0,3}(?:
      (?:WATCH|LISTEN|VIDEO|PHOTOS?|GALLERY|READ|LEES|LIRE|VIDÉO|LEGGI|LEIA|MIRA|VER|SEHEN|IN\sPICTURES|PODCAST)
        \s*[|:>»–-]\s*\S
    | (?i:read\s+(?:more|also|next)|also\s+read|see\s+also|related|more\s+on|lesen\s+sie\s+auch
      |mehr\s+(?:zum\s+thema|dazu)
      |(?:à\s+)?lire\s+aussi|à\s+lire|voir\s+aussi|le[ae]r?\s+(?:también|más)|leggi\s+anche|lees\s+ook
      |l[eæ]s\s+også|läs\s+(?:också|även)
      |leia\s+(?:também|mais)|(?:czytaj|zobacz)\s+(?:także|też|więcej)|читайте\s+также|(?:baca|simak|lihat)\s+juga
      |อ่าน(?:เพิ่มเติม|ต่อ|ข่าวเพิ่มเติม)|ข่าวที่เกี่ยวข้อง|(?:延伸|相关|相關|更多)(?:阅读|閱讀|新闻|新聞))\s*[|:：>»–-]+\s*\S)"""
)
_NEWSLETTER = re.compile(r"(?i)\b(?:newsletters?|inbox|mailing\s+list|nieuwsbrief|nyhetsbrev|nyhedsbrev|メルマガ)\b")
_SIGN_UP = re.compile(
    r"""(?ix)^\W*(?:sign\s?up|subscribe|get\s+(?:the|our|more|all|instant|breaking|real-time)|join\s+(?:our|the|over|\d)|register
      |jetzt\s+(?:abonnieren|anmelden|testen)|abonnieren|abonnez|inscrivez|suscr[ií]b|regístr|iscriviti|abbonati|abonneer
      |schrijf\s+je|assine|inscreva|zapisz\s+się|подпи[сш]|구독|订阅|訂閱)"""
)
_FOLLOW = re.compile(
    r"""(?ix)^\W*(?:follow|like|join|find|folgen\s+sie|folge|suivez|s[ií]gue|seguici|segui|volg|siga|obserwuj|подписывайтесь
      |cek\s+(?:berita|artikel)|(?:ayo\s+)?ikuti|simak\s+berita|dapatkan|takip)\b
      .{0,120}\b(?:facebook|twitter|instagram|whats\s?app|telegram|youtube|tik\s?tok|linkedin|google\s+news|threads|bluesky|x)\b"""
)
_DISCLOSURE = re.compile(
    r"(?i)\baffiliate\b.{0,80}\b(?:links?|commission|partners?|program|disclosure)"
    r"|(?:earn|receive)\s+(?:a\s+|an\s+)?(?:small\s+)?(?:affiliate\s+)?(?:commission|compensation)"
    r"|provision\b.{0,60}\b(?:link|kauf)"
)
_CUT_OFF = re.compile(
    r"(?i)\bil\s+vous\s+reste\s+[\d.,]+\s?%\s+de\s+cet\s+article|\bla\s+suite\s+est\s+réservée\s+aux\s+abonnés"
)
_PAYWALL = re.compile(
    r"""(?ix)^\W*(?:to\s+(?:continue|keep)\s+reading\b
        | this\s+(?:article|story|content)\s+is\s+(?:reserved\s+|only\s+)*(?:for|available\s+to)\s+(?:our\s+)?
          (?:subscribers|members)
        | (?:article|contenu)\s+réservé\s+(?:à\s+nos|aux)\s+abonnés | déjà\s+abonné
        | weiterlesen\s+mit | dieser\s+(?:artikel|inhalt)\s+ist\s+(?:nur\s+)?für\s+abonnenten
        | sie\s+(?:haben|sind)\s+(?:bereits|schon)\s+(?:ein\s+abo|abonnent)
        | mit\s+der\s+anmeldung\s+(?:willigen|stimmen|akzeptieren)\s+sie
        | (?:contenido|artículo)\s+(?:exclusivo|solo)\s+para\s+suscriptores | ya\s+(?:eres|soy)\s+suscriptor
        | (?:contenuto|articolo)\s+riservato\s+agli\s+abbonati
        | (?:har\s+du|är\s+du|er\s+du)\s+(?:allerede\s+|redan\s+)?abonn\w+)"""
)
# One of these stands in what the searches above find; to look for a word costs a tenth of a search.
_NEWSLETTER_WORDS = ("newsletter", "inbox", "mailing", "nieuwsbrief", "nyhetsbrev", "nyhedsbrev", "メルマガ")
_DISCLOSURE_WORDS = ("affiliate", "commission", "compensation", "provision")
_CUT_OFF_WORDS = ("cet article", "abonnés")
_CONTACT = re.compile(
    r"(?i)\b(?:feedback|write\s+to|e-?mail\s+(?:us|the|him|her)|contact|tips?\b|hinweis|meinung|leserbrief|melde|schreiben\s+sie"
    r"|écrivez|réagi|escr[ií]b|scrivi|contatt|napisz|пишите|redacc?tion)"
)
_BYLINE = re.compile(
    r"""(?x)^\W*(?:
      (?i:by|von|par|por|di|av|af|door|przez|текст|автор|text|autor(?:in)?|auteur|words|story|reporting|written|edited|reviewed
        |medically\s+reviewed|fact.checked|editing|photos?|photography|fotos?)\s*(?:by|von|par|por|:)?\s+
        (?=[A-ZÀ-ÞŁŚŻА-Я])[^.!?]{2,80}
    | (?i:by|von|par|por|di|oleh)\s+(?=[A-ZÀ-Þ])[^.!?]{2,60}?
        (?:Published|Updated|Posted|Veröffentlicht|Aktualisiert|Stand:|Publié|Mis\sà\sjour|Publicado|Pubblicato|Diterbitkan)
        .{0,12}\d.{0,100}
    | \([a-z]{2,4}(?:/[a-z]{2,4}){1,2}\)
    | (?i:with\s+(?:files|reports?|reporting|inputs?|additional\s+reporting)\s+(?:from|by)|additional\s+reporting\s+by
        |(?:reporting|editing|writing|compiled|edited|produced|updated)\s+by|(?:submitted|posted)\s+by\s.{2,50}\son\s(?=.{0,25}\d\W*$)
        |mit\s+(?:agentur\w*|material|informationen).{0,40}
        |(?:quellen?|sources?|redaktion|faktencheck|fuente|fonte|źródło|bron)\s*:|source\s+afp|avec\s+(?:afp|reuters)
        |\(?(?:mit|with)\s+(?:dpa|afp|ap|reuters)).{0,200}
    | (?:[a-zäöü]{2,4}\s?[/,]\s?)*
        (?:dpa|afp|AFP|AP|Reuters|reuters|APA|apa|ANSA|EFE|PAP|Belga|ANP|NTB|TT|sda|SDA|epd|KNA|sid|SID|dts)
        (?:\s?[/,-]\s?\w{1,12})*\W*
    | ©.{0,120} | \(c\)\s.{0,80}
    | (?i:copyright\b.{0,120}|all\s+rights\s+reserved.{0,60}|alle\s+rechte\s+vorbehalten.{0,60})
    | (?i:stand|published|updated|posted|last\s+(?:updated|modified|reviewed)|veröffentlicht|aktualisiert
        |publié|mis\s+à\s+jour
        |publicado|actualizado|pubblicato|aggiornato|gepubliceerd|publisert|opdateret|uppdaterad|opublikowano|aktualizacja
        |опубликовано|обновлено|更新|公開|입력|수정)\s*(?:on|am|le|el|il|op|:)?\W{0,3}.{0,12}\d.{0,40}
    | \d+\s*(?i:min(?:ute)?s?\.?(?:\s+(?:read|lesezeit|de\s+lecture|di\s+lettura|de\s+lectura))?
        |comments?|shares?|views?|kommentare)\W*
    )$"""
)
_EAST_ASIAN_SIGNATURE = re.compile(
    r"[(（\[【]?(?:责任编辑|責任編輯|责编|编辑|編輯|记者|記者|作者|来源|來源|稿源|审核|校对|摄影)\s*[:：].{1,30}"
)
_CREDIT_LINE = re.compile(
    r"(?i)^\W*(?:quelle|ภาพ(?:จาก|โดย|ข่าว)?|ขอบคุณภาพ(?:จาก)?|foto|photo|bild|image|picture|credit|crédit|photograph|imagen|immagine|fot\.|фото|source)\s*"
    r"(?:credit|by|von|courtesy(?:\sof)?|:)\s?.{0,80}$"
)
_CREDIT = re.compile(
    r"(?:\((?:Photo|Foto|Image|Picture|Getty|AP|AFP|Reuters|Bild|Credit|Fot\.)[^()]{0,80}\)"
    r"|/\s?(?:Getty|AFP|AP|Reuters|dpa|EPA|Shutterstock)\S{0,40}|(?:Photo|Image|Credit|Bild|Foto)\s?:\s?[^:]{2,60}|©[^.]{2,60}"
    r"|(?:Getty Images|Shutterstock|Unsplash|imago|picture alliance)[^.]{0,30})\W{0,3}$"
)
_MONTH = (
    r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|okt|oct|nov|de[zc]|févr|avr|juin|juil|août|déc|ene|abr|ago|dic|gen|mag|giu"
    r"|lug|set|ott|fev|out|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|sty|lut|kwi|maj|cze|lip|sie|wrz|paź|lis|gru)"
    r"[^\W\d]{0,8}\.?"
)
_DATE = re.compile(
    rf"""(?ix)^[^\d]{{0,30}}?(?:\d{{1,2}}\s+(?:[ก-ฮ]\.[ก-ฮ]\.|ม[ีิ]\.[ก-ฮ]\.|เม\.ย\.|[ก-ฮ][ก-๙]{{4,9}})\s+25\d\d
      | \d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?\d{{2,4}}
      | \d{{4}}\s?[-/.年년]\s?\d{{1,2}}\s?[-/.月월]\s?\d{{1,2}}[日일]?
      | {_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}
      | \d{{1,2}}(?:\.|er|st|nd|rd|th)?\s+(?:de\s+)?{_MONTH}(?:\s+(?:de\s+)?\d{{4}})?)(?!\w).{{0,55}}$"""
)


def _label(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?i)^\W*(?:" + "|".join(patterns) + r")\s*[:：.…»>→▶›]*\W*$")


CREDIT_LINE: Drop = ("credit", "cue:credit line")
_RELATED_LABEL = _label(_RELATED)
_COMMENTS_LABEL = _label(_COMMENTS)
_LABELS: tuple[tuple[re.Pattern[str], Drop], ...] = (
    (_RELATED_LABEL, ("teaser", "cue:related")),
    (_label(_BUTTONS), ("widget", "cue:button")),
    (_label(_AUTHOR_BOXES), ("byline", "cue:author box")),
)


def find_cue(leaf: Leaf) -> Drop | None:
    """Why a line is none of the article by its own words, or None."""
    text, size = leaf.text, leaf.size
    if size > MAX_DISCLOSURE_CHARS:
        return None
    if size <= MAX_LABEL_CHARS:
        for label, drop in _LABELS:
            if label.match(text):
                return drop
    if size <= MAX_CALL_CHARS and _LABELLED_LINK.match(text) and (leaf.link_share >= 0.3 or size <= 100):
        return ("teaser", "cue:labelled link")
    if text.count(" | ") >= MIN_BARS and leaf.link_share >= 0.5:
        return ("teaser", "cue:row of links")
    return _find_call(leaf) or _find_signature(leaf)


def _find_call(leaf: Leaf) -> Drop | None:
    """Asks the reader for something: a subscription, a click, understanding for advertisements."""
    text, size, folded = leaf.text, leaf.size, leaf.text.casefold()
    if _has_any(_DISCLOSURE_WORDS, folded) and _DISCLOSURE.search(text):
        return ("widget", "cue:disclosure")
    if size <= MAX_CALL_CHARS and (
        _PAYWALL.match(text) or (_has_any(_CUT_OFF_WORDS, folded) and _CUT_OFF.search(text))
    ):
        return ("widget", "cue:paywall")
    if size <= MAX_CALL_CHARS:
        if any(href.startswith("mailto:") for href in leaf.hrefs) and _CONTACT.search(text):
            return ("widget", "cue:contact")
        may_sign_up = (leaf.linked or size <= MAX_CREDIT_CHARS) and _has_any(_NEWSLETTER_WORDS, folded)
        if _SIGN_UP.match(text) or (may_sign_up and _NEWSLETTER.search(text)):
            return ("widget", "cue:newsletter")
        if size <= MAX_BYLINE_CHARS and _FOLLOW.match(text):
            return ("widget", "cue:follow")
    return None


def _has_any(words: tuple[str, ...], folded: str) -> bool:
    return any(map(folded.__contains__, words))


def _find_signature(leaf: Leaf) -> Drop | None:
    """Says who wrote, checked, photographed or when."""
    if leaf.size <= MAX_BYLINE_CHARS and _BYLINE.match(leaf.text):
        return ("byline", "cue:byline")
    if leaf.size <= MAX_BYLINE_CHARS and _EAST_ASIAN_SIGNATURE.fullmatch(leaf.text):
        return ("junk", "cue:signature")  # the editor's name as often as the author's
    if leaf.size <= MAX_BYLINE_CHARS and _CREDIT_LINE.match(leaf.text):
        return CREDIT_LINE
    if leaf.size <= MAX_CREDIT_CHARS and not leaf.linked and _CREDIT.search(leaf.text):
        return ("credit", "cue:credit")
    return None


def is_related_label(text: str) -> bool:
    """Whether a short line announces links to other articles.

    >>> is_related_label("Lesen Sie auch:"), is_related_label("More rain is expected on Sunday.")
    (True, False)
    """
    return len(text) <= MAX_LABEL_CHARS and _RELATED_LABEL.match(text) is not None


def is_comments_label(text: str) -> bool:
    """Whether a short line heads the readers' comments."""
    return len(text) <= MAX_LABEL_CHARS and _COMMENTS_LABEL.match(text) is not None


def is_date_line(text: str) -> bool:
    """Whether a short line is a date, with or without a word before it and the time after it."""
    return len(text) <= MAX_LABEL_CHARS and _DATE.match(text) is not None

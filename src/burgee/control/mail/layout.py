"""How letters look: as plain text, and the same as simple HTML."""

from collections.abc import Mapping
from html import escape
from string import Template
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from msgspec import Struct

from burgee.control.mail.texts import ENGLISH, ENGLISH_FRAME, LetterKind

PAGE: Final = Template("""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title></head>
<body style="margin:0;background:#f4f5f7;color:#1c2430;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:34rem;margin:0 auto;padding:2rem 1rem">
<p style="margin:0 0 1rem;font-weight:700;color:#b4232f">&#9873; Burgee</p>
<div style="background:#ffffff;border:1px solid #dde1e7;border-radius:8px;padding:1.5rem">
$content
</div>
<p style="color:#5b6676;font-size:13px">$footer</p>
</div>
</body>
</html>
""")

BUTTON: Final = Template(
    '<p style="margin:1.5rem 0"><a href="$link" style="background:#b4232f;color:#ffffff;text-decoration:none;'
    'padding:.6rem 1.2rem;border-radius:6px;display:inline-block">$label</a></p>\n'
    '<p style="font-size:13px;color:#5b6676;word-break:break-all">$link</p>'
)


class Contents(Struct, frozen=True, kw_only=True):
    """What a letter is made of: to whom, the words of its text, where its button leads."""

    to: str
    words: Mapping[str, str] = {}
    link: str = ""


def laid_out(kind: LetterKind, contents: Contents) -> EmailMultiAlternatives:
    """The letter, ready to be sent."""
    text = ENGLISH[kind]
    # A name may hold anything, but a header may not hold a line break.
    words = {name: " ".join(word.split()) for name, word in contents.words.items()}
    subject = Template(text.subject).substitute(words)
    before = [Template(paragraph).substitute(words) for paragraph in text.paragraphs]
    after = [Template(paragraph).substitute(words) for paragraph in text.after]
    footer = Template(ENGLISH_FRAME.footer).substitute(server=settings.LINKS_URL)
    link = [f"{text.button}:\n{contents.link}"] if contents.link else []
    plain = "\n\n".join([ENGLISH_FRAME.greeting, *before, *link, *after, f"-- \n{footer}"])
    button = [BUTTON.substitute(link=escape(contents.link), label=escape(text.button))] if contents.link else []
    told = [_paragraph(ENGLISH_FRAME.greeting), *map(_paragraph, before), *button, *map(_paragraph, after)]
    page = PAGE.substitute(title=escape(subject), content="\n".join(told), footer=escape(footer))
    letter = EmailMultiAlternatives(subject, f"{plain}\n", None, [contents.to])
    letter.attach_alternative(page, "text/html")
    return letter


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"

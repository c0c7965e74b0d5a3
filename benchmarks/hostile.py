"""Pages that try to break cleaning: seconds and peak memory of each, in a process of its own.

usage: python benchmarks/hostile.py [NAME …]

Each must end as an Article or a Rejected; goal 2 s and 300 MB a page (memory above an idle process).
"""

import argparse
import multiprocessing
import os
import resource
import time
from collections.abc import Callable

from tinsach.cleaning import Rejected, clean_html

PARAGRAPH = "<p>Sáng nay, mưa lớn làm ngập nhiều tuyến đường ven sông, học sinh phải nghỉ học.</p>"
SHORT = "<p>Câu này dài hơn một chút để giống một đoạn văn thật.</p>"
KNOWN = "https://ngaynay.vn/mua-lon-post1.html"
UNKNOWN = "https://example.org/news/mua-lon-1.html"


def template(body: str, head: str = "") -> bytes:
    """A page of ngaynay.vn around `body`."""
    page = f"<html><head>{head}</head><body><h1 class='article__title cms-title'>Mưa lớn</h1>"
    return f"{page}<div class='article__body cms-body'>{body}</div></body></html>".encode()


CASES: dict[str, Callable[[], bytes]] = {
    "one ordinary page": lambda: template(PARAGRAPH * 10),
    "10 MB of paragraphs": lambda: template(PARAGRAPH * 90_000),
    "15,000 short paragraphs": lambda: template(SHORT * 14_900),  # just below the generic path's limit
    "50,000 short paragraphs": lambda: template(SHORT * 49_900),  # just below a profile's
    "100,000 siblings": lambda: template("<p>a</p>" * 100_000),
    "100,000 links": lambda: template("<a href='/x-post2.html'>b</a> " * 100_000),
    "100,000 line breaks": lambda: template("chữ<br>" * 100_000),
    "100,000 list items in tables": lambda: template("<table><tr><td><ul><li>x</ul></td></tr></table>" * 30_000),
    "2,000 levels deep": lambda: template("<div>" * 2000 + PARAGRAPH),
    "5,000 levels deep": lambda: template("<div>" * 5000 + PARAGRAPH),
    "5,000 nested tables": lambda: template("<table><tr><td>" * 1500 + PARAGRAPH),
    "5,000 nested unclosed <b>": lambda: template("<b><i>" * 5000 + PARAGRAPH),
    "50 MB": lambda: template(PARAGRAPH * 450_000),
    "8 MB in one attribute": lambda: template(f"<p title='{'x' * 8_000_000}'>a</p>{PARAGRAPH}"),
    "8 MB in one word": lambda: template(f"<p>{'x' * 8_000_000}</p>{PARAGRAPH}"),
    "8 MB of one line": lambda: template(f"<p>{'Ảnh: ' * 1_500_000}</p>{PARAGRAPH}"),
    "8 MB of brackets": lambda: template(f"<p>{'(Ảnh: ' * 1_300_000}</p>{PARAGRAPH}"),
    "8 MB of white space": lambda: template(f"<p>a{' ' * 8_000_000}b</p>{PARAGRAPH}"),
    "100,000 class names": lambda: template(f"<p class='{' '.join(f'c{n}' for n in range(100_000))}'>a</p>{PARAGRAPH}"),
    "100,000 figures": lambda: template("<figure><img src=/a.jpg><figcaption>x</figcaption></figure>" * 50_000),
    "40,000 pictures in one box": lambda: template(
        f"{PARAGRAPH * 20}<div>{'<img src=/a.jpg><span>x</span><br>' * 40_000}</div>"
    ),
    "JSON-LD of 8 MB": lambda: template(
        PARAGRAPH, f"<script type='application/ld+json'>{'[' * 4_000_000}{']' * 4_000_000}</script>"
    ),
    "JSON-LD, 50,000 articles": lambda: template(
        PARAGRAPH,
        '<script type="application/ld+json">[' + '{"@type":"NewsArticle","headline":"a"},' * 50_000 + "{}]</script>",
    ),
    "100,000 <meta>": lambda: template(PARAGRAPH, "<meta name='description' content='x'>" * 100_000),
    "entity bomb": lambda: (
        b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
        + b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">' * 20
        + b"]><html><body>"
        + b"<p>&b;&amp;&lt;&#x1F600;</p>" * 5000
        + b"</body></html>"
    ),
    "1,000,000 character references": lambda: template("<p>" + "&#7857;" * 1_000_000 + "</p>"),
    "null bytes": lambda: template(PARAGRAPH * 10).replace(b" ", b"\x00 "),
    "random bytes": lambda: b"<html><body>" + os.urandom(5_000_000),
}


def _clean(name: str, url: str, answer: "multiprocessing.SimpleQueue[tuple[str, float, float]]") -> None:
    page = CASES[name]()
    if url == UNKNOWN:
        page = page.replace(b"article__", b"story-").replace(b"cms-", b"my-")
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    try:
        article = clean_html(page, url=url)
        outcome = f"{article.extraction}, {len(article.blocks):,} blocks"
    except Rejected as reason:
        outcome = f"rejected: {reason.reason}"
    seconds = time.process_time() - started
    answer.put((outcome, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) / 1024))


def measure(name: str, url: str) -> tuple[str, float, float]:
    """(outcome, CPU seconds, megabytes above idle) of one page in a fresh process; a crash is an outcome too."""
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.SimpleQueue[tuple[str, float, float]] = context.SimpleQueue()
    process = context.Process(target=_clean, args=(name, url, answer))
    process.start()
    process.join(60)
    if process.is_alive():
        process.kill()
        return "NOT DONE after 60 s", 60.0, 0.0
    return (f"CRASHED, exit code {process.exitcode}", 0.0, 0.0) if answer.empty() else answer.get()


def main() -> None:
    """Prints a line a page and path."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="cases to run; default: all")
    names = parser.parse_args().names or list(CASES)
    worst = 0.0
    for name in names:
        for label, url in (("profile", KNOWN), ("generic", UNKNOWN)):
            outcome, seconds, megabytes = measure(name, url)
            worst = max(worst, seconds)
            over = "  OVER" if seconds > 2 or megabytes > 300 or outcome.isupper() else ""
            print(f"{name:32} {label:8} {seconds:6.2f} s {megabytes:6.0f} MB  {outcome}{over}", flush=True)
    print(f"slowest: {worst:.2f} s")


if __name__ == "__main__":
    main()

"""What a timer calls: sites crawled, then built, then an account of what became of what each source announced."""

from collections.abc import Sequence

from tinsach.app.accounts import account_sources, show_sources
from tinsach.app.building import build_sites, show_builds
from tinsach.app.crawling import crawl_sites, show_crawls
from tinsach.app.exits import DONE, UNUSABLE, worst_of
from tinsach.app.output import Output
from tinsach.crawler.options import CrawlOptions


def run_sites(
    output: Output,
    sites: Sequence[str],
    options: CrawlOptions,
    *,
    jobs: int | None,
    build_jobs: int,
    unbuilt: Sequence[str] = (),
    with_sources: bool = False,
) -> int:
    """Crawl, then build what came to its end, and the `unbuilt` sites of earlier runs; the exit code of both.

    What became of each source's URLs is written into the reports, and shown `with_sources`.
    """
    crawls = crawl_sites(output, sites, options, jobs=jobs)
    show_crawls(output, crawls.reports)
    to_build = (*crawls.ended, *unbuilt)
    if crawls.is_interrupted or not to_build:
        return crawls.exit_code
    code, builds = build_sites(output, options.data, to_build, jobs=build_jobs)
    show_builds(output, builds)
    built = [crawls.reports[site] for site in crawls.ended if site in builds]
    accounts = account_sources(output, options.data, built)
    for account in accounts if with_sources else ():
        show_sources(output, account)
    return worst_of([crawls.exit_code, code, DONE if len(accounts) == len(built) else UNUSABLE])

"""What a user sees of crawls while they run: a bar a site, each outcome as it comes, the log's warnings."""

from dataclasses import asdict

from rich.progress import Progress, TaskID

from tinsach.app.exits import DONE, FAILURES
from tinsach.app.output import Output, count
from tinsach.crawler.events import LogLine
from tinsach.crawler.report import RunReport
from tinsach.crawler.run import CrawlStopped, Watcher


class CrawlView(Watcher):
    """Tells an Output; `codes` are the exit codes of the sites that ended, `interrupts` counts Ctrl-C and SIGTERM."""

    def __init__(self, output: Output, bars: Progress, *, sites: int) -> None:
        self.codes: list[int] = []
        self.interrupts = 0
        self._output = output
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._all = bars.add_task("sites", total=sites, visible=sites > 1)
        self._not_begun: list[str] = []
        self._running: dict[str, None] = {}  # in the order of their start

    def started(self, site: str) -> None:
        """A bar without end until the site's sources are read."""
        self._tasks[site] = self._bars.add_task(site, total=None)
        self._running[site] = None

    def progressed(self, report: RunReport) -> None:
        """Articles answered of those to ask."""
        done = report.fetched + report.unchanged + report.gone + report.failed
        self._bars.update(self._tasks[report.site], total=max(report.asked, report.found), completed=done)

    def logged(self, site: str, line: LogLine) -> None:
        """A warning or an error of Scrapy's or of a bug of ours."""
        self._output.log(line.message, level=line.level.lower(), site=site, logger=line.logger, trace=line.trace)

    def interrupted(self, times: int) -> None:
        """What happens now."""
        self.interrupts = times
        self._output.event("interrupted", times=times, sites=list(self._running))
        if times == 1 and self._running:
            sites = ", ".join(self._running)
            self._output.note(f"{sites}: finishing what is in flight; once more ends at once, what is archived is kept")

    def ended(self, site: str, result: RunReport | CrawlStopped) -> None:
        """The outcome, by name where something failed."""
        self._running.pop(site, None)
        if site in self._tasks:
            self._bars.update(self._tasks[site], visible=False)
        self._bars.advance(self._all)
        if isinstance(result, CrawlStopped) and result.is_waiting:
            self._not_begun.append(site)
            self.codes.append(result.exit_code)
        else:
            self.codes.append(tell_crawl(self._output, result))

    def close(self) -> None:
        """The sites that an interrupt left out, in one line."""
        if self._not_begun:
            self._output.error(f"interrupted before {', '.join(self._not_begun)}", sites=self._not_begun)


def tell_crawl(output: Output, result: RunReport | CrawlStopped) -> int:
    """Say how a site's crawl ended; the exit code it stands for."""
    report = report_of(result)
    if report is not None:
        output.event("crawl", **asdict(report))
        for line in report.failures:
            output.error(line, site=report.site)
        for host, cause in report.given_up.items():
            rest = f"{count(report.left, 'article')} left to a later run"
            output.error(f"{report.site}: {host} was given up ({cause}); {rest}", site=report.site)
        for url, source in report.by_source.items():
            if source.is_failed:
                output.error(f"{url}: {source.ended}", site=report.site)
            elif source.is_missing:
                output.note(f"{url}: {source.ended}; {report.site}'s profile guesses this source")
        if report.is_silent:
            said = ", ".join(f"{url} {source.ended}" for url, source in report.by_source.items())
            output.error(f"{report.site}: no source announced an article ({said or 'it has none'})", site=report.site)
    if isinstance(result, CrawlStopped):
        output.error(str(result), site=result.site)
        return result.exit_code
    if result.is_interrupted:
        output.error(f"{result.site}: interrupted; what was fetched is archived, run it again to go on")
    return FAILURES if result.has_failures else DONE


def report_of(result: RunReport | CrawlStopped) -> RunReport | None:
    """What a crawl got done, also one that stopped."""
    return result.report if isinstance(result, CrawlStopped) else result

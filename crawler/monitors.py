"""What a crawl has to reach, as Spidermon monitors that run when it closes; off unless SPIDERMON_ENABLED is set.

The run's report says the same to `tinsach status`; these are for users of Spidermon's actions (Slack, mail, Sentry).
"""

from typing import Any, ClassVar

from spidermon import Monitor, MonitorSuite, monitors

from tinsach.crawler.report import RunReport

MOST_FAILED = 0.1  # of the articles asked: above it is the site's trouble or ours, not a dead link's
FEW = 20  # asked: below, one dead link is already more than that share


@monitors.name("Crawl")
class CrawlMonitor(Monitor):  # type: ignore[misc]  # spidermon has no types
    """The report of the run against what any good run has."""

    @property
    def report(self) -> RunReport:
        """The finished report of the spider that closes."""
        report = self.data.spider.final_report
        if not isinstance(report, RunReport):
            raise self.failureException("the crawl never began: its site is busy or its folder can't be written")
        return report

    @monitors.name("came to its end")
    def test_finished(self) -> None:
        self.assertEqual(self.report.finish_reason, "finished")

    @monitors.name("every source answered")
    def test_sources(self) -> None:
        failed = {url: part.ended for url, part in self.report.by_source.items() if part.is_failed}
        self.assertEqual(failed, {})

    @monitors.name("no host was given up")
    def test_hosts(self) -> None:
        self.assertEqual(dict(self.report.given_up), {})

    @monitors.name("few articles failed")
    def test_failed(self) -> None:
        most = MOST_FAILED * max(self.report.asked, FEW)
        self.assertLessEqual(self.report.failed, most, "; ".join(self.report.failures))

    @monitors.name("no bug was met")
    def test_errors(self) -> None:
        self.assertEqual(self.report.errors, 0)


class CloseMonitors(MonitorSuite):  # type: ignore[misc]  # as above
    """What runs when a spider closes; add actions in a subclass and name it in SPIDERMON_SPIDER_CLOSE_MONITORS."""

    monitors: ClassVar[Any] = [CrawlMonitor]

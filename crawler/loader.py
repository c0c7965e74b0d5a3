"""Scrapy's list of spiders is the list of site profiles: no spider modules, no scan."""

import builtins

from scrapy import Request, Spider
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from tinsach.cleaning.profile import find_profile, list_sites, load_profile
from tinsach.cleaning.sources import UnknownSite
from tinsach.crawler.spider import NewsSpider


class UnknownSpider(UsageError, KeyError):
    """No profile has this name. Scrapy's commands print it and exit with 2, its API expects a KeyError."""

    def __str__(self) -> str:
        return str(self.args[0])


class ProfileSpiderLoader:
    """One spider for each profile, named as the site."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> "ProfileSpiderLoader":  # noqa: ARG003 - Scrapy's interface
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a site; raises UnknownSpider, which lists the sites there are."""
        try:
            profile = load_profile(spider_name)
        except UnknownSite as error:
            raise UnknownSpider(str(error)) from error
        own = {"name": spider_name, "allowed_domains": [*profile.hosts], "__module__": NewsSpider.__module__}
        return type("NewsSpider", (NewsSpider,), own)

    def list(self) -> list[str]:
        """The names of all sites, sorted."""
        return [*list_sites()]

    def find_by_request(self, request: Request) -> "builtins.list[str]":
        """The site whose host the request asks; raises UnknownSpider, as no request may leave without a profile."""
        profile = find_profile(request.url)
        if profile is None:
            raise UnknownSpider(f"{request.url}: no site profile has this host; `scrapy list` lists the sites")
        return [profile.site]

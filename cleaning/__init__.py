"""Bytes or text in, Article out. Pure: no network, no clock, no disk but its own site profiles.

A name is loaded when it is first asked for: who only reads profiles does without trafilatura.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinsach.cleaning.article import Article, Block, Image, Rejected, Removal
    from tinsach.cleaning.html import clean_html, site_of
    from tinsach.cleaning.learnt import NOTHING_LEARNT, Learnt, LearntRule, collect_rules
    from tinsach.cleaning.profile import Profile, find_profile, list_sites, load_profile
    from tinsach.cleaning.rules import rules_version
    from tinsach.cleaning.sources import ProfileError, UnknownSite, own_profiles, use_profiles
    from tinsach.cleaning.text import clean_text

__all__ = [
    "NOTHING_LEARNT",
    "Article",
    "Block",
    "Image",
    "Learnt",
    "LearntRule",
    "Profile",
    "ProfileError",
    "Rejected",
    "Removal",
    "UnknownSite",
    "clean_html",
    "clean_text",
    "collect_rules",
    "find_profile",
    "list_sites",
    "load_profile",
    "own_profiles",
    "rules_version",
    "site_of",
    "use_profiles",
]

_PLACES = {
    "article": ("Article", "Block", "Image", "Rejected", "Removal"),
    "html": ("clean_html", "site_of"),
    "learnt": ("NOTHING_LEARNT", "Learnt", "LearntRule", "collect_rules"),
    "profile": ("Profile", "find_profile", "list_sites", "load_profile"),
    "rules": ("rules_version",),
    "sources": ("ProfileError", "UnknownSite", "own_profiles", "use_profiles"),
    "text": ("clean_text",),
}


def __getattr__(name: str) -> object:
    for module, names in _PLACES.items():
        if name in names:
            value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Bytes or text in, Article out. Pure: no network, no clock, no disk but its own site profiles."""

from tinsach.cleaning.article import Article, Block, Image, Rejected, Removal
from tinsach.cleaning.html import clean_html, site_of
from tinsach.cleaning.learnt import NOTHING_LEARNT, Learnt, LearntRule, collect_rules
from tinsach.cleaning.profile import (
    Profile,
    UnknownSite,
    find_profile,
    list_sites,
    load_profile,
)
from tinsach.cleaning.rules import rules_version
from tinsach.cleaning.sources import ProfileError, own_profiles, use_profiles
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

"""A newsroom to try the whole way offline: imitated papers, their web sites, and the truth about each page."""

from tinsach.app.newsroom.desk import Edition
from tinsach.app.newsroom.gold import GoldRecord, NewsArticle
from tinsach.app.newsroom.server import NewsroomServer, serve
from tinsach.app.newsroom.web import Newsroom, Reply

__all__ = ["Edition", "GoldRecord", "NewsArticle", "Newsroom", "NewsroomServer", "Reply", "serve"]
